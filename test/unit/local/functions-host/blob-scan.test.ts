import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { getInternalQueueName } from "../../../../local/functions-host/blob/message.ts";
import { BLOB_TEST, eventually, SEVERAL_SCANS_MS, useBlobBench } from "./blob-bench.ts";
import { createSettings } from "./fixture.ts";

const bench = useBlobBench();

describe("scan mode", BLOB_TEST, () => {
  it("gives a deferred binding the reference to the blob, not its content", async () => {
    await bench.start();
    await bench.upload("scanned", "a b/report.txt", { owner: "me" });
    await eventually(async () => expect((await bench.seen()).blobs).toHaveLength(1));
    const [first] = (await bench.seen()).blobs;
    expect(first?.blob).toEqual({
      Connection: "Data",
      ContainerName: "scanned",
      BlobName: "a b/report.txt",
    });
    expect(first?.metadata).toMatchObject({
      blobTrigger: "scanned/a b/report.txt",
      uri: expect.stringMatching(/\/scanned\/a%20b(\/|%2F)report\.txt$/),
      name: "a b/report",
      metadata: { owner: "me" },
      properties: { contentLength: 4, blobType: 0, eTag: {}, blobCopyStatus: null },
    });
  });

  it("gives any other binding the content", async () => {
    await bench.start();
    await bench.upload("bytes", "true");
    await eventually(async () =>
      expect((await bench.seen()).bytes).toEqual([{ text: "text", name: true }]),
    );
  });

  it("runs once for each version of a blob, also over a restart", async () => {
    const settings = createSettings(bench.world());
    await bench.start({ settings });
    await bench.upload("scanned", "one.txt");
    await eventually(async () => expect(await bench.scannedNames()).toEqual(["one.txt"]));
    await bench.stop();
    await bench.start({ settings });
    await sleep(SEVERAL_SCANS_MS);
    expect(await bench.scannedNames()).toEqual([]);
    await bench.upload("scanned", "one.txt");
    await eventually(async () => expect(await bench.scannedNames()).toEqual(["one.txt"]));
    await sleep(SEVERAL_SCANS_MS);
    expect(await bench.scannedNames()).toEqual(["one.txt"]);
  });

  it("runs for blobs that were there before the first start", async () => {
    await bench.upload("scanned", "early.txt");
    await bench.start();
    await eventually(async () => expect(await bench.scannedNames()).toEqual(["early.txt"]));
  });

  it("leaves out blobs that do not match the path", async () => {
    await bench.start();
    await bench.upload("scanned", "picture.png");
    await bench.upload("scanned", "last.txt");
    await eventually(async () => expect(await bench.scannedNames()).toEqual(["last.txt"]));
  });

  it("discards a message whose blob has changed and queues the new version", async () => {
    const settings = createSettings(bench.world());
    await bench.upload("scanned", "moved.txt", { version: "2" });
    const outdated = { functionName: "scanned", blobName: "moved.txt", etag: '"0xOLD"' };
    await bench.enqueue(settings, outdated);
    await bench.start({ settings });
    await eventually(async () => expect(await bench.scannedNames()).toEqual(["moved.txt"]));
    await sleep(SEVERAL_SCANS_MS);
    expect(await bench.scannedNames()).toEqual(["moved.txt"]);
  });

  it("drops messages of deleted blobs and of unknown functions", async () => {
    const settings = createSettings(bench.world());
    const gone = { blobName: "gone.txt", etag: '"0x1"' };
    await bench.enqueue(
      settings,
      { functionName: "scanned", ...gone },
      { functionName: "nobody", ...gone },
    );
    await bench.start({ settings });
    const name = getInternalQueueName(settings.AzureFunctionsWebHost__hostid);
    const queue = bench.world().queues.getQueueClient(name);
    await eventually(async () =>
      expect((await queue.getProperties()).approximateMessagesCount).toBe(0),
    );
    expect(await bench.scannedNames()).toEqual([]);
  });

  it("gives a failing blob five attempts and then the poison queue its message", async () => {
    await bench.start();
    const etag = await bench.upload("scanned", "bad.txt", { fail: "yes" });
    const poison = bench.world().queues.getQueueClient("webjobs-blobtrigger-poison");
    const expected = `{
  "Type": "BlobTrigger",
  "FunctionId": "Host.Functions.scanned",
  "BlobType": "BlockBlob",
  "ContainerName": "scanned",
  "BlobName": "bad.txt",
  "ETag": ${JSON.stringify(etag)}
}`;
    await eventually(async () => {
      const { peekedMessageItems } = await poison.peekMessages();
      const bodies = peekedMessageItems.map((item) => Buffer.from(item.messageText, "base64"));
      expect(bodies.map(String)).toEqual([expected]);
    });
    expect(await bench.scannedNames()).toHaveLength(5);
  });

  it("gives a page blob that is still being written its last version at the end", async () => {
    await bench.start();
    const blob = bench.world().blobs.getContainerClient("scanned").getPageBlobClient("disk.txt");
    await blob.create(4096);
    for (let offset = 0; offset < 4096; offset += 512) {
      await blob.uploadPages(Buffer.alloc(512, 1), offset, 512);
      await sleep(30);
    }
    const { lastModified } = await blob.getProperties();
    await eventually(async () => {
      const last = (await bench.seen()).blobs.at(-1)?.metadata.properties;
      expect(last).toMatchObject({ blobType: 1, lastModified: lastModified?.toISOString() });
    });
  });
});
