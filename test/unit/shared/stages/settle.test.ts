import { describe, expect, it } from "vitest";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";
import { DISK_BYTES, makeFooter, VHD_BYTES } from "../../../fakes/vhd.ts";

const os = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const manifest = { properties: { storageProfile: { osDisk: os } } };
const osRef = { container: "uploads", name: "os.vhd" };

async function settled(app: FakeApp): Promise<void> {
  await app.run(
    () =>
      app.recordOf("web.json").state !== "received" && app.recordOf("web.json").state !== "waiting",
  );
}

describe("settle", () => {
  it("submits a manifest that came after its VHD within SETTLE_MIN_SECONDS", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.runFor(60);
    const uploadedAt = app.clock.now();
    await app.uploadManifest("web.json", manifest);
    await settled(app);
    const waited = app.clock.now().getTime() - uploadedAt.getTime();
    expect(app.recordOf("web.json").state).toBe("submitting");
    expect(waited).toBe(10_000);
  });

  it("waits SETTLE_SECONDS for a VHD that came after its manifest", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    await app.runFor(1000);
    await app.uploadVhd("os.vhd");
    const uploadedAt = app.clock.now();
    await settled(app);
    expect((app.clock.now().getTime() - uploadedAt.getTime()) / 1000).toBe(300);
  });

  it("says for which blob it waits and why", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    await app.runFor(0);
    expect(app.recordOf("web.json").disks).toMatchObject([{ state: "missing" }]);
    app.blobs.createPageBlob(osRef, VHD_BYTES);
    await app.event("os.vhd");
    await app.runFor(120);
    app.blobs.writeFooter(osRef, makeFooter());
    await app.runFor(61);
    expect(app.recordOf("web.json").disks).toMatchObject([
      { state: "uploading", detail: expect.stringMatching(/^last written \d+ s ago$/) },
    ]);
    app.blobs.setCopyStatus(osRef, "pending");
    await app.runFor(60);
    expect(app.recordOf("web.json").disks).toMatchObject([
      { state: "copying", detail: "server-side copy in progress" },
    ]);
  });

  it("never submits while pages go on coming", async () => {
    const app = createFakeApp();
    app.blobs.createPageBlob(osRef, VHD_BYTES);
    await app.uploadManifest("web.json", manifest);
    await app.runFor(2);
    app.blobs.writeFooter(osRef, makeFooter());
    for (let minute = 0; minute < 30; minute++) {
      app.blobs.writePage(osRef);
      await app.runFor(240);
      expect(app.recordOf("web.json").state).toBe("waiting");
    }
    await settled(app);
    expect(app.recordOf("web.json").state).toBe("submitting");
  });

  it("waits for the footer of an upload that pauses in the middle", async () => {
    const app = createFakeApp();
    app.blobs.createPageBlob(osRef, VHD_BYTES);
    await app.uploadManifest("web.json", manifest);
    await app.runFor(3600);
    expect(app.recordOf("web.json")).toMatchObject({
      state: "waiting",
      disks: [{ state: "uploading", detail: expect.stringContaining("no VHD footer") }],
    });
    app.blobs.writeFooter(osRef, makeFooter());
    await settled(app);
    expect(app.recordOf("web.json").state).toBe("submitting");
  });

  it("does not read a checked disk again while it waits for another", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    const dataDisks = [{ lun: 0, blobUri: "late.vhd" }];
    await app.uploadManifest("web.json", {
      properties: { storageProfile: { osDisk: os, dataDisks } },
    });
    const reads = () => app.blobs.reads.filter(({ ref }) => ref.name === "os.vhd").length;
    await app.runFor(600);
    const first = reads();
    expect(first).toBeGreaterThan(0);
    await app.runFor(1800);
    expect(reads()).toBe(first);
    expect(app.recordOf("web.json").disks).toMatchObject([
      { state: "complete" },
      { state: "missing" },
    ]);
  });

  it("checks a disk again that changed after it had been complete", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    const dataDisks = [{ lun: 0, blobUri: "late.vhd" }];
    await app.uploadManifest("web.json", {
      properties: { storageProfile: { osDisk: os, dataDisks } },
    });
    await app.runFor(600);
    app.blobs.writePage(osRef);
    await app.runFor(61);
    expect(app.recordOf("web.json").disks[0]).toMatchObject({ state: "uploading" });
  });

  it.each([
    {
      what: "a dynamic VHD",
      footer: makeFooter({ type: "dynamic" }),
      code: "InvalidVhd",
      says: "is a dynamic VHD",
    },
    {
      what: "a wrong checksum",
      footer: makeFooter({ breakChecksum: true }),
      code: "InvalidVhd",
      says: "has a VHD footer whose checksum does not match",
    },
    {
      what: "no footer but data",
      footer: new Uint8Array(512).fill(7),
      code: "InvalidVhd",
      says: "has no VHD footer",
    },
    {
      what: "another length",
      footer: makeFooter({ virtualSize: DISK_BYTES + 1024 ** 2 }),
      code: "VHDSizeInvalid",
      says: "is 67109376 bytes long",
      fixSays: "Upload the whole file again",
    },
  ])("fails $what with its fix", async ({ footer, code, says, fixSays = "qemu-img" }) => {
    const app = createFakeApp();
    app.blobs.createPageBlob(osRef, VHD_BYTES);
    app.blobs.writeFooter(osRef, footer);
    await app.uploadManifest("web.json", { ...manifest, convert: "never" });
    await app.run();
    const { state, error } = app.recordOf("web.json");
    expect(state).toBe("failed");
    expect(error).toMatchObject({
      code,
      target: "os.vhd",
      fix: expect.stringContaining(fixSays),
    });
    expect(error?.message).toContain(`os.vhd ${says}`);
    expect(app.recordOf("web.json").disks).toMatchObject([
      { state: "complete", detail: error?.message },
    ]);
    expect(app.images.puts).toEqual([]);
  });

  it.each([
    { role: "OS", names: "osDisk", code: "IncorrectImageBlobType" },
    { role: "data", names: "dataDisks", code: "IncorrectDiskBlobType" },
  ])("fails a block blob as $role disk at once", async ({ names, code }) => {
    const app = createFakeApp();
    app.blobs.putText({ container: "uploads", name: "block.vhd" }, "x");
    const blobUri = "block.vhd";
    const storageProfile =
      names === "osDisk"
        ? { osDisk: { ...os, blobUri } }
        : { osDisk: os, dataDisks: [{ lun: 0, blobUri }] };
    await app.uploadManifest("web.json", { properties: { storageProfile } });
    await app.runFor(1);
    expect(app.recordOf("web.json").error).toMatchObject({
      code,
      message: expect.stringMatching(
        /^block\.vhd is a block blob; a VHD must be a page blob\. block\.vhd has no VHD footer/,
      ),
    });
  });

  it("fails a fixed VHD that is cut short in the same words when it may be converted", async () => {
    const app = createFakeApp();
    app.blobs.createPageBlob(osRef, VHD_BYTES);
    app.blobs.writeFooter(osRef, makeFooter({ virtualSize: DISK_BYTES + 1024 ** 2 }));
    await app.uploadManifest("web.json", manifest);
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "VHDSizeInvalid",
      message: expect.stringContaining("os.vhd is 67109376 bytes long"),
    });
  });

  it("names an append blob for what it is, and never converts one", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    const { getProperties } = app.blobs;
    app.blobs.getProperties = async (ref) => {
      const blob = await getProperties(ref);
      return blob?.name === "os.vhd" ? { ...blob, type: "AppendBlob" } : blob;
    };
    await app.uploadManifest("web.json", manifest);
    await app.run();
    expect(app.recordOf("web.json").error?.message).toContain("is an append blob");
    expect(app.targets.calls).toEqual([]);
  });

  it("waits for an empty page blob as for one without footer", async () => {
    const app = createFakeApp();
    app.blobs.createPageBlob(osRef, 0);
    await app.uploadManifest("web.json", manifest);
    await app.runFor(600);
    expect(app.recordOf("web.json").state).toBe("waiting");
  });

  it("checks again when a blob changed while its footer was being read", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", manifest);
    const { read } = app.blobs;
    let changes = 1;
    app.blobs.read = async (ref, range) => {
      if (ref.name === "os.vhd" && changes-- > 0) app.blobs.writePage(ref);
      return read(ref, range);
    };
    await settled(app);
    expect(app.recordOf("web.json").state).toBe("submitting");
  });

  it("passes on an error of storage, for the queue to repeat the step", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", manifest);
    const { read } = app.blobs;
    app.blobs.read = async (ref, range) =>
      ref.name === "os.vhd" ? Promise.reject(new Error("503")) : read(ref, range);
    await expect(app.run()).rejects.toThrow("503");
  });

  it("cancels a request whose manifest is deleted while it waits", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    await app.runFor(30);
    app.blobs.remove({ container: "uploads", name: "web.json" });
    await app.run();
    expect(app.recordOf("web.json").events.at(-1)).toMatchObject({
      state: "canceled",
      message: expect.stringContaining("deleted"),
    });
  });

  it("cancels a request whose manifest is replaced while it waits, and carries out the new one", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    const first = app.recordOf("web.json").requestId;
    await app.runFor(30);
    await app.uploadManifest("web.json", { imageName: "web2", ...manifest });
    await app.uploadVhd("os.vhd");
    await app.run();
    expect((await app.records.get(first))?.record.state).toBe("canceled");
    expect(app.images.puts.map(({ id }) => id.split("/").at(-1))).toEqual(["web2"]);
  });

  it("ends after WAIT_DEADLINE_HOURS with what is missing", async () => {
    const app = createFakeApp({ timing: { waitDeadlineSeconds: 3600 } });
    app.blobs.createPageBlob(osRef, VHD_BYTES);
    const dataDisks = [
      { lun: 0, blobUri: "never.vhd" },
      {
        lun: 1,
        snapshot: {
          id: "/subscriptions/{subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/snapshots/s",
        },
      },
    ];
    await app.uploadManifest("web.json", {
      properties: { storageProfile: { osDisk: os, dataDisks } },
    });
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: {
        code: "UploadIncomplete",
        retryable: true,
        details: [
          {
            target: "os.vhd",
            message: expect.stringContaining("uploading, last written 2026-03-01T12:00:00.000Z"),
          },
          { target: "never.vhd", message: "missing" },
        ],
      },
    });
  });
});
