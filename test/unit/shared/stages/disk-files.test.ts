import { describe, expect, it } from "vitest";
import { DISK_FILES, diskFileOf } from "../../../../shared/disk/format/disk-files.ts";
import { createFakeApp } from "../../../fakes/app.ts";
import { makeFooter, VHD_BYTES } from "../../../fakes/vhd.ts";

const ref = (name: string) => ({ container: "uploads", name });

describe("a file that holds a disk in another form", () => {
  it.each(DISK_FILES.flatMap(({ extension }) => [`x${extension}`, `X${extension.toUpperCase()}`]))(
    "gets a request that says what it is and what to do: %s",
    async (name) => {
      const app = createFakeApp();
      app.blobs.putBytes(ref(name), Buffer.from("something else".repeat(100)));
      await app.event(name);
      await app.run();

      const { state, error, kind } = app.recordOf(name);
      expect([state, kind, error?.code]).toEqual(["failed", "vhd", "InvalidVhd"]);
      expect(error?.message).toContain(`${name} is ${diskFileOf(name)?.what}`);
      expect(error?.fix).toBeTruthy();
    },
  );

  it("is named by its content where that says something else", async () => {
    const app = createFakeApp({ conversion: { mode: "never" } });
    app.blobs.putBytes(ref("x.qcow2"), Buffer.from("vhdxfile".padEnd(4096, "\0")));
    await app.event("x.qcow2");
    await app.run();

    expect(app.recordOf("x.qcow2").error?.message).toBe(
      "x.qcow2 is a VHDX file, not a VHD. Its name says that it is a qcow2 image.",
    );
  });

  it("is recognized when it is a VHD under another name", async () => {
    const app = createFakeApp({ conversion: { mode: "never" } });
    app.blobs.createPageBlob(ref("x.img"), VHD_BYTES);
    app.blobs.writeFooter(ref("x.img"), makeFooter());
    await app.event("x.img");
    await app.run();

    expect(app.recordOf("x.img").error).toMatchObject({
      message: expect.stringContaining("is a fixed VHD, but its name does not end with .vhd"),
      fix: expect.stringContaining("Upload it again as a page blob named x.vhd.\nOr let the app"),
    });
  });

  it("gets no request where VHDs without a manifest get none", async () => {
    const app = createFakeApp({ vhdWithoutManifest: "ignore" });
    app.blobs.putBytes(ref("x.vhdx"), Buffer.from("vhdxfile"));
    await app.event("x.vhdx");

    expect(app.records.all()).toEqual([]);
  });

  it("leaves other files alone", async () => {
    const app = createFakeApp();
    for (const name of ["readme.txt", "x.vhd.sha256", ".vhdx", "x.vhdy", "folder.img/notes"]) {
      app.blobs.putText(ref(name), "x");
      await app.event(name);
    }

    expect(app.records.all()).toEqual([]);
  });
});

describe("all mistakes of a disk", () => {
  it("are reported at once", async () => {
    const app = createFakeApp({ conversion: { mode: "never" } });
    const dynamic = new Uint8Array(4096);
    dynamic.set(makeFooter({ type: "dynamic" }), 4096 - 512);
    app.blobs.putBytes(ref("x.vhd"), dynamic);
    await app.event("x.vhd");
    await app.run();

    const { error } = app.recordOf("x.vhd");
    expect(error?.code).toBe("IncorrectImageBlobType");
    expect(error?.message).toMatch(/x\.vhd is a block blob; .* x\.vhd is a dynamic VHD/);
    expect(error?.details.map(({ code }) => code)).toEqual([
      "IncorrectImageBlobType",
      "InvalidVhd",
    ]);
  });
});

describe("a half-uploaded fixed VHD", () => {
  it("is recognized by its length, with how far it came", async () => {
    const app = createFakeApp();
    const length = 64 * 1024 * 1024 + 512;
    app.blobs.createPageBlob(ref("x.vhd"), length);
    app.blobs.putPages(ref("x.vhd"), 0, new Uint8Array(4 * 1024 * 1024).fill(7));
    app.blobs.putPages(ref("x.vhd"), 4 * 1024 * 1024, new Uint8Array(1024 * 1024).fill(7));
    await app.event("x.vhd");
    await app.runFor(3600);

    const [disk] = app.recordOf("x.vhd").disks;
    expect(disk?.state).toBe("uploading");
    expect(disk?.detail).toContain(
      `its length is that of a fixed VHD of 64 MiB whose end is missing; 5242880 of ${length} bytes (7.8 %) have been written, up to byte 5242880; last write 2026-`,
    );
    expect(disk?.detail).not.toContain("qemu-img");

    await app.run();
    expect(app.recordOf("x.vhd").error?.message).toContain(
      "fixed VHD of 64 MiB whose end is missing",
    );
  });
});

describe("a lease without end", () => {
  it("is a warning with the command that breaks it", async () => {
    const app = createFakeApp();
    const metadata = { ostype: "Linux", osstate: "Generalized" };
    await app.uploadVhd("it's.vhd", { ...metadata, imagename: "its" });
    app.blobs.setLease(ref("it's.vhd"), "infinite");
    await app.run();

    expect(app.recordOf("it's.vhd").state).toBe("succeeded");
    expect(app.recordOf("it's.vhd").disks[0]?.warnings).toContainEqual(
      expect.stringContaining(
        `az storage blob lease break --container-name uploads --blob-name 'it'\\''s.vhd'`,
      ),
    );
  });

  it("is nothing special where it ends by itself", async () => {
    const app = createFakeApp();
    await app.uploadVhd("x.vhd", { ostype: "Linux", osstate: "Generalized" });
    app.blobs.setLease(ref("x.vhd"), "fixed");
    await app.run();

    expect(JSON.stringify(app.recordOf("x.vhd").disks)).not.toContain("lease");
  });
});

describe("a VHD of a suspended machine", () => {
  it("is a warning", async () => {
    const app = createFakeApp();
    const footer = makeFooter({ isSavedState: true });
    app.blobs.createPageBlob(ref("x.vhd"), VHD_BYTES, { ostype: "Linux", osstate: "Generalized" });
    app.blobs.writeFooter(ref("x.vhd"), footer);
    await app.event("x.vhd");
    await app.run();

    const { state, disks } = app.recordOf("x.vhd");
    expect(state).toBe("succeeded");
    expect(disks[0]?.warnings[0]).toContain("was saved while its virtual machine was suspended");
  });
});
