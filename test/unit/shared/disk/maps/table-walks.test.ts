import { describe, expect, it } from "vitest";
import { crc32c } from "../../../../../shared/disk/crc32c.ts";
import { createDiskMap } from "../../../../../shared/disk/maps/disk-map.ts";
import { openDiskMap } from "../../../../../shared/disk/maps/open-disk-map.ts";
import { openQcow2 } from "../../../../../shared/disk/maps/qcow2.ts";
import { SURVEY_LIMITS } from "../../../../../shared/disk/maps/survey.ts";
import { createTableReader } from "../../../../../shared/disk/maps/table-reader.ts";
import { buildVhdx } from "../../../../disks/maps/build-block-formats.ts";
import { buildQcow2, buildTar, buildVmdk } from "../../../../disks/maps/build-two-level-formats.ts";
import { checkAnyFile, countFile, mapFile } from "../../../../disks/maps/check-map.ts";
import { naiveQcow2, naiveVmdk } from "../../../../disks/maps/naive-readers.ts";
import { type DiskPlan, type Slot, Structure } from "../../../../disks/maps/placement.ts";

const MIB = 1024 * 1024;

function planOf(count: number, slotAt: (index: number) => Slot): DiskPlan {
  return { slots: Array.from({ length: count }, (_, at) => slotAt(at)), order: [], cut: 0 };
}

describe("tables of the second level", () => {
  it("that stand side by side are read together", async () => {
    const file = buildQcow2(planOf(3_000, (at) => (at % 3 === 0 ? "data" : "zero")));
    const { reader, spent } = countFile(file);
    const opened = await openDiskMap(reader);
    if (opened.kind !== "map") throw new Error("refused");
    for await (const extent of opened.map.extents()) expect(extent.length).toBeGreaterThan(0);
    // 47 tables of 512 bytes, in pages of 4 KiB.
    expect(spent.reads).toBeLessThan(16);
    expect((await checkAnyFile(file, "qcow2", naiveQcow2, 0.7)).kind).toBe("map");
  });

  it("are checked each by itself, also when they are read together", async () => {
    const file = Buffer.from(buildQcow2(planOf(3_000, () => "data")));
    // The last table is moved half a cluster on.
    const last = 512 + 8 * 46;
    file.writeBigUInt64BE(file.readBigUInt64BE(last) + 256n * 2n ** 40n, last);
    const outcome = await mapFile(countFile(file).reader);
    expect(outcome).toMatchObject({ kind: "refused", refusal: { reason: "cut-short" } });
  });

  it("that begin together in the file and end outside of it are refused", async () => {
    const file = buildQcow2(planOf(3_000, (at) => (at === 0 || at > 64 ? "zero" : "none")));
    for (let cut = 512; cut < 40 * 512; cut += 2_560) {
      const outcome = await mapFile(countFile(file.subarray(0, file.length - cut)).reader);
      expect(outcome).toMatchObject({ kind: "refused", refusal: { reason: "cut-short" } });
    }
  });

  it("that do not exist stand for zeros", async () => {
    const file = Buffer.from(buildVmdk(planOf(1_100, (at) => (at >= 1_024 ? "data" : "none"))));
    const directory = Number(file.readBigUInt64LE(56)) * 512;
    file.writeUInt32LE(0, directory);
    const outcome = await checkAnyFile(file, "vmdk", naiveVmdk, 0.2);
    expect(outcome).toMatchObject({
      kind: "map",
      extents: [{ kind: "zero", length: 1_024 * 4096 }, { kind: "copy" }, { kind: "zero" }],
    });
  });
});

describe("a survey", () => {
  it("gives up on a file whose tables take too many reads, however it was made", async () => {
    const entries = 2 ** 16;
    const l1 = new Structure(8 * entries);
    const tablesAt = 64 * MIB;
    for (let at = 0; at < entries; at++) l1.be64(8 * at, tablesAt + at * 8192);
    const header = new Structure(512)
      .text(0, "QFI\xfb")
      .be32(4, 2)
      .be32(20, 9)
      .be64(24, entries * 64 * 512)
      .be32(36, entries)
      .be64(40, MIB);
    let reads = 0;
    const read = async (offset: number, count: number): Promise<Uint8Array> => {
      reads += 1;
      const bytes = new Uint8Array(count);
      if (offset === 0) bytes.set(header.bytes.subarray(0, count));
      else if (offset >= MIB && offset < tablesAt) {
        bytes.set(l1.bytes.subarray(offset - MIB, offset - MIB + count));
      }
      return bytes;
    };
    const limits = { ...SURVEY_LIMITS, reads: 1_000 };
    const tables = createTableReader({ length: 2 ** 40, read });
    const map = createDiskMap(await openQcow2(tables), tables, limits);
    await expect(map.survey()).rejects.toThrow("so scattered that checking its tables");
    expect(reads).toBeLessThan(1_100);
  });
});

