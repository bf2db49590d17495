import { describe, expect, it } from "vitest";
import { cancelRequest } from "../../../../shared/flow/cancel-request.ts";
import { MAX_ATTEMPTS, retryRequest } from "../../../../shared/flow/retry-request.ts";
import { sweep } from "../../../../shared/flow/sweep.ts";
import { createFakeApp, type FakeApp, type FakeAppOptions } from "../../../fakes/app.ts";
import { CrashError, installCrashPoints } from "../../../fakes/crash-points.ts";
import { serviceError } from "../../../fakes/image-service.ts";
import { makeFooter } from "../../../fakes/vhd.ts";

const OS_BLOB = { container: "uploads", name: "os.vhd" };
const MANIFEST_BLOB = { container: "uploads", name: "web.json" };
const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const MANIFEST = { properties: { storageProfile: { osDisk } } };
const ofMetadata = { ostype: "linux", osstate: "generalized" };
const refusal = serviceError({ status: 400, code: "QuotaExceeded", message: "no room" });

const idOf = (app: FakeApp, name = "web.json"): string => app.recordOf(name).requestId;
const recordsOf = (app: FakeApp, name: string) =>
  app.records.all().filter(({ source }) => source.name === name);
const retry = (app: FakeApp, requestId = idOf(app)) => {
  app.clock.advance(1);
  return retryRequest(requestId, app.context);
};

/** An app in which the request of `web.json` failed because Azure refused the image. */
async function failOnce(options: FakeAppOptions = {}): Promise<FakeApp> {
  const app = createFakeApp(options);
  app.images.nextPuts.push(refusal);
  await app.uploadVhd("os.vhd");
  await app.uploadManifest("web.json", MANIFEST);
  await app.run();
  expect(app.recordOf("web.json").state).toBe("failed");
  return app;
}

describe("retryRequest", () => {
  it("opens a new request for the same upload; both name each other, and the old one keeps its end", async () => {
    const app = await failOnce();
    const before = app.recordOf("web.json");
    const result = await retry(app);
    if (result.outcome !== "opened") throw new Error(result.outcome);
    const { requestId } = result.record;
    expect(result.record).toMatchObject({
      state: "received",
      attempt: 2,
      retryOf: before.requestId,
      retriedBy: null,
      source: before.source,
    });
    expect((await app.records.get(before.requestId))?.record).toEqual({
      ...before,
      retriedBy: requestId,
    });
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({ requestId, state: "succeeded" });
    expect(app.images.puts).toHaveLength(1);
    expect((await app.records.get(before.requestId))?.record.state).toBe("failed");
  });

  it("gives whoever retries again the request that is still open", async () => {
    const app = await failOnce();
    const old = idOf(app);
    const results = await Promise.all([retry(app, old), retry(app, old)]);
    results.push(await retry(app, old));
    const ids = results.map((each) => each.outcome === "opened" && each.record.requestId);
    expect(new Set(ids).size).toBe(1);
    expect(recordsOf(app, "web.json")).toHaveLength(2);
  });

  it("counts on from attempt to attempt, and points to the last one", async () => {
    const app = await failOnce();
    const first = idOf(app);
    app.images.nextPuts.push(refusal);
    await retry(app, first);
    await app.run();
    const second = app.recordOf("web.json");
    expect(second).toMatchObject({ state: "failed", attempt: 2 });
    expect(await retry(app, first)).toMatchObject({
      outcome: "retried",
      record: { requestId: second.requestId },
    });
    expect(await retry(app, second.requestId)).toMatchObject({
      outcome: "opened",
      record: { attempt: 3, retryOf: second.requestId },
    });
  });

  it("refuses a request that is open", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    expect(await retry(app)).toEqual({ outcome: "open", state: "received" });
    expect(app.records.all()).toHaveLength(1);
  });

  it("refuses when the manifest is gone, or was uploaded again", async () => {
    const app = await failOnce();
    const old = idOf(app);
    app.blobs.putText(MANIFEST_BLOB, JSON.stringify(MANIFEST));
    expect(await retry(app, old)).toEqual({ outcome: "changed", source: "web.json" });
    app.blobs.remove(MANIFEST_BLOB);
    expect(await retry(app, old)).toEqual({ outcome: "gone", source: "web.json" });
    expect(recordsOf(app, "web.json")).toHaveLength(1);
  });

  it("refuses when a disk without a manifest was created again, not when pages were written", async () => {
    const app = createFakeApp();
    app.images.nextPuts.push(refusal);
    await app.uploadVhd("web.vhd", ofMetadata);
    await app.run();
    const old = idOf(app, "web.vhd");
    app.clock.advance(1);
    app.blobs.writeFooter({ container: "uploads", name: "web.vhd" }, makeFooter());
    expect(await retry(app, old)).toMatchObject({ outcome: "opened" });
    await app.run();
    const second = app.recordOf("web.vhd");
    expect(second).toMatchObject({ state: "succeeded", attempt: 2 });
    app.clock.advance(1);
    app.blobs.createPageBlob({ container: "uploads", name: "web.vhd" }, 1024 ** 2);
    expect(await retry(app, second.requestId)).toEqual({ outcome: "changed", source: "web.vhd" });
  });

  it("refuses a disk without a manifest while those are ignored", async () => {
    const app = createFakeApp();
    await app.uploadVhd("web.vhd");
    await app.run();
    const context = { ...app.context, vhdWithoutManifest: "ignore" } as const;
    expect(await retryRequest(idOf(app, "web.vhd"), context)).toEqual({ outcome: "ignored" });
  });

  it("refuses after a hundred attempts", async () => {
    const app = await failOnce();
    const stored = await app.records.get(idOf(app));
    if (stored === null) throw new Error("the record is there");
    await app.records.save({ ...stored.record, attempt: MAX_ATTEMPTS }, stored);
    expect(await retry(app)).toEqual({ outcome: "exhausted" });
  });

  it.each(["nobody", "", "abcdefghijklmnop2345"])("knows no request '%s'", async (requestId) => {
    expect(await retryRequest(requestId, createFakeApp().context)).toEqual({ outcome: "unknown" });
  });
});

