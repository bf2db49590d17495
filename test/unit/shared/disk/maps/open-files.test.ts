import { describe, expect, it } from "vitest";
import { buildFooter } from "../../../../../local/sample-vhds/footer.ts";
import { DiskReadError } from "../../../../../shared/disk/disk-reader.ts";
import { openDiskMap } from "../../../../../shared/disk/maps/open-disk-map.ts";
import { buildVdi, buildVhd, buildVhdx } from "../../../../disks/maps/build-block-formats.ts";
import { buildQcow2, buildTar, buildVmdk } from "../../../../disks/maps/build-two-level-formats.ts";
import { countFile, mapFile } from "../../../../disks/maps/check-map.ts";
import { type DiskPlan, Structure } from "../../../../disks/maps/placement.ts";

const MIB = 1024 * 1024;
const PLAN: DiskPlan = {
  slots: ["data", "none", "data"],
  order: [1, 0, 0],
  cut: 0,
};
const UUID = "11111111-2222-3333-4444-555555555555";
const createdAt = new Date(Date.UTC(2024, 0, 1));

function footerOf(diskBytes: number): Buffer {
  return buildFooter({ virtualSizeBytes: diskBytes, uuid: UUID, createdAt, type: "fixed" });
}

/** A disk of 2 MiB and a sector with an MBR and one partition. */
function makeDisk(): Buffer {
  const disk = Buffer.alloc(2 * MIB + 512);
  disk.writeUInt8(0x83, 0x1be + 4);
  disk.writeUInt32LE(8, 0x1be + 8);
  disk.writeUInt32LE(100, 0x1be + 12);
  disk.writeUInt16BE(0x55aa, 510);
  return disk;
}

const DISK = makeDisk();
const FOOTER = footerOf(DISK.length);

function edited(footer: Buffer, edit: (footer: Buffer) => void): Buffer {
  const copy = Buffer.from(footer);
  edit(copy);
  return copy;
}

async function open(...parts: readonly Uint8Array[]) {
  return mapFile(countFile(Buffer.concat(parts)).reader);
}

describe("a fixed VHD", () => {
  const whole = { format: "vhd-fixed", virtualBytes: DISK.length, paddedBytes: 3 * MIB };
  it.each([
    ["of a size that is not in whole MiB", [DISK, FOOTER]],
    ["with a footer of 511 bytes", [DISK, FOOTER.subarray(0, 511)]],
    ["with zeros after its footer", [DISK, FOOTER, Buffer.alloc(1024)]],
    [
      "with a damaged footer that has its size",
      [DISK, edited(FOOTER, (at) => at.writeUInt8(1, 90))],
    ],
    [
      "with a damaged size, the original one being right",
      [DISK, edited(FOOTER, (at) => at.writeUInt8(9, 50))],
    ],
    [
      "with a footer without any size, by its partition table",
      [DISK, edited(FOOTER, (at) => at.fill(0xee, 40, 60))],
    ],
  ])("%s is one run of bytes, padded", async (_, parts) => {
    expect(await open(...parts)).toMatchObject({
      kind: "map",
      map: whole,
      extents: [
        { kind: "copy", guestOffset: 0, fileOffset: 0, length: DISK.length },
        { kind: "zero", guestOffset: DISK.length, length: 3 * MIB - DISK.length },
      ],
    });
  });

  it.each([
    ["that lost bytes", [DISK.subarray(512), FOOTER], "cut-short", "only 2097152 bytes precede it"],
    [
      "with bytes too many",
      [DISK, Buffer.alloc(512), FOOTER],
      "damaged",
      "2098176 bytes precede it",
    ],
    [
      "with nothing to go by",
      [Buffer.alloc(MIB, 7), edited(FOOTER, (at) => at.fill(0xee, 40, 60))],
      "damaged",
      "does not show what the disk's size is",
    ],
    [
      "of an unknown type",
      [DISK, sealed(edited(FOOTER, (at) => at.writeUInt32BE(9, 60)))],
      "damaged",
      "unknown type 9",
    ],
    ["without a disk", [sealed(edited(FOOTER, (at) => at.fill(0, 40, 56)))], "damaged", "0 bytes"],
  ])("%s is refused", async (_, parts, reason, message) => {
    expect(await open(...parts)).toMatchObject({
      kind: "refused",
      refusal: { reason, message: expect.stringContaining(message) },
    });
  });
});

