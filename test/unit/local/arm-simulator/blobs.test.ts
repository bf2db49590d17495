import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import type { ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Azurite, account, startAzurite } from "./azurite.ts";
import { createTestGallery, versionFromSnapshot } from "./galleries/client.ts";
import { groupPath, startTestSimulator, type TestSimulator } from "./simulator.ts";
import { type FooterOptions, mebibyte, uploadVhd } from "./vhd.ts";

let azurite: Azurite;
let simulator: TestSimulator;
let container: ContainerClient;

/** Nothing listens there: an alias is a name for the emulator, which is reached directly. */
const proxy = "http://127.0.0.1:9";
const host = `https://${account.name}.blob.core.windows.net`;

beforeAll(async () => {
  azurite = await startAzurite();
  container = azurite.client.getContainerClient("vhds");
  await container.create();
  await uploadVhd(container, "good.vhd");
  simulator = await startTestSimulator({
    pollsInProgress: 0,
    storage: { blobEndpoint: azurite.blobEndpoint, aliases: [proxy], accounts: [account] },
  });
});

afterAll(async () => {
  await simulator.close();
  await azurite.close();
});

function fromBlob(blobUri: string, osDisk: object = {}, properties: object = {}): object {
  return {
    location: "westus",
    properties: {
      hyperVGeneration: "V1",
      storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri, ...osDisk } },
      ...properties,
    },
  };
}

function withDataBlob(blobUri: string): object {
  const osDisk = { osType: "Linux", osState: "Generalized", blobUri: `${host}/vhds/good.vhd` };
  return fromBlob("", {}, { storageProfile: { osDisk, dataDisks: [{ lun: 0, blobUri }] } });
}

test("a good VHD makes an image that is as large as it", async () => {
  expect((await simulator.put("good", fromBlob(`${host}/vhds/good.vhd`))).status).toBe(201);
  expect((await simulator.get("good")).json.properties).toMatchObject({
    storageProfile: { osDisk: { diskSizeGB: 1, blobUri: `${host}/vhds/good.vhd` } },
  });
});

test("a blob may be named below the emulator's own endpoint", async () => {
  const blobUri = `${azurite.blobEndpoint}/${account.name}/vhds/good.vhd`;
  expect((await simulator.put("emulated", fromBlob(blobUri))).status).toBe(201);
});

test("a blob below an alias of the endpoint is judged like one below the endpoint", async () => {
  const below = (name: string) => fromBlob(`${proxy}/${account.name}/vhds/${name}`);
  expect((await simulator.put("aliased", below("good.vhd"))).status).toBe(201);
  const missing = await simulator.put("aliased-missing", below("missing.vhd"));
  expect([missing.status, missing.json.error?.code]).toEqual([404, "ImageBlobNotFound"]);
});

test("a blob's name may have folders and encoded characters", async () => {
  await uploadVhd(container, "Microsoft.Compute/my image.vhd");
  const blobUri = `${host}/vhds/Microsoft.Compute/my%20image.vhd`;
  expect((await simulator.put("folders", fromBlob(blobUri))).status).toBe(201);
});

test("the generation is requested before the blob is checked", async () => {
  const body = fromBlob(`${host}/vhds/missing.vhd`, {}, { hyperVGeneration: undefined });
  expect((await simulator.put("web", body)).json.error).toEqual({
    code: "InvalidParameter",
    message: "Required parameter 'hyperVGeneration' is missing (null).",
    target: "hyperVGeneration",
  });
});

test.each([
  ["no absolute URI", "vhds/good.vhd"],
  ["a shared access signature", `${host}/vhds/good.vhd?sv=1&sig=s3cret`],
  ["a container only", `${host}/vhds`],
  ["another host", "https://example.com/vhds/good.vhd"],
  ["another extension", `${host}/vhds/good.vhdx`],
  ["another protocol", "ftp://mystorageaccount.blob.core.windows.net/vhds/good.vhd"],
  ["malformed encoding", `${host}/vhds/%E0%A4%A.vhd`],
])("a blobUri with %s is refused", async (_, blobUri) => {
  const { status, json } = await simulator.put("web", fromBlob(blobUri));
  expect([status, json.error?.code, json.error?.target]).toEqual([
    400,
    "InvalidParameter",
    "osDisk.blobUri",
  ]);
  expect(json.error?.message).not.toContain("s3cret");
});

test("an unknown storage account is refused", async () => {
  const { status, json } = await simulator.put(
    "web",
    fromBlob("https://other.blob.core.windows.net/vhds/good.vhd"),
  );
  expect([status, json.error?.code]).toEqual([404, "StorageAccountNotFound"]);
});

test.each([
  ["OS", "ImageBlobNotFound", fromBlob(`${host}/vhds/missing.vhd`)],
  ["OS", "ImageBlobNotFound", fromBlob(`${host}/nocontainer/good.vhd`)],
  ["data", "DiskBlobNotFound", withDataBlob(`${host}/vhds/missing.vhd`)],
])("a missing blob of an %s disk is answered 404 %s", async (_, code, body) => {
  const { status, json } = await simulator.put("web", body);
  expect([status, json.error?.code]).toEqual([404, code]);
});

test("a block blob is refused with a code for each kind of disk", async () => {
  await container.getBlockBlobClient("block.vhd").upload("text", 4);
  const blobUri = `${host}/vhds/block.vhd`;
  const os = await simulator.put("web", fromBlob(blobUri));
  const data = await simulator.put("web", withDataBlob(blobUri));
  expect([os.status, os.json.error?.code]).toEqual([400, "IncorrectImageBlobType"]);
  expect([data.status, data.json.error?.code]).toEqual([400, "IncorrectDiskBlobType"]);
});

