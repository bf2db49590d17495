import { describe, expect, it } from "vitest";
import {
  placeFatEntry,
  readBootSectorLabel,
  readFatEntry,
  readFatGeometry,
} from "../../../../../shared/disk/content/fat.ts";

interface Parameters {
  readonly sectorBytes: number;
  readonly sectorsPerCluster: number;
  readonly reserved: number;
  readonly fats: number;
  readonly rootEntries: number;
  readonly smallSectors: number;
  readonly media: number;
  readonly smallFat: number;
  readonly sectors: number;
  readonly largeFat: number;
  readonly flags: number;
  readonly rootCluster: number;
}

const FAT16: Parameters = {
  sectorBytes: 512,
  sectorsPerCluster: 4,
  reserved: 1,
  fats: 2,
  rootEntries: 512,
  smallSectors: 0,
  media: 0xf8,
  smallFat: 100,
  sectors: 100_000,
  largeFat: 0,
  flags: 0,
  rootCluster: 0,
};
const FAT32: Parameters = {
  ...FAT16,
  reserved: 32,
  rootEntries: 0,
  smallFat: 0,
  largeFat: 1000,
  rootCluster: 5,
};

function bootSector(parameters: Partial<Parameters>, base = FAT16): Buffer {
  const sector = Buffer.alloc(512);
  const all = { ...base, ...parameters };
  sector.writeUInt16LE(all.sectorBytes, 11);
  sector.writeUInt8(all.sectorsPerCluster, 13);
  sector.writeUInt16LE(all.reserved, 14);
  sector.writeUInt8(all.fats, 16);
  sector.writeUInt16LE(all.rootEntries, 17);
  sector.writeUInt16LE(all.smallSectors, 19);
  sector.writeUInt8(all.media, 21);
  sector.writeUInt16LE(all.smallFat, 22);
  sector.writeUInt32LE(all.sectors, 32);
  if (all.smallFat === 0) {
    sector.writeUInt32LE(all.largeFat, 36);
    sector.writeUInt16LE(all.flags, 40);
    sector.writeUInt32LE(all.rootCluster, 44);
  }
  return sector;
}

const geometryOf = (parameters: Partial<Parameters>, base = FAT16) =>
  readFatGeometry(bootSector(parameters, base));

describe("the geometry of a FAT volume", () => {
  it("of FAT16: the root directory is between the tables and the clusters", () => {
    expect(geometryOf({})).toEqual({
      kind: "FAT16",
      clusterBytes: 2048,
      fatOffset: 512,
      rootOffset: 201 * 512,
      rootBytes: 512 * 32,
      rootCluster: 0,
      dataOffset: 233 * 512,
    });
  });

  it("of FAT32: the root directory is a file that begins at a cluster", () => {
    const afterFats = (32 + 2 * 1000) * 512;
    expect(geometryOf({}, FAT32)).toEqual({
      kind: "FAT32",
      clusterBytes: 2048,
      fatOffset: 32 * 512,
      rootOffset: afterFats + 3 * 2048,
      rootBytes: null,
      rootCluster: 5,
      dataOffset: afterFats,
    });
  });

  it.each([
    [4084, "FAT12"],
    [4085, "FAT16"],
  ])("with %i clusters is %s", (clusters, kind) => {
    const sectors = 233 + clusters * 4;
    expect(geometryOf({ sectors })?.kind).toBe(kind);
    expect(geometryOf({ sectors: 0, smallSectors: sectors })?.kind).toBe(kind);
  });

  it.each([0xf0, 0xf8, 0xff, 0x00, 0x01])(
    "has the media code %i, as firmware takes it",
    (media) => {
      expect(geometryOf({ media })).not.toBeNull();
    },
  );

  it.each<[string, Partial<Parameters>]>([
    ["a sector that is not a power of two", { sectorBytes: 1000 }],
    ["a sector of 0 bytes", { sectorBytes: 0 }],
    ["a sector of 256 bytes", { sectorBytes: 256 }],
    ["a sector of 8 KiB", { sectorBytes: 8192 }],
    ["clusters of three sectors", { sectorsPerCluster: 3 }],
    ["clusters of no sectors", { sectorsPerCluster: 0 }],
    ["no reserved sector", { reserved: 0 }],
    ["no table", { fats: 0 }],
    ["no sectors", { sectors: 0 }],
    ["a table of no sectors", { smallFat: 0 }],
    ["the media code of nothing", { media: 0x02 }],
    ["no root directory", { rootEntries: 0 }],
  ])("is not that of a sector with %s", (_, parameters) => {
    expect(geometryOf(parameters)).toBeNull();
  });

  it("is not that of FAT32 with one active table, or of half a sector", () => {
    expect(geometryOf({ flags: 0x80 }, FAT32)).toBeNull();
    expect(readFatGeometry(bootSector({}).subarray(0, 511))).toBeNull();
  });
});

