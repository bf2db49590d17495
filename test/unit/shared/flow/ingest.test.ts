import { describe, expect, it } from "vitest";
import { createFakeApp } from "../../../fakes/app.ts";

describe("ingest", () => {
  it("opens one request for an upload, however often its event comes", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", "{}");
    await app.event("web.json");
    await app.event("web.json");
    expect(app.records.all()).toHaveLength(1);
    expect(app.recordOf("web.json")).toMatchObject({
      state: "received",
      kind: "manifest",
      step: 1,
    });
  });

  it("opens a new request for a manifest that is rewritten", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", "{}");
    await app.uploadManifest("web.json", "{}");
    expect(app.records.all()).toHaveLength(2);
  });

  it("keeps one request for a VHD whose pages go on coming", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    app.blobs.writePage({ container: "uploads", name: "os.vhd" });
    await app.event("os.vhd");
    expect(app.records.all()).toHaveLength(1);
  });

  it("opens a new request for a VHD that is recreated", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    app.clock.advance(5);
    await app.uploadVhd("os.vhd");
    expect(app.records.all()).toHaveLength(2);
  });

  it("ignores other files and other containers with one log line each", async () => {
    const app = createFakeApp();
    await app.event("readme.txt");
    app.blobs.putText({ container: "other", name: "web.json" }, "{}");
    const { ingest } = await import("../../../../shared/flow/ingest.ts");
    await ingest({ container: "other", name: "web.json" }, app.context);
    expect(app.records.all()).toEqual([]);
    expect(app.log.lines.map(({ event }) => event)).toEqual(["upload.ignored", "upload.ignored"]);
  });

  it("does nothing for a blob that is gone when its event comes", async () => {
    const app = createFakeApp();
    await app.event("web.json");
    expect(app.records.all()).toEqual([]);
    expect(app.log.lines).toMatchObject([{ event: "upload.gone" }]);
  });

  it("sends the first step again for a request that a crash left without one", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", "{}");
    app.workQueue.pending.length = 0;
    await app.event("web.json");
    expect(app.workQueue.pending).toMatchObject([{ message: { step: 1 } }]);
  });

  it("sends nothing for a request that is on its way", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.runFor(1);
    app.workQueue.pending.length = 0;
    await app.event("os.vhd");
    expect(app.workQueue.pending).toEqual([]);
  });

  it("opens nothing for VHDs when that is switched off, but wakes the manifests that wait for them", async () => {
    const app = createFakeApp({ vhdWithoutManifest: "ignore" });
    const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
    await app.uploadManifest("web.json", { properties: { storageProfile: { osDisk } } });
    await app.runFor(200);
    app.workQueue.pending.length = 0;
    await app.uploadVhd("os.vhd");
    expect(app.records.all()).toHaveLength(1);
    expect(app.workQueue.pending).toMatchObject([
      { message: { requestId: app.recordOf("web.json").requestId } },
    ]);
  });
});
