import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import {
  buildSampleVhd,
  FOOTER_BYTES,
  GIB,
  MIB,
  readImage,
  SAMPLE_NAMES,
  type SampleName,
  type SparseImage,
} from "../../../../local/sample-vhds/index.ts";
import { OPTIONS } from "./sample-options.ts";

const GPT_SAMPLES = [
  "linux-gen2",
  "linux-hybrid",
  "windows-gen2",
  "data-ext4",
  "data-ntfs",
] as const;

function read(image: SparseImage, offset: number, length: number): Buffer {
  return Buffer.from(readImage(image, offset, length));
}

function readFooter(image: SparseImage): Buffer {
  return read(image, image.sizeBytes - FOOTER_BYTES, FOOTER_BYTES);
}

function sumWithoutChecksum(footer: Buffer): number {
  return footer.reduce((sum, byte, at) => (at >= 64 && at < 68 ? sum : sum + byte), 0);
}

test.each(SAMPLE_NAMES)("%s: same options, same bytes; another uuid, other bytes", (name) => {
  const once = buildSampleVhd(name, OPTIONS);
  expect(buildSampleVhd(name, OPTIONS)).toEqual(once);
  const other = { ...OPTIONS, uuid: "ffffffff-89ab-4cde-8f01-23456789abcd" };
  expect(buildSampleVhd(name, other)).not.toEqual(once);
});

test.each(SAMPLE_NAMES.filter((name) => !name.startsWith("broken")))(
  "%s is a fixed VHD of the requested size, with little in it",
  (name) => {
    const vhd = buildSampleVhd(name, { ...OPTIONS, virtualSizeBytes: 1024 * GIB });
    expect(vhd.sizeBytes).toBe(1024 * GIB + 512);
    const footer = readFooter(vhd);
    expect(footer.toString("latin1", 0, 8)).toBe("conectix");
    expect(footer.readBigUInt64BE(48)).toBe(BigInt(1024 * GIB));
    expect(footer.readUInt32BE(64) + sumWithoutChecksum(footer)).toBe(0xffff_ffff);
    const used = vhd.extents.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(used).toBeLessThan(64 * 1024);
  },
);

test.each(GPT_SAMPLES)("%s has two partition tables with right checksums", (name) => {
  const vhd = buildSampleVhd(name, OPTIONS);
  const lastSector = OPTIONS.virtualSizeBytes / 512 - 1;
  for (const [own, other] of [
    [1, lastSector],
    [lastSector, 1],
  ] as const) {
    const header = read(vhd, own * 512, 92);
    expect(header.toString("latin1", 0, 8)).toBe("EFI PART");
    expect([header.readBigUInt64LE(24), header.readBigUInt64LE(32)]).toEqual([
      BigInt(own),
      BigInt(other),
    ]);
    const entries = read(vhd, Number(header.readBigUInt64LE(72)) * 512, 128 * 128);
    expect(header.readUInt32LE(88)).toBe(crc32(entries));
    const stored = header.readUInt32LE(16);
    header.writeUInt32LE(0, 16);
    expect(stored).toBe(crc32(header));
  }
  expect(read(vhd, 0x1be, 5).at(4)).toBe(0xee);
});

/** What is found where, from the start of the disk: `[MiB, offset in bytes, hex]`. */
const SIGNATURES: readonly [SampleName, number, number, string][] = [
  ["linux-gen2", 1, 0x52, Buffer.from("FAT32   ").toString("hex")],
  ["linux-gen2", 257, 0x438, "53ef"],
  ["linux-gen1", 0, 0x180, Buffer.from("GRUB ").toString("hex")],
  ["linux-gen1", 1, 0x438, "53ef"],
  ["linux-gen1", 513, 4086, Buffer.from("SWAPSPACE2").toString("hex")],
  ["linux-gen1", 769, 0, Buffer.from("XFSB").toString("hex")],
  ["linux-hybrid", 1, 0x80, Buffer.from("loading").toString("hex")],
  ["linux-hybrid", 5, 0x52, Buffer.from("FAT32   ").toString("hex")],
  ["windows-gen2", 273, 3, Buffer.from("NTFS    ").toString("hex")],
  ["windows-gen1", 1, 3, Buffer.from("NTFS    ").toString("hex")],
  ["windows-gen1", 0, 0x163, Buffer.from("Invalid partition table").toString("hex")],
  ["data-ext4", 1, 0x438, "53ef"],
  ["data-ntfs", 17, 3, Buffer.from("NTFS    ").toString("hex")],
];

