import { createServer } from "node:net";
import type { ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countPoison, requestTable } from "./evidence.ts";
import { startTestWorld, type TestWorld } from "./world.ts";

const SNAPSHOT =
  "/subscriptions/{subscriptionId}/resourceGroups/myResourceGroup/providers/Microsoft.Compute/snapshots/mySnapshot1";
const osDisk = { osType: "Windows", osState: "Generalized", snapshot: { id: SNAPSHOT } };
const manifestFor = (imageName: string) => ({
  imageName,
  properties: { storageProfile: { osDisk } },
});

const lines: string[] = [];
let test: TestWorld;
beforeAll(async () => {
  const settings = {
    DEFAULT_OS_TYPE: "Linux",
    DEFAULT_OS_STATE: "Generalized",
  };
  test = await startTestWorld(settings, (line) => lines.push(line));
});
afterAll(() => test.close());

/** Stems of names; each is uploaded as a manifest and some as a VHD. */
const STEMS = [
  "20240101",
  "0x10",
  "1e3",
  "true",
  "null",
  "[1]",
  '{"a":1}',
  "with space",
  " leading and trailing ",
  "100%",
  "%41",
  "%2e%2e%2fup",
  "hash#tag",
  "what?x=1",
  "a+b",
  "a&b=c",
  "back\\slash",
  "quote'\"",
  "Größe",
  "盤/磁",
  "💾",
  "a/b/c",
  "folder./dots...",
  ".hidden",
  "{name}",
  "$web",
  "__proto__",
  "constructor",
  `${"long/".repeat(203)}name`.slice(0, 1_019),
  "ü".repeat(1_019),
] as const;

const shorten = (name: string): string => (name.length > 40 ? `${name.slice(0, 40)}…` : name);

/** The service itself takes a backslash in a name for a slash. */
const asStored = (name: string): string => name.replaceAll("\\", "/");

describe("any name of a blob", () => {
  it("of a manifest is one request, of this very blob, and nothing is poisoned", async () => {
    const names = STEMS.map((stem) => `${stem}.json`);
    await Promise.all(
      names.map((name, index) => test.putManifest(name, manifestFor(`any-${index}`))),
    );
    for (const [index, name] of names.map(asStored).entries()) {
      const { source, state, image } = await test.status(name);
      expect({ name: shorten(name), source, state, image: image?.name }).toEqual({
        name: shorten(name),
        source: name,
        state: "succeeded",
        image: `any-${index}`,
      });
      expect(await test.statuses(name)).toHaveLength(1);
    }
    expect(await countPoison(test)).toEqual({});
  });

  it("of a VHD works too, from the disk to the service", async () => {
    const stems = ["true", "20240101", "with space", "100%", "%41", "hash#tag", "a+b&c=d", "Größe"];
    const metadataOf = (index: number) => ({ imagename: `vhd-${index}`, hypervgeneration: "V2" });
    await Promise.all(
      stems.map((stem, index) => test.putVhd(`${stem}.vhd`, { metadata: metadataOf(index) })),
    );
    for (const [index, stem] of stems.entries()) {
      expect(await test.status(`${stem}.vhd`)).toMatchObject({
        state: "succeeded",
        disks: [{ blob: `${stem}.vhd` }],
        image: { name: `vhd-${index}` },
      });
    }
    expect(await countPoison(test)).toEqual({});
  });

  it("that a URL would resolve to another blob's is refused, and the other blob is not read", async () => {
    await test.putManifest("target.json", manifestFor("target"));
    await test.status("target.json");
    const reads = () => test.log.filter((line) => line.includes("upload.refused")).length;
    const before = reads();
    await sendBlobEvent(test.uploads, "x/../target.json");
    await expect.poll(reads, { timeout: 60_000 }).toBe(before + 1);
    expect(await test.statuses("target.json")).toHaveLength(1);
    expect(await test.statuses("x/../target.json")).toEqual([]);
    expect(await countPoison(test)).toEqual({});
  });
});

/** Puts an event of a blob into the host's own queue, as the host does for each blob that it finds. */
async function sendBlobEvent(uploads: ContainerClient, name: string): Promise<void> {
  const { QueueServiceClient } = await import("@azure/storage-queue");
  const service = QueueServiceClient.fromConnectionString(test.world.connectionString);
  for await (const queue of service.listQueues()) {
    if (!queue.name.startsWith("azure-webjobs-blobtrigger-")) continue;
    const { etag } = await uploads.getBlobClient("target.json").getProperties();
    const message = {
      Type: "BlobTrigger",
      FunctionId: "Host.Functions.ingest",
      BlobType: "BlockBlob",
      ContainerName: uploads.containerName,
      BlobName: name,
      ETag: etag,
    };
    const text = Buffer.from(JSON.stringify(message)).toString("base64");
    await service.getQueueClient(queue.name).sendMessage(text);
    return;
  }
  throw new Error("the host has no queue for blobs");
}

