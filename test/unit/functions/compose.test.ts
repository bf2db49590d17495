import { TableServiceClient } from "@azure/data-tables";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { beforeAll, describe, expect, it } from "vitest";
import { compose } from "../../../functions/compose.ts";
import { checkHealth } from "../../../shared/http/health.ts";
import { readSettings } from "../../../shared/settings/settings.ts";
import { NO_TELEMETRY } from "../../../shared/telemetry/telemetry.ts";
import { leaseTestStorage, type TestStorage } from "../../contract/azurite.ts";
import { NOW, RESOURCE_GROUP, SUBSCRIPTION_ID } from "../../factories.ts";

let storage: TestStorage;

beforeAll(async () => {
  storage = leaseTestStorage();
}, 90_000);

const signedIn = async () => ({ token: "token", expiresOnTimestamp: NOW.getTime() });

/** The app on the emulator, with names of its own and the given identity. */
function composeApp(
  prefix: string,
  getToken: () => Promise<Awaited<ReturnType<typeof signedIn>> | null>,
  connectionString = storage.connectionString,
) {
  const clientIds: (string | null)[] = [];
  const unprepared: string[] = [];
  const settings = readSettings({
    ImageStorage: connectionString,
    UPLOADS_CONTAINER: `${prefix}-uploads`,
    WORK_QUEUE: `${prefix}-work`,
    STATUS_QUEUE: `${prefix}-status`,
    REQUEST_TABLE: `${prefix}Requests`,
    AZURE_SUBSCRIPTION_ID: SUBSCRIPTION_ID,
    IMAGE_RESOURCE_GROUP: RESOURCE_GROUP,
    AZURE_CLIENT_ID: "app-identity",
  });
  const app = compose(settings, {
    credentialFor: (clientId) => {
      clientIds.push(clientId);
      return { getToken };
    },
    clock: () => NOW,
    telemetry: NO_TELEMETRY,
    onUnprepared: (what) => unprepared.push(what),
  });
  return { app, clientIds, unprepared };
}

/** Dependencies that fail, with the reasons. */
async function findFailing({ dependencies }: ReturnType<typeof compose>) {
  const failing: Record<string, string> = {};
  await checkHealth(await dependencies(), {
    timeoutMilliseconds: 10_000,
    onFailure: (name, error) => {
      failing[name] = String(error);
    },
  });
  return failing;
}

describe("compose", () => {
  it("reports every client that a connection string is not enough for, and goes on", async () => {
    const { app, unprepared } = composeApp("wrong", signedIn, "AccountName=nobody");

    await app.prepare();
    expect(unprepared).toEqual(["storage client", "storage client", "storage client"]);
  });

  it("joins settings and clients to what the functions work with", async () => {
    const { app, clientIds } = composeApp("joined", signedIn);

    expect(clientIds).toEqual(["app-identity"]);
    const context = await app.context();
    expect(context).toMatchObject({
      uploadsContainer: "joined-uploads",
      vhdWithoutManifest: "create",
      defaults: { subscriptionId: SUBSCRIPTION_ID },
      timing: { settleSeconds: 300 },
      policy: {
        targets: [{ subscriptionId: SUBSCRIPTION_ID, resourceGroup: RESOURCE_GROUP }],
        accounts: [],
      },
    });
    expect(context.clock()).toBe(NOW);
    expect(context.locator.locate("web.vhd")).toMatchObject({
      ref: { container: "joined-uploads", name: "web.vhd" },
      uri: expect.stringMatching(/\/joined-uploads\/web\.vhd$/),
    });
  });

  it("prepares what is missing in storage, and leaves what is there", async () => {
    const { app, unprepared } = composeApp("prepared", signedIn);
    await app.prepare();
    await composeApp("prepared", signedIn).app.prepare();

    const blobs = BlobServiceClient.fromConnectionString(storage.connectionString);
    const queues = QueueServiceClient.fromConnectionString(storage.connectionString);
    expect(await blobs.getContainerClient("prepared-uploads").exists()).toBe(true);
    expect(await queues.getQueueClient("prepared-work").exists()).toBe(true);
    expect(await queues.getQueueClient("prepared-status").exists()).toBe(true);
    expect(await (await app.records()).getNote("x")).toBeNull();
    expect(unprepared).toEqual([]);
  });

  it("gives out nothing before what it is for is there", async () => {
    const { app } = composeApp("awaited", signedIn);

    const { records, statusQueue } = await app.context();

    expect(await records.getNote("x")).toBeNull();
    expect(await statusQueue.peek()).toEqual({ approximateMessageCount: 0, messages: [] });
  });
});

describe("the dependencies that health checks", () => {
  it("are all there for the first one who asks: the answer waits until storage is prepared", async () => {
    const { app } = composeApp("healthy", signedIn);

    expect(await findFailing(app)).toEqual({});
    expect(await app.dependencies()).toHaveLength(10);
  });

  it("call for attention when there are poison messages", async () => {
    const { app } = composeApp("poisoned", signedIn);
    await app.prepare();
    const queues = QueueServiceClient.fromConnectionString(storage.connectionString);
    const poison = queues.getQueueClient("poisoned-work-poison");
    await poison.create();
    await poison.sendMessage("cannot be read");

    const { status, dependencies } = await checkHealth(await app.dependencies(), {
      timeoutMilliseconds: 10_000,
      onFailure: () => {},
    });

    expect(status).toBe("healthy");
    expect(dependencies).toContainEqual({
      name: "poisoned work messages",
      status: "attention",
      detail: "1 message(s) that could not be processed are kept",
    });
  });

  it("each fail by themselves when they are missing", async () => {
    const { app } = composeApp("missing", async () => null);
    await app.prepare();
    const { connectionString } = storage;
    const queues = QueueServiceClient.fromConnectionString(connectionString);
    await Promise.all([
      BlobServiceClient.fromConnectionString(connectionString).deleteContainer("missing-uploads"),
      queues.deleteQueue("missing-work"),
      queues.deleteQueue("missing-status"),
      TableServiceClient.fromConnectionString(connectionString, {
        allowInsecureConnection: true,
      }).deleteTable("missingRequests"),
    ]);

    const failing = await findFailing(app);

    expect(Object.keys(failing).sort()).toEqual([
      "identity",
      "request table",
      "status queue",
      "uploads container",
      "work queue",
    ]);
    expect(failing.identity).toBe("Error: no token was issued");
  });
});