test.each(SIGNATURES)("%s has at %i MiB + %i the bytes %s", (name, mebibytes, offset, hex) => {
  const vhd = buildSampleVhd(name, OPTIONS);
  const found = read(vhd, mebibytes * MIB + offset, hex.length / 2);
  expect(found.toString("hex")).toBe(hex);
});

test("generation 1 disks have one active partition", () => {
  for (const name of ["linux-gen1", "windows-gen1"] as const) {
    const sector = read(buildSampleVhd(name, OPTIONS), 0, 512);
    const active = [0, 1, 2, 3].filter((index) => sector[446 + 16 * index] === 0x80);
    expect(active).toEqual([0]);
    expect(sector.toString("hex", 510)).toBe("55aa");
  }
});

test("partition names are stored as UTF-16", () => {
  const entry = read(buildSampleVhd("linux-gen2", OPTIONS), 1024 + 128, 128);
  expect(entry.toString("utf16le", 56).replaceAll("\0", "")).toBe("rootfs");
});

test("file data is added when requested, and nothing else changes", () => {
  const plain = buildSampleVhd("linux-gen2", OPTIONS);
  const filled = buildSampleVhd("linux-gen2", { ...OPTIONS, payloadBytes: MIB });
  expect(filled.sizeBytes).toBe(plain.sizeBytes);
  expect(filled.extents.length).toBe(plain.extents.length + 1);
  expect(filled.extents.find(({ bytes }) => bytes.length === MIB)).toBeDefined();
});

test("broken-checksum differs from a proper VHD in its checksum only", () => {
  const proper = readFooter(buildSampleVhd("linux-gen2", OPTIONS));
  const broken = readFooter(buildSampleVhd("broken-checksum", OPTIONS));
  expect(broken.readUInt32BE(64)).not.toBe(proper.readUInt32BE(64));
  expect(sumWithoutChecksum(broken)).toBe(sumWithoutChecksum(proper));
});

test("broken-size is a VHD in order whose size is not a multiple of 1 MiB", () => {
  const vhd = buildSampleVhd("broken-size", OPTIONS);
  const footer = readFooter(vhd);
  expect(footer.readBigUInt64BE(48)).toBe(BigInt(vhd.sizeBytes - 512));
  expect((vhd.sizeBytes - 512) % MIB).toBe(1536);
  expect(footer.readUInt32BE(64) + sumWithoutChecksum(footer)).toBe(0xffff_ffff);
});

test("broken-no-footer ends without a footer", () => {
  const vhd = buildSampleVhd("broken-no-footer", OPTIONS);
  expect(vhd.sizeBytes).toBe(OPTIONS.virtualSizeBytes);
  expect(readFooter(vhd).toString("latin1", 0, 8)).toBe("EFI PART"); // the backup table's header
});

test("broken-dynamic holds the disk in blocks that its table points to", () => {
  const vhd = buildSampleVhd("broken-dynamic", OPTIONS);
  expect(vhd.sizeBytes).toBeLessThan(16 * MIB);
  expect(read(vhd, 0, 512)).toEqual(readFooter(vhd));
  const header = read(vhd, 512, 1024);
  expect(header.toString("latin1", 0, 8)).toBe("cxsparse");
  expect(header.readUInt32BE(28)).toBe((4 * GIB) / (2 * MIB));
  const firstBlock = read(vhd, Number(header.readBigUInt64BE(16)), 4).readUInt32BE(0) * 512;
  expect(read(vhd, firstBlock + 512 + 512, 8).toString("latin1")).toBe("EFI PART");
});

test("a disk that is too small for its partitions is refused with the size it needs", () => {
  const tiny = { ...OPTIONS, virtualSizeBytes: 64 * MIB };
  expect(() => buildSampleVhd("linux-gen2", tiny)).toThrow("a disk of at least 259 MiB");
  expect(() =>
    buildSampleVhd("linux-gen2", { ...tiny, virtualSizeBytes: 259 * MIB }),
  ).not.toThrow();
});