/** Changes the region tables of a VHDX, with their checksums. */
function withRegions(edit: (table: Buffer) => void): Buffer {
  const file = Buffer.from(buildVhdx(planOf(1, () => "data")));
  for (const at of [196_608, 262_144]) {
    const table = file.subarray(at, at + 65_536);
    edit(table);
    table.writeUInt32LE(crc32c(table, 4), 4);
  }
  return file;
}

describe("the regions of a VHDX", () => {
  it.each([
    ["too many", (at: Buffer) => at.writeUInt32LE(3_000, 8), "3000 regions"],
    ["one that is unknown and required", (at: Buffer) => at.writeUInt8(9, 16), "required"],
    ["none for the metadata", (at: Buffer) => at.writeUInt32LE(1, 8), "no metadata region"],
    ["one that is not in whole MiB", (at: Buffer) => at.writeUInt32LE(5, 32), "whole MiB"],
    ["one that stands twice", (at: Buffer) => at.copyWithin(48, 16, 48), "twice"],
    ["two that overlap", (at: Buffer) => at.writeUInt32LE(2 * MIB, 64), "overlap"],
    ["one beyond the end", (at: Buffer) => at.writeUInt32LE(1024 * MIB, 32), "ends after"],
  ])("%s: refused", async (_, edit, message) => {
    const outcome = await mapFile(countFile(withRegions(edit)).reader);
    expect(outcome).toMatchObject({
      kind: "refused",
      refusal: { message: expect.stringContaining(message) },
    });
  });

  it("one that is unknown and not required: passed over", async () => {
    const file = withRegions((at) => {
      at.writeUInt32LE(3, 8);
      at.writeUInt8(9, 80);
    });
    expect((await mapFile(countFile(file).reader)).kind).toBe("map");
  });
});

/** A member's header changed, with its checksum. */
function withHeader(tar: Uint8Array, offset: number, edit: (header: Buffer) => void): Buffer {
  const file = Buffer.from(tar);
  const header = file.subarray(offset, offset + 512);
  edit(header);
  header.write("        ", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return file;
}

describe("a tar archive of today", () => {
  const vmdk = buildVmdk(planOf(3, () => "data"));

  it("has the size of a large file in an extended header", async () => {
    const record = Buffer.from(`20 size=${String(vmdk.length).padStart(11, "0")}\n`.slice(0, 20));
    const packed = buildTar({
      pax: Buffer.from(`${record.toString().replace(/^20/, "20")}`),
      disk: vmdk,
    });
    const named = withHeader(packed, 0, (at) => at.write("x", 156));
    const file = withHeader(named, 1024, (at) => at.write("00000000000", 124));
    expect(await openDiskMap(countFile(file).reader)).toMatchObject({
      kind: "map",
      member: "disk",
    });
  });

  it("has sizes in binary", async () => {
    const file = withHeader(buildTar({ disk: vmdk }), 0, (at) => {
      at.fill(0, 124, 136);
      at.writeUInt8(0x80, 124);
      at.writeUInt32BE(vmdk.length, 132);
    });
    expect(await openDiskMap(countFile(file).reader)).toMatchObject({
      kind: "map",
      member: "disk",
    });
  });

  it("has folders and links, which are passed over", async () => {
    const tar = buildTar({ folder: new Uint8Array(), disk: vmdk });
    const file = withHeader(tar, 0, (at) => at.write("5", 156));
    expect(await openDiskMap(countFile(file).reader)).toMatchObject({
      kind: "map",
      member: "disk",
    });
  });

  it("has no extension of many KiB", async () => {
    const tar = buildTar({ long: new Uint8Array(100_000), disk: vmdk });
    const file = withHeader(tar, 0, (at) => at.write("L", 156));
    expect(await openDiskMap(countFile(file).reader)).toMatchObject({
      refusal: { message: expect.stringContaining("extension of 100000 bytes") },
    });
  });
});