describe("an entry of the table", () => {
  const of = (kind: "FAT12" | "FAT16" | "FAT32") => ({
    ...(geometryOf({}) ?? expect.fail("no geometry")),
    kind,
    fatOffset: 1000,
  });

  it.each([
    ["FAT12", 2, { offset: 1003, bytes: 2 }],
    ["FAT12", 3, { offset: 1004, bytes: 2 }],
    ["FAT16", 3, { offset: 1006, bytes: 2 }],
    ["FAT32", 3, { offset: 1012, bytes: 4 }],
  ] as const)("of %s for cluster %i is where the specification puts it", (kind, cluster, place) => {
    expect(placeFatEntry(of(kind), cluster)).toEqual(place);
  });

  it.each([
    ["FAT12", 2, [0x34, 0xa2], 0x234],
    ["FAT12", 3, [0x4a, 0x23], 0x234],
    ["FAT12", 2, [0xf7, 0x0f], null],
    ["FAT12", 2, [0xf6, 0x0f], 0xff6],
    ["FAT16", 2, [0x34, 0x12], 0x1234],
    ["FAT16", 2, [0xf7, 0xff], null],
    ["FAT16", 2, [1, 0], null],
    ["FAT16", 2, [2, 0], 2],
    ["FAT32", 2, [0x34, 0x12, 0, 0xf0], 0x1234],
    ["FAT32", 2, [0xf7, 0xff, 0xff, 0x0f], null],
    ["FAT32", 2, [0, 0, 0, 0xf0], null],
  ] as const)("of %s for cluster %i with %j leads to %s", (kind, cluster, bytes, next) => {
    expect(readFatEntry(of(kind), cluster, Uint8Array.from(bytes))).toBe(next);
  });
});

describe("the label in the boot sector", () => {
  const labelled = (kind: "FAT16" | "FAT32", label: string, signature = 0x29) => {
    const sector = bootSector({}, kind === "FAT16" ? FAT16 : FAT32);
    const at = kind === "FAT16" ? 43 : 71;
    sector.write(label.padEnd(11), at, "latin1");
    sector.writeUInt8(signature, at - 5);
    return readBootSectorLabel(sector, readFatGeometry(sector) ?? expect.fail("no geometry"));
  };

  it.each([
    ["FAT16", "DATA", 0x29, "DATA"],
    ["FAT32", "EFI", 0x29, "EFI"],
    ["FAT16", "DATA", 0x28, "DATA"],
    ["FAT16", "DATA", 0, null],
    ["FAT16", "NO NAME", 0x29, null],
    ["FAT16", "\0".repeat(11), 0x29, null],
  ] as const)("of %s: %j with signature %i is %j", (kind, label, signature, expected) => {
    expect(labelled(kind, label, signature)).toBe(expected);
  });

  it("is null where the sector ends before it", () => {
    const geometry = geometryOf({}) ?? expect.fail("no geometry");
    expect(readBootSectorLabel(new Uint8Array(0), geometry)).toBeNull();
  });
});
