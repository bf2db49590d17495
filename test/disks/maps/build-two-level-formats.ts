import { deflateRawSync, deflateSync, zstdCompressSync } from "node:zlib";
import { contentOf, type DiskPlan, FileBuilder, orderBlocks, Structure } from "./placement.ts";

export const QCOW2_CLUSTER_BYTES = 512;
export const VMDK_GRAIN_BYTES = 4096;
const L2_ENTRIES = QCOW2_CLUSTER_BYTES / 8;

/** A qcow2 image of version 3 with clusters of 512 bytes; packed ones by deflate or Zstandard. */
export function buildQcow2(plan: DiskPlan, codec: "deflate" | "zstd" = "deflate"): Uint8Array {
  const count = plan.slots.length;
  const tables = Math.ceil(count / L2_ENTRIES);
  const l1Bytes = Math.ceil((8 * tables) / 512) * 512;
  const file = new FileBuilder();
  const header = new Structure(512)
    .text(0, "QFI\xfb")
    .be32(4, 3)
    .be32(20, 9)
    .be64(24, count * QCOW2_CLUSTER_BYTES - plan.cut)
    .be32(36, tables)
    .be64(40, 512)
    .be32(76, codec === "zstd" ? 8 : 0)
    .be32(96, 4)
    .be32(100, 112);
  header.bytes[104] = codec === "zstd" ? 1 : 0;
  file.put(0, header.bytes);
  const l1 = new Structure(l1Bytes);
  file.put(512, l1.bytes);
  const entries = new Map<number, bigint>();
  for (const index of orderBlocks(plan)) {
    const content = contentOf(index, QCOW2_CLUSTER_BYTES);
    if (plan.slots[index] === "data") {
      entries.set(index, BigInt(file.append(content)) | (1n << 63n));
      continue;
    }
    const packed = codec === "zstd" ? zstdCompressSync(content) : deflateRawSync(content);
    const offset = file.append(packed, 1);
    const sectors = Math.floor((offset + packed.length - 1) / 512) - Math.floor(offset / 512);
    entries.set(index, BigInt(offset) | (BigInt(sectors) << 61n) | (1n << 62n));
  }
  for (let table = 0; table < tables; table++) {
    const l2 = new Structure(QCOW2_CLUSTER_BYTES);
    const slots = plan.slots.slice(table * L2_ENTRIES, (table + 1) * L2_ENTRIES);
    slots.forEach((slot, at) => {
      l2.be64(8 * at, slot === "zero" ? 1 : (entries.get(table * L2_ENTRIES + at) ?? 0));
    });
    if (slots.every((slot) => slot === "none")) continue;
    l1.be64(8 * table, BigInt(file.append(l2.bytes)) | (1n << 63n));
  }
  file.put(512, l1.bytes);
  return file.finish();
}

function descriptorOf(type: string, sectors: number): Uint8Array {
  const text = `# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType="${type}"\n\nRW ${sectors} SPARSE "disk.vmdk"\n`;
  return new Structure(512).text(0, text).bytes;
}

/** A VMDK in one file, with grains of 4 KiB: monolithicSparse, or streamOptimized when packed. */
export function buildVmdk(plan: DiskPlan, isStream = false): Uint8Array {
  const sectors = (plan.slots.length * VMDK_GRAIN_BYTES - plan.cut) / 512;
  const tables = Math.ceil(plan.slots.length / 512);
  const makeHeader = (directory: number | bigint): Uint8Array => {
    const header = new Structure(512)
      .text(0, "KDMV")
      .le32(4, isStream ? 3 : 1)
      .le32(8, isStream ? 0x3_0001 : 5)
      .le64(12, sectors)
      .le64(20, VMDK_GRAIN_BYTES / 512)
      .le64(28, 1)
      .le64(36, 1)
      .le32(44, 512)
      .le64(56, directory)
      .text(73, "\n \r\n")
      .le16(77, isStream ? 1 : 0);
    return header.bytes;
  };
  const file = new FileBuilder();
  file.put(512, descriptorOf(isStream ? "streamOptimized" : "monolithicSparse", sectors));
  const entries = new Map<number, number>();
  for (const index of orderBlocks(plan)) {
    const content = contentOf(index, VMDK_GRAIN_BYTES);
    const packed = deflateSync(content);
    const grain = new Structure(12)
      .le64(0, (index * VMDK_GRAIN_BYTES) / 512)
      .le32(8, packed.length);
    const bytes = isStream ? Buffer.concat([grain.bytes, packed]) : content;
    entries.set(index, file.append(bytes) / 512);
  }
  const directory = new Structure(Math.ceil((4 * tables) / 512) * 512);
  for (let table = 0; table < tables; table++) {
    const grains = new Structure(2048);
    plan.slots.slice(512 * table, 512 * (table + 1)).forEach((slot, at) => {
      grains.le32(4 * at, slot === "zero" && !isStream ? 1 : (entries.get(512 * table + at) ?? 0));
    });
    directory.le32(4 * table, file.append(grains.bytes) / 512);
  }
  const directoryAt = file.append(directory.bytes) / 512;
  file.put(0, makeHeader(isStream ? 0xffff_ffff_ffff_ffffn : directoryAt));
  if (isStream) {
    file.append(new Structure(512).le64(0, 1).le32(12, 3).bytes);
    file.append(makeHeader(directoryAt));
    file.append(new Uint8Array(512));
  }
  return file.finish();
}

/** A tar archive of files by name. */
export function buildTar(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const file = new FileBuilder();
  for (const [name, bytes] of Object.entries(members)) {
    const header = new Structure(512)
      .text(0, name)
      .text(100, "0000644\0")
      .text(124, `${bytes.length.toString(8).padStart(11, "0")}\0`)
      .text(148, "        ")
      .text(156, "0")
      .text(257, "ustar\x0000");
    const sum = header.bytes.reduce((total, byte) => total + byte, 0);
    header.text(148, `${sum.toString(8).padStart(6, "0")}\0 `);
    file.append(header.bytes);
    file.append(bytes);
  }
  file.append(new Uint8Array(1024));
  return file.finish();
}