describe("a retry", () => {
  it("adopts the image that Azure finished after the first attempt had failed", async () => {
    const app = createFakeApp({ timing: { createDeadlineSeconds: 60 } });
    app.images.nextPolls.push(
      ...Array.from(
        { length: 50 },
        () => ({ status: "running", retryAfterSeconds: null }) as const,
      ),
    );
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", MANIFEST);
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: { code: "CreateTimedOut" },
    });
    app.images.nextPolls.length = 0;
    await retry(app);
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", attempt: 2 });
    expect(app.images.puts).toHaveLength(1);
  });

  it("does not take an image as its own that was made from an earlier content of the disk", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", MANIFEST);
    await app.run();
    app.clock.advance(1);
    app.blobs.writeFooter(OS_BLOB, makeFooter());
    await retry(app);
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: { code: "ImageExists", message: expect.stringContaining("earlier upload of os.vhd") },
    });
    expect(app.images.puts).toHaveLength(1);
  });

  it("makes the image of a succeeded request again when that was deleted", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", MANIFEST);
    await app.run();
    app.images.existing.clear();
    await retry(app);
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(app.images.puts).toHaveLength(2);
  });

  it("keeps the disks of its manifest, which belong to the first attempt too", async () => {
    const app = await failOnce();
    await retry(app);
    await app.uploadVhd("os.vhd", ofMetadata);
    await app.run();
    expect(app.recordOf("os.vhd")).toMatchObject({ state: "canceled" });
    expect(app.recordOf("os.vhd").events.at(-1)?.message).not.toContain("failed");
    expect(app.images.puts).toHaveLength(1);
  });

  it("takes the data disks of a disk without a manifest in again, and late ones learn of it", async () => {
    const app = createFakeApp();
    app.images.nextPuts.push(refusal);
    await app.uploadVhd("web.vhd", ofMetadata);
    await app.uploadVhd("web.lun0.vhd");
    await app.run();
    await retry(app, idOf(app, "web.vhd"));
    await app.run();
    expect(app.recordOf("web.vhd")).toMatchObject({ state: "succeeded", attempt: 2 });
    expect(app.recordOf("web.vhd").disks).toHaveLength(2);
    await app.uploadVhd("web.lun1.vhd");
    await app.run();
    expect(app.recordOf("web.lun1.vhd")).toMatchObject({
      state: "failed",
      error: { code: "DataDiskTooLate" },
    });
  });

  it("of a canceled disk leaves it to the manifest that names it", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    await app.uploadVhd("os.vhd", ofMetadata);
    await app.run();
    await retry(app, idOf(app, "os.vhd"));
    await app.run();
    expect(recordsOf(app, "os.vhd").map(({ state }) => state)).toEqual(["canceled", "canceled"]);
    expect(app.images.puts).toHaveLength(1);
  });
});

describe("a process that dies in a retry", () => {
  /** Opens a request that is canceled, retries it with a crash, and lets the sweep do the rest. */
  async function retryWithCrash(crashAt: number | null) {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", MANIFEST);
    await app.run(() => app.recordOf("web.json").state === "waiting");
    const old = idOf(app);
    await cancelRequest(old, app.context);
    await app.run();
    const points = installCrashPoints(app, crashAt);
    const died = await retry(app, old).then(
      () => false,
      (error: unknown) => error instanceof CrashError,
    );
    const isOpened = app.records.all().some(({ retryOf }) => retryOf === old);
    return { app, old, died, isOpened, reached: [...points.reached] };
  }

  it("leaves two records that name each other, or none, whatever it died on", async () => {
    const { reached } = await retryWithCrash(null);
    expect(reached).toEqual([
      "records.create:before",
      "records.create:after",
      "workQueue.send:before",
      "workQueue.send:after",
      "records.save:before",
      "records.save:after",
    ]);
    for (const [index, point] of reached.entries()) {
      const { app, old, died, isOpened } = await retryWithCrash(index);
      expect([point, died, isOpened]).toEqual([point, true, point !== "records.create:before"]);
      if (!isOpened) continue;
      app.clock.advance(app.context.timing.overdueSeconds + 1);
      await sweep(app.context);
      await app.run();
      const retried = (await app.records.get(old))?.record;
      expect(retried, point).toMatchObject({ state: "canceled", retriedBy: idOf(app) });
      expect(app.recordOf("web.json"), point).toMatchObject({ state: "succeeded", retryOf: old });
      expect(app.images.puts, point).toHaveLength(1);
    }
  });
});