/** A footer with its checksum made right. */
function sealed(footer: Buffer): Buffer {
  footer.writeUInt32BE(0, 64);
  const sum = footer.reduce((total, byte) => total + byte, 0);
  footer.writeUInt32BE(~sum >>> 0, 64);
  return footer;
}

describe("a dynamic VHD", () => {
  it("with a damaged footer is opened by the copy at its start", async () => {
    const file = buildVhd(PLAN);
    file[file.length - 400] = 0xaa;
    expect(await open(file)).toMatchObject({ kind: "map", map: { format: "vhd-dynamic" } });
  });

  it("of which only the beginning is there is refused", async () => {
    const file = buildVhd(PLAN);
    expect(await open(file.subarray(0, file.length - 512))).toMatchObject({
      refusal: { reason: "cut-short", message: expect.stringContaining("cut short") },
    });
  });

  it.each([
    ["no header", (at: Buffer) => at.write("nonsense", 512), "no 'cxsparse' header"],
    ["blocks of 3 bytes", (at: Buffer) => at.writeUInt32BE(3, 544), "blocks of 3 bytes"],
    ["a table that is too small", (at: Buffer) => at.writeUInt32BE(1, 540), "table of 1 entries"],
    ["a header of another version", (at: Buffer) => at.writeUInt32BE(7, 536), "version 7"],
    [
      "a table that is not in the file",
      (at: Buffer) => at.writeUInt32BE(9, 528),
      "file ends after",
    ],
  ])("with %s is refused", async (_, edit, message) => {
    const file = Buffer.from(buildVhd(PLAN));
    edit(file);
    file.writeUInt32BE(0, 548);
    const sum = file.subarray(512, 1536).reduce((total, byte) => total + byte, 0);
    file.writeUInt32BE(~sum >>> 0, 548);
    expect(await open(file)).toMatchObject({
      refusal: { message: expect.stringContaining(message) },
    });
  });

  it("that has a parent is refused", async () => {
    const file = Buffer.from(buildVhd(PLAN));
    const end = file.length - 512;
    file.set(sealed(edited(file.subarray(end), (at) => at.writeUInt32BE(4, 60))), end);
    expect(await open(file)).toMatchObject({ refusal: { reason: "has-parent" } });
  });
});

describe("a file that is not a disk", () => {
  it.each([
    ["nothing", Buffer.alloc(0), "no-disk"],
    ["one byte", Buffer.alloc(1, 1), "no-disk"],
    ["blank bytes", Buffer.alloc(MIB), "no-disk"],
    ["text", Buffer.from("hello ".repeat(1000)), "no-disk"],
    ["a gzip file", Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.alloc(600)]), "archive"],
    [
      "a qcow image of version 1",
      new Structure(600).text(0, "QFI\xfb").be32(4, 1).bytes,
      "unsupported",
    ],
    ["the descriptor of a VMDK", Buffer.from("# Disk DescriptorFile\nversion=1\n"), "many-files"],
  ])("%s is refused", async (_, file, reason) => {
    expect(await open(file)).toMatchObject({ kind: "refused", refusal: { reason } });
  });

  it("with a partition table is a raw disk", async () => {
    expect(await open(DISK)).toMatchObject({ kind: "map", map: { format: "raw" } });
  });
});