describe("the token", () => {
  it("is not sent to where a record says, unless that is the service", async () => {
    const stranger = createServer((socket) => socket.destroy());
    let connections = 0;
    stranger.on("connection", () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const address = stranger.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;

    await test.fault({ method: "PUT", path: "images/foreign", operation: "Never" });
    await test.putManifest("foreign.json", manifestFor("foreign"));
    const { requestId } = await test.status("foreign.json", ({ state }) => state === "creating");
    await requestTable(test).updateEntity(
      {
        partitionKey: "requests",
        rowKey: `r:${requestId}`,
        operationUrl0: `https://127.0.0.1:${port}/subscriptions/s/operations/1`,
      },
      "Merge",
    );

    expect(await test.status("foreign.json")).toMatchObject({
      state: "failed",
      error: { code: "ForeignOperationUrl" },
    });
    expect(connections).toBe(0);
    await new Promise((resolve) => stranger.close(resolve));
  });
});

describe("HTTP", () => {
  const problemOf = async (path: string) => {
    const answer = await test.get(path);
    const { detail } = (await answer.json()) as { detail: string };
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    return { status: answer.status, detail };
  };

  it.each([
    ["status?colour=red", /'colour'; known parameters: state, source, image, limit, cursor/],
    ["status?State=failed", /'State'; known parameters:/],
    ["status?%3Cscript%3E=1", /known parameters/],
    [`status?${"x".repeat(5_000)}=1`, /'x{60}'; known parameters/],
    ["status/abc?colour=red", /'colour'; this route takes none/],
    ["queue?limit=1", /'limit'; this route takes none/],
    ["schema/manifest?version=1", /'version'; this route takes none/],
    ["status?limit=0", /1 to 100/],
    ["status?limit=101", /1 to 100/],
    ["status?limit=1e400", /1 to 100/],
    ["status?limit=-0", /1 to 100/],
    ["status?limit=NaN", /1 to 100/],
    [`status?source=${"x".repeat(1_025)}`, /'source' has more than 1024 characters/],
    [`status?image=${"x".repeat(1_025)}`, /'image' has more than 1024 characters/],
    [`status?cursor=${"x".repeat(1_025)}`, /'cursor' has more than 1024 characters/],
    ["status?state=__proto__", /'state' must be one of/],
    ["status?cursor=forged", /'cursor' must be the nextCursor/],
    ["status?cursor=Jyk7IERST1AgVEFCTEU7LS0", /'cursor' must be the nextCursor/],
  ])("%s is answered 400 in words", async (path, words) => {
    const { status, detail } = await problemOf(path);
    expect(status).toBe(400);
    expect(detail).toMatch(words);
  });

  it("a cursor is good for the query that gave it, and for no other", async () => {
    await test.putManifest("page-1.json", manifestFor("page-1"));
    await test.putManifest("page-2.json", manifestFor("page-2"));
    await Promise.all([test.status("page-1.json"), test.status("page-2.json")]);
    const first = await test.get("status?state=succeeded&limit=1");
    const { nextCursor } = (await first.json()) as { nextCursor: string };
    const cursor = encodeURIComponent(nextCursor);
    expect((await test.get(`status?state=succeeded&limit=5&cursor=${cursor}`)).status).toBe(200);
    for (const filter of [
      "",
      "state=failed&",
      "state=succeeded&image=page-1&",
      "source=page-1.json&",
    ]) {
      expect((await problemOf(`status?${filter}cursor=${cursor}`)).status).toBe(400);
    }
  });

  it.each(["nobody", "r%3Aabc", "..%2F..%2Fhealth", "%27%20or%20true", "x".repeat(2_000), "%00"])(
    "an id that is none is 404: %s",
    async (requestId) => {
      const answer = await test.get(`status/${requestId}`);
      expect([400, 404]).toContain(answer.status);
      expect(await answer.text()).not.toMatch(/at |RestError|OutOfRange/);
    },
  );

  // The last one: it takes the table away.
  it("an unexpected error gives a number that is in the log, and no detail", async () => {
    await requestTable(test).deleteTable();
    const { status, detail } = await problemOf("status");
    expect(status).toBe(500);
    const number = /search the log for ([0-9a-f-]{36})\.$/.exec(detail)?.[1] ?? "none";
    expect(detail).toBe(`An unexpected error occurred; search the log for ${number}.`);
    await expect
      .poll(() => lines.some((line) => line.includes(number)), { timeout: 60_000 })
      .toBe(true);
  });
});
