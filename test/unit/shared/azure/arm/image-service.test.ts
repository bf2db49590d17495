import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createImageService } from "../../../../../shared/azure/arm/image-service.ts";
import { ServiceError, type ServiceErrorParts } from "../../../../../shared/errors.ts";
import { toImageBody } from "../../../../../shared/image/image-body.ts";
import { imageId } from "../../../../../shared/image/image-request.ts";
import type { ImageService } from "../../../../../shared/ports.ts";
import {
  computeId,
  makeDataDisk,
  makeImageRequest,
  makeOsDisk,
  SUBSCRIPTION_ID,
} from "../../../../factories.ts";
import { type ScriptedService, startScriptedService } from "../scripted-service.ts";

const target = makeImageRequest();
const id = imageId(target);

let service: ScriptedService;
let tokenRequests: unknown[];
let images: ImageService;

beforeAll(async () => {
  service = await startScriptedService();
});
afterAll(() => service.stop());

beforeEach(() => {
  tokenRequests = [];
  images = createService();
});
afterEach(() => {
  service.requests.length = 0;
});

function createService(
  options: Partial<Parameters<typeof createImageService>[0]> = {},
): ImageService {
  const credential = {
    getToken: async (scopes: string | string[]) => {
      tokenRequests.push(scopes);
      return { token: "token", expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  return createImageService({ credential, cloud: "AzureCloud", endpoint: service.url, ...options });
}

/** The parts of the ServiceError that a call must end with. */
async function failureOf(call: Promise<unknown>): Promise<ServiceErrorParts> {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof ServiceError) return outcome.parts;
  throw new Error(`no ServiceError but ${JSON.stringify(outcome)}`);
}

describe("find", () => {
  it("asks once, as the app, for the image by its id", async () => {
    service.answer({ status: 200, body: { id, properties: { provisioningState: "Succeeded" } } });
    await images.find(target);

    expect(service.requests).toEqual([
      {
        method: "GET",
        path: id,
        apiVersion: "2026-04-01",
        authorization: "Bearer token",
        userAgent: expect.stringMatching(/^vhd-to-image azsdk-js-arm-compute\//),
        body: undefined,
      },
    ]);
  });

  it("gives the image as answered, held against the request, and nothing of its wire form", async () => {
    const { properties, ...others } = toImageBody(target);
    const body = {
      ...others,
      id: `${id}-as-answered`,
      tags: { newerThanTheClient: "yes" },
      properties: { ...properties, provisioningState: "Succeeded", newerThanTheClient: { a: 1 } },
    };
    service.answer({ status: 200, body }, { status: 200, body: { ...body, location: "eastus" } });

    const found = { id: `${id}-as-answered`, state: "succeeded" };
    expect(await images.find(target)).toEqual({ ...found, differences: [] });
    expect(await images.find(target)).toEqual({ ...found, differences: ["location"] });
  });

  it("falls back on the id that was requested", async () => {
    service.answer({ status: 200, body: { location: "westeurope", properties: {} } });

    expect(await images.find(target)).toMatchObject({ id, state: "working" });
  });

  it.each([
    ["Succeeded", "succeeded"],
    ["Failed", "failed"],
    ["Canceled", "canceled"],
    ["Creating", "working"],
    ["Updating", "working"],
    ["SomethingNew", "working"],
  ])("reads the provisioning state %s as %s", async (provisioningState, state) => {
    service.answer({ status: 200, body: { id, properties: { provisioningState } } });

    expect((await images.find(target))?.state).toBe(state);
  });

  it.each(["ResourceNotFound", "NotFound"])("gives null for 404 %s", async (code) => {
    service.answer({ status: 404, body: { error: { code, message: "There is none." } } });

    expect(await images.find(target)).toBeNull();
  });

  it.each([
    [404, "ResourceGroupNotFound"],
    [404, "SubscriptionNotFound"],
    [403, "AuthorizationFailed"],
    [400, "ResourceNotFound"],
  ])("throws for %i %s", async (status, code) => {
    service.answer({ status, body: { error: { code, message: "no" } } });

    expect(await failureOf(images.find(target))).toMatchObject({ status, code });
  });

  it("throws for a 404 that does not come from the service", async () => {
    service.answer({ status: 404, headers: { "content-type": "text/html" }, body: "<html>" });

    expect(await failureOf(images.find(target))).toMatchObject({ status: 404, code: "Http404" });
  });

  it("throws for an answer that is not an image", async () => {
    service.answer({ status: 200, body: "<html>a proxy's page</html>" });

    // Equivalent to no answer: the call is repeated until the deadline.
    expect(await failureOf(images.find(target))).toMatchObject({
      status: null,
      code: "UnreadableAnswer",
    });
  });
});

describe("create", () => {
  const diskEncryptionSet = computeId("diskEncryptionSets", "keys");
  const request = makeImageRequest({
    tags: { team: "web" },
    extendedLocation: { name: "losangeles", type: "EdgeZone" },
    hyperVGeneration: "V2",
    zoneResilient: true,
    osDisk: makeOsDisk({
      caching: "ReadWrite",
      diskSizeGB: 64,
      storageAccountType: "Premium_LRS",
      diskEncryptionSet,
    }),
    dataDisks: [
      makeDataDisk({ lun: 0, caching: "None" }),
      makeDataDisk({ lun: 1, source: { kind: "snapshot", id: computeId("snapshots", "s") } }),
      makeDataDisk({ lun: 2, source: { kind: "managedDisk", id: computeId("disks", "d") } }),
    ],
  });
  const created = { status: 201, body: { properties: { provisioningState: "Creating" } } };

  it("sends one PUT with the whole body, and waits for no more than its answer", async () => {
    service.answer(created);
    await images.create(request);

    expect(service.requests).toEqual([
      {
        method: "PUT",
        path: id,
        apiVersion: "2026-04-01",
        authorization: "Bearer token",
        userAgent: expect.any(String),
        body: {
          location: "westeurope",
          tags: { team: "web" },
          extendedLocation: { name: "losangeles", type: "EdgeZone" },
          properties: {
            hyperVGeneration: "V2",
            storageProfile: {
              zoneResilient: true,
              osDisk: {
                osType: "Linux",
                osState: "Generalized",
                blobUri: "https://uploadsaccount.blob.core.windows.net/uploads/web.vhd",
                caching: "ReadWrite",
                diskSizeGB: 64,
                storageAccountType: "Premium_LRS",
                diskEncryptionSet: { id: diskEncryptionSet },
              },
              dataDisks: [
                {
                  lun: 0,
                  blobUri: "https://uploadsaccount.blob.core.windows.net/uploads/data.vhd",
                  caching: "None",
                },
                { lun: 1, snapshot: { id: computeId("snapshots", "s") } },
                { lun: 2, managedDisk: { id: computeId("disks", "d") } },
              ],
            },
          },
        },
      },
    ]);
  });

  it("sends the machine alone for an image of a virtual machine", async () => {
    const { osDisk: _, hyperVGeneration: __, ...rest } = makeImageRequest();
    const vm = computeId("virtualMachines", "vm");
    service.answer(created);
    await images.create({ ...rest, sourceVirtualMachine: vm });

    expect(service.requests.map(({ body }) => body)).toEqual([
      { location: "westeurope", properties: { sourceVirtualMachine: { id: vm } } },
    ]);
  });

  it("gives the URL of the operation as it is", async () => {
    const operationUrl = `${service.url}/operations/1?api-version=2026-04-01&t=1&c=a%2Bb&s=x&h=y`;
    service.answer({ ...created, headers: { "Azure-AsyncOperation": operationUrl } });

    expect(await images.create(request)).toEqual({ operationUrl });
  });

  it("gives null when the answer names no operation: an update that was done at once", async () => {
    service.answer({ status: 200, body: { id, properties: { provisioningState: "Succeeded" } } });

    expect(await images.create(request)).toEqual({ operationUrl: null });
  });
});

describe("an error of the service", () => {
  it("comes with target and details, which the client leaves out", async () => {
    const details = [
      { code: "VHDSizeInvalid", message: "The size must be whole.", target: "disks" },
    ];
    const error = { code: "BadRequest", message: "Multiple errors occurred.", details };
    service.answer({ status: 400, body: { error } });

    expect(await failureOf(images.create(target))).toEqual({
      status: 400,
      code: "VHDSizeInvalid",
      message: "The size must be whole.",
      target: "disks",
      details: [
        { code: "BadRequest", message: "Multiple errors occurred.", target: null },
        { code: "VHDSizeInvalid", message: "The size must be whole.", target: "disks" },
      ],
      retryAfterSeconds: null,
    });
  });

  it("is found in a message that is itself an error in JSON", async () => {
    const inner = JSON.stringify({ error: { code: "ImageBlobNotFound", message: "No blob." } });
    service.answer({ status: 400, body: { error: { code: "Failed", message: inner } } });

    expect(await failureOf(images.create(target))).toMatchObject({
      code: "ImageBlobNotFound",
      message: "No blob.",
    });
  });

  it.each([
    { method: "find", send: () => images.find(target) },
    { method: "create", send: () => images.create(target) },
    { method: "poll", send: () => images.poll(target, `${service.url}/operations/1`) },
  ])("is not retried by the client: $method", async ({ send }) => {
    for (const status of [408, 429, 500, 503]) {
      service.answer({ status, headers: { "Retry-After": "0" }, body: { error: { code: "E" } } });

      expect(await failureOf(send())).toMatchObject({ status, code: "E" });
    }
    expect(service.requests).toHaveLength(4);
  });

  it("says how long to wait, in seconds", async () => {
    service.answer({ status: 429, headers: { "Retry-After": "3600" } });

    expect(await failureOf(images.create(target))).toMatchObject({
      status: 429,
      retryAfterSeconds: 3_600,
    });
  });

  it("says how long to wait, by a date", async () => {
    const date = new Date(Date.now() + 120_000).toUTCString();
    service.answer({ status: 503, headers: { "Retry-After": date } });

    const { retryAfterSeconds } = await failureOf(images.create(target));

    expect(retryAfterSeconds).toBeGreaterThan(100);
    expect(retryAfterSeconds).toBeLessThanOrEqual(120);
  });

  it("does not say how long when the service does not", async () => {
    service.answer({ status: 429 });

    expect(await failureOf(images.create(target))).toMatchObject({ retryAfterSeconds: null });
  });

  it("keeps the client's error as its cause", async () => {
    service.answer({ status: 400, body: { error: { code: "E", message: "no" } } });

    await expect(images.create(target)).rejects.toHaveProperty("cause.name", "RestError");
  });
});

describe("no answer", () => {
  it.each([
    { method: "find", send: () => images.find(target) },
    { method: "create", send: () => images.create(target) },
    { method: "poll", send: () => images.poll(target, `${service.url}/operations/1`) },
  ])(
    "because the connection is dropped has no status, and is not retried: $method",
    async ({ send }) => {
      service.answer("drop");

      expect(await failureOf(send())).toMatchObject({
        status: null,
        code: "ECONNRESET",
        message: expect.stringMatching(/^Azure did not answer: /),
        retryAfterSeconds: null,
      });
      expect(service.requests).toHaveLength(1);
    },
  );

  it.each([
    { method: "find", send: (impatient: ImageService) => impatient.find(target) },
    { method: "create", send: (impatient: ImageService) => impatient.create(target) },
    {
      method: "poll",
      send: (impatient: ImageService) => impatient.poll(target, `${service.url}/operations/1`),
    },
  ])("within the time has no status: $method", async ({ send }) => {
    service.answer("silence");
    // Long enough for a busy machine to receive the request.
    const impatient = createService({ timeoutMilliseconds: 500 });

    expect(await failureOf(send(impatient))).toMatchObject({ status: null });
    expect(service.requests).toHaveLength(1);
  });

  it("because nobody listens has no status", async () => {
    const images = createService({ endpoint: `https://127.0.0.1:${await freePort()}` });

    expect(await failureOf(images.find(target))).toMatchObject({
      status: null,
      code: "ECONNREFUSED",
    });
  });

  it.each([new Error("The identity is not available."), "The identity is not available."])(
    "because there is no token to ask with has no status either",
    async (reason) => {
      const credential = { getToken: () => Promise.reject(reason) };

      expect(await failureOf(createService({ credential }).create(target))).toMatchObject({
        status: null,
        code: "NoAnswer",
        message: "Azure did not answer: The identity is not available.",
      });
      expect(service.requests).toEqual([]);
    },
  );
});

describe("poll", () => {
  const poll = () => images.poll(target, `${service.url}/operations/1?t=1&s=SIGNED`);

  it("asks once for the operation by its URL, as the app", async () => {
    service.answer({ status: 200, body: { status: "InProgress" } });
    await poll();

    expect(service.requests).toMatchObject([
      { method: "GET", path: "/operations/1", authorization: "Bearer token", apiVersion: null },
    ]);
  });

  it.each([
    ["Succeeded", { status: "succeeded" }],
    ["succeeded", { status: "succeeded" }],
    ["Canceled", { status: "canceled" }],
    ["Cancelled", { status: "canceled" }],
    ["InProgress", { status: "running", retryAfterSeconds: null }],
    ["SomethingNew", { status: "running", retryAfterSeconds: null }],
  ])("reads the status %s", async (status, outcome) => {
    service.answer({ status: 200, body: { status } });

    expect(await poll()).toEqual(outcome);
  });

  it.each([
    ["without a body", 202, ""],
    ["without a status", 200, { name: "1" }],
  ])("takes an answer %s as running", async (_, status, body) => {
    service.answer({ status, body });

    expect(await poll()).toEqual({ status: "running", retryAfterSeconds: null });
  });

  it("says when the service wants to be asked again", async () => {
    service.answer({
      status: 200,
      headers: { "Retry-After": "25" },
      body: { status: "InProgress" },
    });

    expect(await poll()).toEqual({ status: "running", retryAfterSeconds: 25 });
  });

  it("gives the error of a failed operation, which is answered with 200", async () => {
    const error = {
      code: "BadRequest",
      message: "…",
      details: [{ code: "InvalidVhd", message: "It is none.", target: "osDisk" }],
    };
    service.answer({ status: 200, body: { status: "Failed", error } });

    expect(await poll()).toMatchObject({
      status: "failed",
      error: { status: 200, code: "InvalidVhd", message: "It is none.", target: "osDisk" },
    });
  });

  it("gives an error also when the operation failed without one", async () => {
    service.answer({ status: 200, body: { status: "Failed" } });

    expect(await poll()).toMatchObject({ status: "failed", error: { code: "Http200" } });
  });

  it.each([404, 410])("calls an operation gone that is answered with %i", async (status) => {
    service.answer({ status, body: { error: { code: "NotFound" } } });

    expect(await poll()).toEqual({ status: "gone" });
  });

  it("takes a page that is not JSON as no answer, and repeats the call", async () => {
    service.answer({ status: 200, body: "<html>" });

    expect(await failureOf(poll())).toMatchObject({ status: null, code: "UnreadableAnswer" });
  });

  it.each([
    ["over plain http", () => service.url.replace("https:", "http:")],
    ["to another host", () => service.url.replace("127.0.0.1", "localhost")],
    ["to another port", () => service.url.replace(/:\d+$/, ":1")],
    ["to a host that begins alike", () => `${service.url}.example.org`],
    ["to a host behind user information", () => `${service.url}@example.org`],
    ["to what is not a URL", () => "operations"],
  ])("sends nothing %s", async (_, makeUrl) => {
    expect(await images.poll(target, `${makeUrl()}/operations/1`)).toMatchObject({
      status: "failed",
      error: { status: 200, code: "ForeignOperationUrl" },
    });
    expect(tokenRequests).toEqual([]);
    expect(service.requests).toEqual([]);
  });
});

describe("a redirect", () => {
  let stranger: ScriptedService;
  beforeAll(async () => {
    stranger = await startScriptedService();
  });
  afterAll(() => stranger.stop());

  const redirect = (status: number, url: string) => ({ status, headers: { location: url } });

  it.each([300, 301, 302, 303, 307, 308])(
    "%i to another host is not followed: an error, and no request there",
    async (status) => {
      const answer = redirect(status, `${stranger.url}/operations/1`);
      service.answer(answer, answer, answer);

      const calls = [
        () => images.find(target),
        () => images.create(target),
        () => images.poll(target, `${service.url}/operations/1`),
      ];
      for (const call of calls) expect(await failureOf(call())).toMatchObject({ status });
      expect(stranger.requests).toEqual([]);
    },
  );
});

describe("every answer", () => {
  it("has its status told, whatever it is", async () => {
    const statuses: number[] = [];
    const watched = createService({ onAnswer: (status) => statuses.push(status) });
    service.answer({ status: 404, body: { error: { code: "ResourceNotFound", message: "none" } } });
    await watched.find(target);
    service.answer({ status: 503, body: { error: { code: "Busy", message: "later" } } });
    await failureOf(watched.find(target));
    service.answer({ status: 200, body: { status: "InProgress" } });
    await watched.poll(target, `${service.url}/operations/1`);

    expect(statuses).toEqual([404, 503, 200]);
  });
});

describe("clients", () => {
  const found = { status: 200, body: { id, properties: {} } };
  const other = { ...target, subscriptionId: "99999999-8888-7777-6666-555555555555" };

  it("are one per subscription: each asks for its token once", async () => {
    service.answer(found, found, found, found, { status: 200, body: { status: "InProgress" } });

    await images.find(target);
    await images.find(target);
    await images.find(other);
    await images.create(other);
    await images.poll(target, `${service.url}/operations/1`);

    expect(tokenRequests).toHaveLength(2);
    expect(service.requests.map(({ path }) => path.split("/")[2])).toEqual([
      SUBSCRIPTION_ID,
      SUBSCRIPTION_ID,
      other.subscriptionId,
      other.subscriptionId,
      "1",
    ]);
  });

  it.each([
    ["AzureCloud", "https://management.azure.com/.default"],
    ["AzureChinaCloud", "https://management.chinacloudapi.cn/.default"],
    ["AzureUSGovernment", "https://management.usgovcloudapi.net/.default"],
  ] as const)("of %s ask for tokens for %s", async (cloud, scope) => {
    service.answer(found);
    await createService({ cloud }).find(target);

    expect(tokenRequests.flat()).toEqual([scope]);
  });

  it("percent-encode what is in the path", async () => {
    service.answer(found);
    await images.find({ ...target, resourceGroup: "rg(1)", imageName: "a b" });

    expect(decodeURIComponent(service.requests[0]?.path ?? "")).toContain("/rg(1)/");
    expect(service.requests[0]?.path).toMatch(/\/images\/a%20b$/);
  });
});

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
