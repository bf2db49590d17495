import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BLOB_TEST, eventually, SEVERAL_SCANS_MS, useBlobBench } from "./blob-bench.ts";
import { createSettings } from "./fixture.ts";

const bench = useBlobBench();

describe("faults of blob events", BLOB_TEST, () => {
  it("drop the next n", async () => {
    await bench.start({ faults: { blobEvents: { drop: 1 } } });
    await bench.upload("scanned", "lost.txt");
    await sleep(SEVERAL_SCANS_MS);
    await bench.upload("scanned", "kept.txt");
    await eventually(async () => expect(await bench.scannedNames()).toEqual(["kept.txt"]));
  });

  it("deliver twice", async () => {
    await bench.start({ faults: { blobEvents: { duplicate: true } } });
    await bench.upload("scanned", "twice.txt");
    await eventually(async () =>
      expect(await bench.scannedNames()).toEqual(["twice.txt", "twice.txt"]),
    );
  });

  it("deliver in reverse order", async () => {
    await bench.start({ faults: { blobEvents: { reorder: true } }, blobPollSeconds: 1 });
    await bench.upload("evented", "first.json");
    await bench.upload("evented", "second.json");
    await eventually(async () =>
      expect(await bench.eventedNames()).toEqual(["second.json", "first.json"]),
    );
  });

  it("run the function early, before the blob has come to rest", async () => {
    const settings = createSettings(bench.world());
    await bench.upload("scanned", "busy.txt");
    const outdated = { functionName: "scanned", blobName: "busy.txt", etag: '"0xOLD"' };
    await bench.enqueue(settings, outdated);
    await bench.start({ settings, faults: { blobEvents: { early: true } } });
    await eventually(async () => expect(await bench.scannedNames()).toHaveLength(2));
  });
});