test("a wrong footer cookie is refused in the service's words", async () => {
  await uploadVhd(container, "cookie.vhd", { cookie: "vhdxfile" });
  const blobUri = `${host}/vhds/cookie.vhd`;
  expect((await simulator.put("web", fromBlob(blobUri))).json.error).toEqual({
    code: "InvalidParameter",
    message: `The specified cookie value in VHD footer indicates that disk 'cookie.vhd' with blob ${blobUri} is not a supported VHD. Disk is expected to have cookie value 'conectix'.`,
    target: "disks",
  });
});

test("an empty page blob has no footer", async () => {
  await container.getPageBlobClient("empty.vhd").create(0);
  const { json } = await simulator.put("web", fromBlob(`${host}/vhds/empty.vhd`));
  expect(json.error?.message).toContain("cookie value 'conectix'");
});

const footerFaults: readonly [string, string, FooterOptions & { length?: number }][] = [
  ["a wrong checksum", "InvalidVhd", { breakChecksum: true }],
  ["a dynamic disk", "InvalidVhd", { diskType: 3 }],
  ["a size that is not whole MiB", "VHDSizeInvalid", { virtualSize: mebibyte + 512 }],
  ["no size", "VHDSizeInvalid", { virtualSize: 0 }],
  ["a longer blob", "VHDSizeInvalid", { length: mebibyte + 1024 }],
];

test.each(footerFaults)("%s is refused with %s", async (_, code, options) => {
  await uploadVhd(container, "faulty.vhd", options);
  const { status, json } = await simulator.put("web", fromBlob(`${host}/vhds/faulty.vhd`));
  expect([status, json.error?.code]).toEqual([400, code]);
});

test("a disk cannot be made smaller than its blob", async () => {
  await uploadVhd(container, "large.vhd", { virtualSize: 2 * 2 ** 30 });
  const blobUri = `${host}/vhds/large.vhd`;
  const small = await simulator.put("small", fromBlob(blobUri, { diskSizeGB: 1 }));
  expect([small.status, small.json.error?.target]).toEqual([400, "osDisk.diskSizeGB"]);
  expect((await simulator.put("large", fromBlob(blobUri, { diskSizeGB: 2 }))).status).toBe(201);
});

test("storage that ends a connection instead of answering is asked again", async () => {
  const { port, hostname } = new URL(azurite.blobEndpoint);
  let connections = 0;
  const flaky = createTcpServer((socket) => {
    connections += 1;
    if (connections === 1) socket.resetAndDestroy();
    else {
      const upstream = connect(Number(port), hostname);
      const end = (): void => void [socket, upstream].map((each) => each.destroy());
      socket.on("error", end).on("close", end).pipe(upstream);
      upstream.on("error", end).on("close", end).pipe(socket);
    }
  });
  await new Promise<void>((resolve) => flaky.listen(0, "127.0.0.1", resolve));
  const { port: flakyPort } = flaky.address() as AddressInfo;
  const before = await startTestSimulator({
    storage: { blobEndpoint: `http://127.0.0.1:${flakyPort}`, accounts: [account] },
  });
  try {
    const { status } = await before.put("reset", fromBlob(`${host}/vhds/good.vhd`));
    expect(status).toBe(201);
    expect(connections).toBeGreaterThan(1);
  } finally {
    await before.close();
    flaky.close();
  }
});

test("storage that cannot be read makes the blob inaccessible", async () => {
  const offline = await startTestSimulator({
    storage: { blobEndpoint: "http://127.0.0.1:9", accounts: [account] },
  });
  try {
    const { status, json } = await offline.put("web", fromBlob(`${host}/vhds/good.vhd`));
    expect([status, json.error?.message]).toEqual([
      400,
      `The source blob ${host}/vhds/good.vhd is not accessible.`,
    ]);
  } finally {
    await offline.close();
  }
});

test("a blob that is still being copied is not ready", async () => {
  // The emulator finishes every copy at once, so a stand-in answers for it.
  const copying = createServer((_, response) => {
    response.writeHead(200, { "x-ms-blob-type": "PageBlob", "x-ms-copy-status": "pending" }).end();
  });
  await new Promise<void>((resolve) => copying.listen(0, "127.0.0.1", resolve));
  const { port } = copying.address() as { port: number };
  const waiting = await startTestSimulator({
    storage: { blobEndpoint: `http://127.0.0.1:${port}`, accounts: [account] },
  });
  try {
    const { status, json } = await waiting.put("web", fromBlob(`${host}/vhds/good.vhd`));
    expect([status, json.error?.code]).toEqual([409, "DiskImageNotReady"]);
  } finally {
    await waiting.close();
    copying.close();
    copying.closeAllConnections();
  }
});

test("a gallery version is made from a blob and its account, and takes the right to its keys", async () => {
  const client = await createTestGallery(simulator);
  const storageAccountId = `${groupPath}/providers/Microsoft.Storage/storageAccounts/${account.name}`;
  const uri = `${host}/vhds/good.vhd`;
  const body = versionFromSnapshot({
    storageProfile: { osDiskImage: { source: { storageAccountId, uri } } },
  });
  await simulator.control("settings", {
    denied: ["Microsoft.Storage/storageAccounts/listKeys/action"],
  });
  const refused = await client.putVersion("1.0.0", body);
  expect([refused.status, refused.json.error?.code]).toEqual([403, "LinkedAuthorizationFailed"]);
  await simulator.control("settings", { denied: [] });
  expect((await client.putVersion("1.0.0", body)).status).toBe(201);
  expect((await client.getVersion("1.0.0")).json.properties).toMatchObject({
    storageProfile: { osDiskImage: { sizeInGB: 1, source: { storageAccountId, uri } } },
  });
});
