import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { ComputeManagementClient } from "@azure/arm-compute";
import { ManagedIdentityCredential } from "@azure/identity";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Azurite, account, startAzurite } from "./azurite.ts";
import {
  groupPath,
  imageFromDisk,
  imagePath,
  imageVersion,
  startTestSimulator,
  subscriptionId,
  type TestSimulator,
} from "./simulator.ts";
import { uploadVhd } from "./vhd.ts";

let azurite: Azurite;
let simulator: TestSimulator;

beforeAll(async () => {
  azurite = await startAzurite();
  const container = azurite.client.getContainerClient("osimages");
  await container.create();
  await uploadVhd(container, "osimage.vhd");
});

afterAll(() => azurite.close());

beforeEach(async () => {
  simulator = await startTestSimulator({
    storage: { blobEndpoint: azurite.blobEndpoint, accounts: [account] },
  });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
});

function createClient(): ComputeManagementClient {
  const token = { token: "t", expiresOnTimestamp: Date.now() + 3_600_000 };
  return new ComputeManagementClient({ getToken: async () => token }, subscriptionId, {
    endpoint: simulator.url,
    tlsOptions: { ca: readFileSync(simulator.caFile, "utf8") },
  });
}

test("the SDK's client creates an image from a blob over https", async () => {
  const client = createClient();
  const poller = client.images.createOrUpdate(
    "images-rg",
    "web",
    {
      location: "West US",
      hyperVGeneration: "V2",
      storageProfile: {
        osDisk: {
          osType: "Linux",
          osState: "Generalized",
          blobUri: "https://mystorageaccount.blob.core.windows.net/osimages/osimage.vhd",
        },
      },
    },
    { updateIntervalInMs: 1 },
  );
  await poller.submitted();
  expect((await client.images.get("images-rg", "web")).provisioningState).toBe("Creating");
  const image = await poller.pollUntilDone();
  expect(image).toMatchObject({
    id: `${imagePath}/web`,
    location: "westus",
    provisioningState: "Succeeded",
    hyperVGeneration: "V2",
    storageProfile: { osDisk: { diskSizeGB: 1, caching: "None" }, dataDisks: [] },
  });
});

test("the SDK's client deletes an image and lists what is left", async () => {
  await simulator.put("gone", imageFromDisk());
  await simulator.get("gone");
  await simulator.get("gone");
  await simulator.get("gone");
  await simulator.put("kept", imageFromDisk());
  const client = createClient();
  await client.images.delete("images-rg", "gone", { updateIntervalInMs: 1 });
  const names: (string | undefined)[] = [];
  for await (const { name } of client.images.list()) {
    names.push(name);
  }
  expect(names).toEqual(["kept"]);
});

test("the SDK's client reads the seeded disk, snapshot and virtual machine", async () => {
  const client = createClient();
  const disk = await client.disks.get("myResourceGroup", "myManagedDisk1");
  const snapshot = await client.snapshots.get("myResourceGroup", "mySnapshot2");
  const machine = await client.virtualMachines.get("myResourceGroup", "myVM", {
    expand: "instanceView",
  });
  const view = await client.virtualMachines.instanceView("myResourceGroup", "myRunningVM");
  expect([disk.diskSizeGB, snapshot.hyperVGeneration]).toEqual([10, "V1"]);
  expect(machine.instanceView?.statuses?.map(({ code }) => code)).toEqual([
    "ProvisioningState/succeeded",
    "OSState/generalized",
    "PowerState/deallocated",
  ]);
  expect(view.statuses?.map(({ code }) => code)).toContain("PowerState/running");
});

test("a process with NODE_EXTRA_CA_CERTS trusts the simulator, one without does not", async () => {
  const script = `fetch(${JSON.stringify(`${simulator.url}/_simulator/`)}).then(
    (answer) => console.log(answer.status),
    (error) => console.log(error.cause.code),
  )`;
  const run = async (env: NodeJS.ProcessEnv) =>
    (await promisify(execFile)(process.execPath, ["-e", script], { env })).stdout.trim();
  expect(await run({ NODE_EXTRA_CA_CERTS: simulator.caFile })).toBe("200");
  expect(await run({})).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
});

test("ManagedIdentityCredential gets a token that the service accepts", async () => {
  vi.stubEnv("IDENTITY_ENDPOINT", simulator.identity.endpoint);
  vi.stubEnv("IDENTITY_HEADER", simulator.identity.header);
  const credential = new ManagedIdentityCredential({ clientId: "a-user-assigned-identity" });
  const { token, expiresOnTimestamp } = await credential.getToken(
    "https://management.azure.com/.default",
  );
  expect(expiresOnTimestamp).toBeGreaterThan(Date.now());
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  expect(claims).toMatchObject({
    tid: expect.stringMatching(/^[\da-f-]{36}$/),
    aud: expect.stringContaining("management.azure.com"),
  });
  const answer = await simulator.send("GET", `${imagePath}?${imageVersion}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
});

test.each([
  ["without the secret header", {}, "?resource=r&api-version=2019-08-01", 401],
  ["with another api-version", { own: true }, "?resource=r&api-version=2018-02-01", 400],
  [
    "with the header of another api-version",
    { own: true },
    "?resource=r&api-version=2017-09-01",
    401,
  ],
  ["without a resource", { own: true }, "?api-version=2019-08-01", 400],
])(
  "the identity endpoint refuses a call %s",
  async (_, { own = false }: { own?: boolean }, query, status) => {
    const { endpoint, header } = simulator.identity;
    const headers = own ? { "x-identity-header": header } : {};
    expect((await fetch(`${endpoint}${query}`, { headers })).status).toBe(status);
  },
);

test("the identity endpoint speaks the protocol of MSI_ENDPOINT too", async () => {
  const { endpoint, header } = simulator.identity;
  const query = "?resource=https%3A%2F%2Fmanagement.azure.com%2F&api-version=2017-09-01";
  const answer = await fetch(`${endpoint}/${query}`, { headers: { secret: header } });
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    {
      token_type: "Bearer",
      expires_on: expect.stringMatching(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d \+00:00$/),
    },
  ]);
});

test("a port that is taken is named in the error", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => blocker.once("listening", resolve));
  const { port } = blocker.address() as { port: number };
  try {
    await expect(startTestSimulator({ port })).rejects.toThrow(
      `The ARM simulator cannot listen on 127.0.0.1:${port}: the port is already in use`,
    );
  } finally {
    blocker.close();
  }
});

test("close removes the CA file and ends a request that is left without an answer", async () => {
  const other = await startTestSimulator();
  await other.control("faults", { status: "timeout" });
  const pending = expect(other.send("GET", `${groupPath}?x`)).rejects.toThrow();
  await vi.waitFor(async () => expect(await other.exchanges()).toHaveLength(1), {
    timeout: 60_000,
  });
  await other.close();
  await pending;
  expect(existsSync(other.caFile)).toBe(false);
});

test("a storage endpoint that is not a URL is refused at start", async () => {
  const storage = { blobEndpoint: "127.0.0.1", accounts: [] };
  await expect(startTestSimulator({ storage })).rejects.toThrow("storage.blobEndpoint '127.0.0.1'");
  const aliased = { blobEndpoint: "http://127.0.0.1:9", aliases: ["proxy"], accounts: [] };
  await expect(startTestSimulator({ storage: aliased })).rejects.toThrow("storage.aliases 'proxy'");
});