type Build = () => Uint8Array;
const WRONG: readonly (readonly [string, Build, (at: Buffer) => unknown, string])[] = [
  ["a VDI of version 0.1", () => buildVdi(PLAN), (at) => at.writeUInt32LE(1, 0x44), "version 0.1"],
  ["a VDI of type 9", () => buildVdi(PLAN), (at) => at.writeUInt32LE(9, 0x4c), "type 9"],
  ["a VDI undo image", () => buildVdi(PLAN), (at) => at.writeUInt32LE(3, 0x4c), "differencing"],
  [
    "a VDI with large sectors",
    () => buildVdi(PLAN),
    (at) => at.writeUInt32LE(1, 0x168),
    "sectors of 1",
  ],
  [
    "a VDI with odd blocks",
    () => buildVdi(PLAN),
    (at) => at.writeUInt32LE(5, 0x178),
    "blocks of 5",
  ],
  [
    "a VDI with too few blocks",
    () => buildVdi(PLAN),
    (at) => at.writeUInt32LE(1, 0x180),
    "map of 1",
  ],
  [
    "a VHDX without headers",
    () => buildVhdx(PLAN),
    (at) => at.fill(0, 65_536, 196_608),
    "no header",
  ],
  [
    "a VHDX without regions",
    () => buildVhdx(PLAN),
    (at) => at.fill(0, 196_608, 327_680),
    "region table",
  ],
  [
    "a VHDX without metadata",
    () => buildVhdx(PLAN),
    (at) => at.fill(0, 3 * MIB, 3 * MIB + 8),
    "metadata table",
  ],
  [
    "a VHDX with odd blocks",
    () => buildVhdx(PLAN),
    (at) => at.writeUInt32LE(5, 3 * MIB + 65_536),
    "blocks of 5",
  ],
  [
    "a VHDX with sectors of 1",
    () => buildVhdx(PLAN),
    (at) => at.writeUInt32LE(1, 3 * MIB + 65_552),
    "sectors of 1",
  ],
  [
    "a VHDX with a missing item",
    () => buildVhdx(PLAN),
    (at) => at.writeUInt16LE(2, 3 * MIB + 10),
    "no metadata",
  ],
  [
    "a VHDX with an item elsewhere",
    () => buildVhdx(PLAN),
    (at) => at.writeUInt32LE(5, 3 * MIB + 48),
    "wrong place",
  ],
  [
    "a VHDX with a strange block",
    () => buildVhdx(PLAN),
    (at) => at.writeUInt8(4, 2 * MIB),
    "unknown state 4",
  ],
  ["a qcow2 with tiny clusters", () => buildQcow2(PLAN), (at) => at.writeUInt32BE(8, 20), "2^8"],
  [
    "a qcow2 with a moved L1 table",
    () => buildQcow2(PLAN),
    (at) => at.writeUInt32BE(5, 44),
    "not the start of a cluster",
  ],
  [
    "a qcow2 with a short L1 table",
    () => buildQcow2(PLAN),
    (at) => at.writeUInt32BE(0, 36),
    "0 entries",
  ],
  [
    "a qcow2 with another codec",
    () => buildQcow2(PLAN),
    (at) => {
      at.writeUInt32BE(8, 76);
      at.writeUInt8(9, 104);
    },
    "type 9",
  ],
  [
    "a qcow2 with a moved L2 table",
    () => buildQcow2(PLAN),
    (at) => at.writeUInt32BE(0x00ff_fe00, 516),
    "ends after",
  ],
  ["a VMDK of version 9", () => buildVmdk(PLAN), (at) => at.writeUInt32LE(9, 4), "version 9"],
  [
    "a VMDK with odd grains",
    () => buildVmdk(PLAN),
    (at) => at.writeUInt32LE(3, 20),
    "grains of 1536",
  ],
  ["a VMDK with other tables", () => buildVmdk(PLAN), (at) => at.writeUInt32LE(3, 44), "3 entries"],
  [
    "a VMDK without a directory",
    () => buildVmdk(PLAN),
    (at) => at.writeUInt32LE(0, 56),
    "directory",
  ],
  [
    "a VMDK without a descriptor",
    () => buildVmdk(PLAN),
    (at) => at.writeUInt32LE(0, 28),
    "several files",
  ],
  [
    "a VMDK with a huge descriptor",
    () => buildVmdk(PLAN),
    (at) => at.writeUInt32LE(9999, 36),
    "descriptor of",
  ],
  [
    "a VMDK with another compression",
    () => buildVmdk(PLAN, true),
    (at) => at.writeUInt16LE(7, 77),
    "unknown way",
  ],
  [
    "a VMDK with a table beyond the end",
    () => buildVmdk(PLAN),
    (at) => at.writeUInt32LE(9999, at.length - 512),
    "a grain table",
  ],
];

