import { createHash } from "node:crypto";
import {
  BlobSASPermissions,
  BlobServiceClient,
  type BlockBlobClient,
  type ContainerClient,
  type PageBlobClient,
  type PageBlobUploadPagesFromURLOptions,
} from "@azure/storage-blob";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { leaseAccount } from "../../../storage/lease.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const { connectionString, roots, account } = leaseAccount("front");
const ONCE = { retryOptions: { maxTries: 1 } };

let container: ContainerClient;
let source: BlockBlobClient;
let target: PageBlobClient;
let sas: string;
const content = Buffer.from(
  Array.from({ length: 64 * KIB }, (_, at) => (at * 7 + (at >> 8)) % 251),
);

beforeAll(async () => {
  const service = BlobServiceClient.fromConnectionString(connectionString, ONCE);
  container = service.getContainerClient("front");
  await container.create();
});

let count = 0;
beforeEach(async () => {
  count += 1;
  source = container.getBlockBlobClient(`a folder/ä ${count}.vhdx`);
  await source.uploadData(content);
  sas = await source.generateSasUrl({
    permissions: BlobSASPermissions.parse("r"),
    expiresOn: new Date(Date.now() + 600_000),
  });
  target = container.getPageBlobClient(`target-${count}.vhd`);
  await target.create(8 * MIB);
});

const copy = (options: PageBlobUploadPagesFromURLOptions = {}, url = sas) =>
  target.uploadPagesFromURL(url, 512, 1024, 4096, options);

/** Orders faults for the target of the test alone. */
async function order(...plan: readonly object[]): Promise<void> {
  const path = `/${account.name}/front/target-${count}.vhd`;
  const answer = await fetch(`${roots.blob}/_front/faults`, {
    method: "POST",
    body: JSON.stringify({ plan: plan.map((fault) => ({ path, ...fault })) }),
  });
  expect(answer.status).toBe(204);
}

const pages = async () =>
  (await target.downloadToBuffer(1024, 4096)).equals(content.subarray(512, 4608));

describe("Put Page From URL", () => {
  it("copies bytes of a blob that the URL's own signature allows to read", async () => {
    const before = await target.getProperties();
    const answer = await copy({
      sourceConditions: { ifMatch: (await source.getProperties()).etag ?? "" },
      sourceContentMD5: createHash("md5").update(content.subarray(512, 4608)).digest(),
    });
    expect(await pages()).toBe(true);
    expect((await target.downloadToBuffer(0, 1024)).equals(Buffer.alloc(1024))).toBe(true);
    expect(answer.etag).toBe((await target.getProperties()).etag);
    expect(answer.etag).not.toBe(before.etag);
  });

  it("copies with a bearer token for the source", async () => {
    const sourceAuthorization = { scheme: "Bearer", value: "token" };
    await copy({ sourceAuthorization }, source.url);
    expect(await pages()).toBe(true);
  });

  it.each([
    ["a source without authorization", {}, () => source.url, 403, "CannotVerifyCopySource"],
    [
      "a source that does not exist",
      { sourceAuthorization: { scheme: "Bearer", value: "token" } },
      () => `${source.url}x`,
      404,
      "CannotVerifyCopySource",
    ],
    [
      "a host that is not the service's",
      {},
      () => sas.replace("127.0.0.1", "example.com"),
      400,
      "CannotVerifyCopySource",
    ],
    [
      "a source of another version",
      { sourceConditions: { ifMatch: '"0x1"' } },
      () => sas,
      412,
      "SourceConditionNotMet",
    ],
    ["another checksum", { sourceContentMD5: new Uint8Array(16) }, () => sas, 400, "Md5Mismatch"],
    [
      "a target of another version",
      { conditions: { ifMatch: '"0x1"' } },
      () => sas,
      412,
      "ConditionNotMet",
    ],
    [
      "a target with another sequence number",
      { conditions: { ifSequenceNumberEqualTo: 3 } },
      () => sas,
      412,
      "SequenceNumberConditionNotMet",
    ],
  ] as const)("refuses %s", async (_, options, url, statusCode, code) => {
    await expect(copy(options, url())).rejects.toMatchObject({ statusCode, code });
    expect(await pages()).toBe(false);
  });

  it.each([
    ["pages that are not whole", 1, 1000, 400],
    ["more than 4 MiB", 0, 4 * MIB + 512, 413],
    ["bytes beyond the source", 64 * KIB - 512, 1024, 416],
  ])("refuses %s", async (_, offset, bytes, statusCode) => {
    await expect(target.uploadPagesFromURL(sas, offset, 0, bytes)).rejects.toMatchObject({
      statusCode,
    });
  });

  it("refuses a caller whose signature is wrong", async () => {
    const stranger = BlobServiceClient.fromConnectionString(
      connectionString.replace(
        /AccountKey=[^;]+/,
        `AccountKey=${Buffer.alloc(64).toString("base64")}`,
      ),
      ONCE,
    );
    const client = stranger.getContainerClient("front").getPageBlobClient(target.name);
    await expect(client.uploadPagesFromURL(sas, 512, 1024, 4096)).rejects.toMatchObject({
      statusCode: 403,
      code: "AuthorizationFailure",
    });
    expect(await pages()).toBe(false);
  });
});

describe("faults of the front", () => {
  it.each([
    ["busy", 503, "ServerBusy", false],
    ["error", 500, "InternalError", false],
    ["errorAfter", 500, "OperationTimedOut", true],
    ["firewall", 403, "CannotVerifyCopySource", false],
  ])("%s", async (fault, statusCode, code, isWritten) => {
    await order({ fault });
    await expect(copy()).rejects.toMatchObject({ statusCode, code });
    expect(await pages()).toBe(isWritten);
    await copy();
    expect(await pages()).toBe(true);
  });

  it("says about a firewall that it is the source that refused", async () => {
    await order({ fault: "firewall" });
    const response = { headers: expect.anything() };
    const error = await copy().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ response });
    const { headers } = (error as { response: { headers: Headers } }).response;
    expect(headers.get("x-ms-copy-source-status-code")).toBe("403");
  });

  it("changes the source between two copies", async () => {
    const { etag = "" } = await source.getProperties();
    await order({ fault: "changeSource", after: 1 });
    await copy({ sourceConditions: { ifMatch: etag } });
    await expect(copy({ sourceConditions: { ifMatch: etag } })).rejects.toMatchObject({
      statusCode: 412,
      code: "SourceConditionNotMet",
    });
  });

  it("refuses an order that it does not understand", async () => {
    const answer = await fetch(`${roots.blob}/_front/faults`, {
      method: "POST",
      body: JSON.stringify({ plan: [{ fault: "fire" }] }),
    });
    expect(answer.status).toBe(400);
  });
});
