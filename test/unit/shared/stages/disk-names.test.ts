import { describe, expect, it } from "vitest";
import { buildVhdx } from "../../../disks/maps/build-block-formats.ts";
import { createFakeApp } from "../../../fakes/app.ts";

const ref = (name: string) => ({ container: "uploads", name });
const metadata = { ostype: "Linux", osstate: "Generalized", hypervgeneration: "V1" };

describe("a data disk by its name", () => {
  it.each([
    ["a.LUN0.vhd", "a.vhd"],
    ["a.lun0.VHD", "a.vhd"],
    ["A.lun0.vhd", "a.vhd"],
    ["a.Lun0.vhd", "A.VHD"],
    ["Team/A.lun0.vhd", "team/a.vhd"],
  ])("%s joins %s", async (data, os) => {
    for (const order of [
      [data, os],
      [os, data],
    ]) {
      const app = createFakeApp();
      for (const name of order) await app.uploadVhd(name, name === os ? metadata : {});
      await app.run();

      expect(app.recordOf(os)).toMatchObject({
        state: "succeeded",
        disks: [
          { role: "os", ref: ref(os) },
          { role: "data", lun: 0, ref: ref(data) },
        ],
      });
      expect(app.recordOf(data).events.at(-1)?.message).toContain(`is data disk 0 of ${os}`);
    }
  });

  it("joins before its event has come", async () => {
    const app = createFakeApp();
    app.blobs.createPageBlob(ref("a.LUN1.vhd"), 512);
    app.blobs.remove(ref("a.LUN1.vhd"));
    await app.uploadVhd("a.vhd", metadata);
    await app.uploadVhd("a.lun1.vhd");
    await app.run();

    expect(app.recordOf("a.vhd").disks).toHaveLength(2);
  });

  it("in another format belongs to its OS disk, whose request fails when it is damaged", async () => {
    const app = createFakeApp();
    app.blobs.putBytes(ref("a.lun0.vhdx"), Buffer.from("vhdxfile".padEnd(4096, "\0")));
    await app.event("a.lun0.vhdx");
    await app.uploadVhd("a.vhd", metadata);
    await app.run();

    expect(app.recordOf("a.lun0.vhdx").state).toBe("canceled");
    expect(app.recordOf("a.vhd")).toMatchObject({
      state: "failed",
      error: { message: expect.stringContaining("a.lun0.vhdx has a header at byte 65536") },
    });
    expect(app.images.puts).toEqual([]);
  });
});

describe("a data disk in another format by its name", () => {
  it("is converted for the image of its OS disk", async () => {
    const app = createFakeApp();
    app.blobs.putBytes(ref("a.lun0.vhdx"), buildVhdx({ slots: ["data"], order: [], cut: 0 }));
    await app.event("a.lun0.vhdx");
    await app.uploadVhd("a.vhd", metadata);
    await app.run();

    expect(app.recordOf("a.lun0.vhdx").state).toBe("canceled");
    const { state, disks } = app.recordOf("a.vhd");
    expect(state).toBe("succeeded");
    expect(disks.map(({ conversion }) => conversion?.from ?? null)).toEqual([null, "vhdx"]);
    const target = disks[1]?.conversion?.to.name ?? "none";
    expect(JSON.stringify(app.images.puts[0]?.body)).toContain(`/converted/${target}`);
  });
});

describe("blobs whose names differ by case or extension only", () => {
  it.each([
    ["OS disks", ["a.vhd", "A.vhd"]],
    ["OS disks by their extension", ["a.vhd", "a.VHD"]],
    ["OS disks in two formats", ["a.vhd", "a.vhdx"]],
    ["OS disks of which none is a VHD", ["a.qcow2", "a.vhdx", "a.vmdk"]],
    ["data disks", ["b.lun0.vhd", "b.LUN0.vhd"]],
    ["data disks in two formats", ["b.lun0.vhd", "b.lun0.vhdx"]],
  ])("fail both: %s", async (_, names) => {
    const app = createFakeApp();
    await app.uploadVhd("b.vhd", metadata);
    for (const name of names) await app.uploadVhd(name, metadata);
    await app.run();

    for (const name of names) {
      const { state, error } = app.recordOf(name);
      expect([state, error?.code]).toEqual(["failed", "AmbiguousNames"]);
      for (const other of names) expect(error?.message).toContain(other);
    }
    // A data disk whose name is ambiguous is not left out of the image.
    const isData = names.some((name) => name.startsWith("b."));
    expect(app.recordOf("b.vhd").state).toBe(isData ? "failed" : "succeeded");
  });

  it("make no second image when the first is there: the later upload fails, and its error names both", async () => {
    const app = createFakeApp();
    await app.uploadVhd("a.vhd", metadata);
    await app.run();
    app.blobs.putBytes(ref("a.vhdx"), buildVhdx({ slots: ["data"], order: [], cut: 0 }));
    app.blobs.setMetadata(ref("a.vhdx"), metadata);
    await app.event("a.vhdx");
    await app.run();

    expect(app.recordOf("a.vhd").state).toBe("succeeded");
    expect(app.recordOf("a.vhdx")).toMatchObject({
      state: "failed",
      error: { code: "AmbiguousNames", message: expect.stringContaining("a.vhd and a.vhdx") },
    });
    expect(app.images.puts).toHaveLength(1);
    expect(app.targets.calls).toEqual([]);
  });

  it("are distinguished by a manifest", async () => {
    const app = createFakeApp();
    app.blobs.putBytes(ref("a.vhdx"), buildVhdx({ slots: ["data"], order: [], cut: 0 }));
    await app.uploadVhd("a.vhd", metadata);
    await app.event("a.vhdx");
    const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "a.vhdx" };
    await app.uploadManifest("b.json", {
      properties: { hyperVGeneration: "V1", storageProfile: { osDisk } },
    });
    await app.run();

    expect(app.recordOf("b.json")).toMatchObject({
      state: "succeeded",
      disks: [{ conversion: { from: "vhdx", isDone: true } }],
    });
    expect(app.recordOf("a.vhdx").state).toBe("canceled");
    expect(app.images.puts).toHaveLength(1);
  });

  it("do not matter any more when one has been deleted", async () => {
    const app = createFakeApp();
    await app.uploadVhd("A.vhd", metadata);
    app.blobs.remove(ref("A.vhd"));
    await app.uploadVhd("a.vhd", metadata);
    await app.run();

    expect(app.recordOf("a.vhd").state).toBe("succeeded");
  });
});
