import { describe, expect, it } from "vitest";
import { CONTAINER, createFakeApp, type FakeApp } from "../../fakes/app.ts";
import { makeFooter, VHD_BYTES } from "../../fakes/vhd.ts";
import { CONTENT_MD5 } from "../../uploaders/tools.ts";

const vhd = { container: CONTAINER, name: "os.vhd" };
const manifest = {
  properties: {
    storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" } },
  },
};
const defaults = { osType: "Linux", osState: "Generalized" } as const;
const running = { status: "running", retryAfterSeconds: null } as const;

function statesOf(app: FakeApp, name: string): readonly string[] {
  return app.records
    .all()
    .filter(({ source }) => source.name === name)
    .map(({ state }) => state);
}

describe("a blob that is deleted while a manifest waits for it", () => {
  it("is missing until it comes again, and then becomes the image", async () => {
    const app = createFakeApp();
    app.blobs.createPageBlob(vhd, VHD_BYTES);
    await app.uploadManifest("web.json", manifest);
    await app.runFor(600);
    app.blobs.remove(vhd);
    await app.runFor(60);
    expect(app.recordOf("web.json").disks).toMatchObject([{ state: "missing" }]);
    await app.uploadVhd("os.vhd");
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(app.images.puts).toHaveLength(1);
  });

  it("is named as missing when the waiting time ends", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", manifest);
    await app.runFor(5);
    app.blobs.remove(vhd);
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "UploadIncomplete",
      details: [{ target: "os.vhd", message: "missing, last written 2026-03-01T12:00:00.000Z" }],
    });
  });
});

describe("a blob that is replaced while the app waits for it", () => {
  it("has no end mark in a Content-MD5 that the new blob had from the start", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    app.blobs.createPageBlob(vhd, VHD_BYTES);
    await app.event("os.vhd");
    await app.runFor(120);
    app.blobs.createPageBlob(vhd, VHD_BYTES);
    app.blobs.setContentMd5(vhd, CONTENT_MD5);
    app.blobs.writeFooter(vhd, makeFooter());
    await app.event("os.vhd");
    await app.runFor(299);
    expect(app.images.puts).toEqual([]);
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("is checked again after its predecessor had been found complete", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    const dataDisks = [{ lun: 0, blobUri: "late.vhd" }];
    const { osDisk } = manifest.properties.storageProfile;
    await app.uploadManifest("web.json", {
      properties: { storageProfile: { osDisk, dataDisks } },
    });
    await app.runFor(600);
    expect(app.recordOf("web.json").disks[0]?.state).toBe("complete");
    app.blobs.createPageBlob(vhd, VHD_BYTES);
    await app.uploadVhd("late.vhd");
    await app.runFor(1800);
    expect(app.recordOf("web.json").disks).toMatchObject([
      { state: "uploading", detail: expect.stringContaining("no VHD footer") },
      { state: "complete" },
    ]);
    expect(app.images.puts).toEqual([]);
  });
});

describe("a VHD without a manifest that changes between its check and the PUT", () => {
  /** An app whose request of `os.vhd` has been checked and is about to be submitted. */
  async function submitting(): Promise<FakeApp> {
    const app = createFakeApp({ defaults });
    await app.uploadVhd("os.vhd");
    await app.run(() => app.recordOf("os.vhd").state === "submitting");
    return app;
  }

  it("makes the request wait once more", async () => {
    const app = await submitting();
    app.blobs.writePage(vhd);
    await app.runFor(299);
    expect(app.images.puts).toEqual([]);
    await app.run();
    expect(app.images.puts).toHaveLength(1);
    expect(statesOf(app, "os.vhd")).toEqual(["succeeded"]);
  });

  it("is canceled when it was replaced, and the new one becomes the image", async () => {
    const app = await submitting();
    await app.uploadVhd("os.vhd");
    await app.runFor(299);
    expect(app.images.puts).toEqual([]);
    await app.run();
    expect(app.images.puts).toHaveLength(1);
    expect(statesOf(app, "os.vhd").toSorted()).toEqual(["canceled", "succeeded"]);
  });
});

describe("an image whose disk changed while the service read it", () => {
  it("is not a success of the upload that replaced the disk", async () => {
    const app = createFakeApp({ defaults });
    await app.uploadVhd("os.vhd");
    await app.run(() => app.recordOf("os.vhd").state === "creating");
    app.images.nextPolls.push(...Array.from({ length: 3 }, () => running));
    app.clock.advance(1);
    await app.uploadVhd("os.vhd");
    await app.run();
    expect(statesOf(app, "os.vhd")).toHaveLength(2);
    expect(statesOf(app, "os.vhd")).not.toContain("succeeded");
  });

  it("is not a success of a manifest that finds it still being created", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", manifest);
    await app.run(() => app.recordOf("web.json").state === "creating");
    app.images.nextPolls.push(...Array.from({ length: 8 }, () => running));
    app.blobs.writePage(vhd);
    app.clock.advance(1);
    await app.uploadManifest("web.json", manifest);
    await app.run();
    expect(statesOf(app, "web.json")).toHaveLength(2);
    expect(statesOf(app, "web.json")).not.toContain("succeeded");
  });

  it("is not a success of a manifest that finds it finished", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", manifest);
    await app.run(() => app.recordOf("web.json").state === "creating");
    app.blobs.writePage(vhd);
    await app.run();
    expect(app.recordOf("web.json").error?.code).toBe("SourceChangedDuringCreate");
    app.clock.advance(1);
    await app.uploadManifest("web.json", manifest);
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: { code: "ImageExists" },
    });
  });
});
