import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BLOB_TEST, eventually, SEVERAL_SCANS_MS, useBlobBench } from "./blob-bench.ts";
import { createSettings, MASTER_KEY } from "./fixture.ts";

const bench = useBlobBench();

describe("Event Grid mode", BLOB_TEST, () => {
  it("announces a page blob once, when it is created", async () => {
    await bench.start();
    const blob = bench.world().blobs.getContainerClient("evented").getPageBlobClient("disk.vhd");
    await blob.create(1024);
    await eventually(async () => expect(await bench.eventedNames()).toEqual(["disk.vhd"]));
    await blob.uploadPages(Buffer.alloc(512, 1), 0, 512);
    await blob.setMetadata({ done: "yes" });
    await sleep(SEVERAL_SCANS_MS);
    expect(await bench.eventedNames()).toEqual(["disk.vhd"]);
  });

  it("announces a block blob each time it is written, not when its metadata change", async () => {
    await bench.start();
    await bench.upload("evented", "a.json");
    await eventually(async () => expect(await bench.eventedNames()).toHaveLength(1));
    const blob = bench.world().blobs.getContainerClient("evented").getBlockBlobClient("a.json");
    await blob.setMetadata({ note: "changed" });
    await sleep(SEVERAL_SCANS_MS);
    expect(await bench.eventedNames()).toHaveLength(1);
    await blob.upload("other text", 10);
    await eventually(async () => expect(await bench.eventedNames()).toHaveLength(2));
  });

  it("says nothing of blobs older than the subscription", async () => {
    await bench.upload("evented", "old.json");
    // Storage counts in whole seconds: the blob has to be of an earlier one than the start.
    await sleep(1100);
    await bench.start();
    await sleep(SEVERAL_SCANS_MS);
    expect(await bench.eventedNames()).toEqual([]);
  });

  it("delivers after a restart what was created meanwhile", async () => {
    const settings = createSettings(bench.world());
    await bench.start({ settings });
    await bench.upload("evented", "first.json");
    await eventually(async () => expect(await bench.eventedNames()).toHaveLength(1));
    await bench.stop();
    await bench.upload("evented", "second.json");
    await bench.start({ settings });
    await eventually(async () => expect(await bench.eventedNames()).toEqual(["second.json"]));
  });

  it("says nothing by itself when switched off", async () => {
    await bench.start({ synthesizeBlobEvents: false });
    await bench.upload("evented", "quiet.json");
    await sleep(SEVERAL_SCANS_MS);
    expect(await bench.eventedNames()).toEqual([]);
  });
});

describe("the blob webhook", BLOB_TEST, () => {
  const post = (type: string, body: unknown, functionName = "Host.Functions.evented") => {
    const { url, keys } = bench.host();
    const query = `functionName=${functionName}&code=${keys.blobsExtension}`;
    return fetch(`${url}/runtime/webhooks/blobs?${query}`, {
      method: "POST",
      headers: type === "" ? {} : { "aeg-event-type": type },
      body: JSON.stringify(body),
    });
  };
  const createEvent = (name: string) => ({
    eventType: "Microsoft.Storage.BlobCreated",
    data: {
      url: bench.world().blobs.getContainerClient("evented").getBlobClient(name).url,
      eTag: "0x1",
      blobType: "BlockBlob",
    },
  });

  it("answers the validation of a subscription", async () => {
    await bench.start();
    const answer = await post("SubscriptionValidation", [{ data: { validationCode: "abc" } }]);
    expect([answer.status, await answer.json()]).toEqual([200, { validationResponse: "abc" }]);
  });

  it("runs the function for every event, whatever its ETag, and does not drop repeats", async () => {
    await bench.start({ synthesizeBlobEvents: false });
    await bench.upload("evented", "x y.json");
    const event = createEvent("x y.json");
    expect((await post("Notification", [event])).status).toBe(202);
    expect((await post("Notification", event, "Functions.evented")).status).toBe(202);
    await eventually(async () =>
      expect(await bench.eventedNames()).toEqual(["x y.json", "x y.json"]),
    );
  });

  it("accepts an event for an unknown function and discards it", async () => {
    await bench.start({ synthesizeBlobEvents: false });
    const answer = await post("Notification", [createEvent("a.json")], "Host.Functions.nobody");
    expect(answer.status).toBe(202);
    await sleep(SEVERAL_SCANS_MS);
    expect(await bench.eventedNames()).toEqual([]);
  });

  it("answers 401 without the system key, 400 to other types and 202 to Unsubscribe", async () => {
    await bench.start();
    const path = `${bench.host().url}/runtime/webhooks/blobs?functionName=Host.Functions.evented`;
    expect((await fetch(path, { method: "POST" })).status).toBe(401);
    expect((await fetch(`${path}&code=${MASTER_KEY}`, { method: "POST" })).status).toBe(400);
    expect((await post("", [])).status).toBe(400);
    expect((await post("Notification", "text")).status).toBe(400);
    expect((await post("Notification", [{ data: { url: "http://x/%ZZ/b" } }])).status).toBe(400);
    expect((await post("Unsubscribe", [])).status).toBe(202);
  });
});

it("runs a blob function by hand for a path", BLOB_TEST, async () => {
  await bench.start({ synthesizeBlobEvents: false });
  await bench.upload("evented", "by-hand.json");
  const answer = await fetch(`${bench.host().url}/admin/functions/evented?code=${MASTER_KEY}`, {
    method: "POST",
    body: JSON.stringify({ input: "evented/by-hand.json" }),
  });
  expect(answer.status).toBe(202);
  await eventually(async () => expect(await bench.eventedNames()).toEqual(["by-hand.json"]));
});