describe("a header that cannot be right", () => {
  it.each(WRONG)("%s is refused", async (_, build, edit, message) => {
    const file = Buffer.from(build());
    edit(file);
    expect(await open(file)).toMatchObject({
      kind: "refused",
      refusal: { message: expect.stringContaining(message) },
    });
  });
});

describe("an archive", () => {
  const vmdk = buildVmdk(PLAN);
  const large = Buffer.alloc(MIB);

  it("gives the disk in it, at its place in the archive", async () => {
    const alone = await open(vmdk);
    const opened = await openDiskMap(
      countFile(buildTar({ "a.ovf": large.subarray(0, 9), "b.vmdk": vmdk })).reader,
    );
    if (opened.kind !== "map" || alone.kind !== "map") throw new Error("refused");
    expect(opened.member).toBe("b.vmdk");
    const moved = [];
    for await (const extent of opened.map.extents()) moved.push(extent);
    expect(moved).toEqual(
      alone.extents.map((extent) =>
        extent.kind === "zero" ? extent : { ...extent, fileOffset: extent.fileOffset + 1536 },
      ),
    );
    expect(await opened.map.survey()).toMatchObject({ copyExtents: 2 });
  });

  it("gives a raw disk that is the only large file", async () => {
    const outcome = await open(buildTar({ "note.txt": large.subarray(0, 9), "disk.raw": DISK }));
    expect(outcome).toMatchObject({ kind: "map", map: { format: "raw" } });
  });

  it("counts bytes of the archive when a block is wrong further on", async () => {
    const bad = Buffer.from(vmdk);
    bad.writeUInt32LE(0x00ff_ffff, vmdk.length - 512 - 2048);
    expect(await open(buildTar({ "b.vmdk": bad }))).toMatchObject({
      refusal: { reason: "cut-short", offset: vmdk.length + 512 },
    });
  });

  it.each([
    ["two large files", buildTar({ a: large, b: large }), "2 files that may be disks"],
    [
      "six disks",
      buildTar(Object.fromEntries([..."abcdef"].map((name) => [name, vmdk]))),
      "(a, b, c, d, …)",
    ],
    [
      "a damaged header",
      edited(Buffer.from(buildTar({ a: large, b: large })), (at) => at.write("x", MIB + 512)),
      "damaged header",
    ],
    [
      "a hundred and one files",
      buildTar(
        Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`f${at}`, new Uint8Array()])),
      ),
      "more than 100 files",
    ],
    [
      "a file that is not whole",
      buildTar({ a: large }).subarray(0, MIB),
      "ends after 1048576 bytes",
    ],
  ])("with %s is refused", async (_, file, message) => {
    expect(await open(file)).toMatchObject({
      kind: "refused",
      refusal: { message: expect.stringContaining(message) },
    });
  });
});

describe("a reader that breaks its word", () => {
  it.each([Number.NaN, -1, 1.5])("about its length (%d) is an error", async (length) => {
    const reader = { length, read: async () => new Uint8Array() };
    await expect(openDiskMap(reader)).rejects.toThrow(DiskReadError);
  });

  it("about its bytes is an error", async () => {
    const reader = { length: 4096, read: async () => new Uint8Array(3) };
    await expect(openDiskMap(reader)).rejects.toThrow(
      "requested 4096 bytes at offset 0, received 3",
    );
  });
});

describe("an iteration", () => {
  it("begins only at a byte of the disk", async () => {
    const opened = await openDiskMap(countFile(buildVdi(PLAN)).reader);
    if (opened.kind !== "map") throw new Error("refused");
    for (const from of [-1, 0.5, 2 * MIB]) {
      expect(() => opened.map.extents(from)).toThrow(RangeError);
    }
    const last = [];
    for await (const extent of opened.map.extents(opened.map.virtualBytes)) last.push(extent);
    expect(last).toMatchObject([{ kind: "zero" }]);
  });
});
