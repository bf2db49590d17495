import { describe, expect, it } from "vitest";
import { encodeDirectory, type FatEntry } from "../../../../../local/sample-vhds/fat-directory.ts";
import { createSparseImage } from "../../../../../local/sample-vhds/index.ts";
import { readEfiBootFiles } from "../../../../../shared/disk/content/efi-boot-files.ts";
import type { FatGeometry } from "../../../../../shared/disk/content/fat.ts";
import { limitReader, READ_LIMITS } from "../../../../../shared/disk/disk-reader.ts";
import { NOW } from "../../../../factories.ts";
import { MIB, readerOf } from "../disk-readers.ts";

const KIB = 1024;
const START = MIB;
const FAT32: FatGeometry = {
  kind: "FAT32",
  clusterBytes: 4 * KIB,
  fatOffset: 16 * KIB,
  rootOffset: MIB,
  rootBytes: null,
  rootCluster: 2,
  dataOffset: MIB,
};
/** As mkfs.vfat makes a volume of 200 MiB: a root directory of 512 entries in front of the clusters. */
const FAT16: FatGeometry = {
  ...FAT32,
  kind: "FAT16",
  rootBytes: 16 * KIB,
  dataOffset: MIB + 16 * KIB,
};

const directory = (name: string, cluster: number): FatEntry => ({
  name,
  kind: "directory",
  cluster,
});
const LOADER: FatEntry = { name: "BOOTX64 EFI", kind: "file", cluster: 9, size: 1 };
const fill = (count: number): FatEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `FILE${index}`,
    kind: "file",
    cluster: 20 + index,
  }));

/** A volume with these directories; `efi` is in cluster 3, `boot` where it is said to be. */
function volumeWith(
  fat: FatGeometry,
  { root = [], efi = [], boot }: { root?: FatEntry[]; efi?: FatEntry[]; boot: FatEntry[] },
  bootCluster = 4,
) {
  const at = (cluster: number) => START + fat.dataOffset + (cluster - 2) * fat.clusterBytes;
  const entries = {
    root: [...root, directory("EFI", 3)],
    efi: [...efi, directory("BOOT", bootCluster)],
  };
  return readerOf(
    createSparseImage(16 * MIB, [
      { offset: START + fat.rootOffset, bytes: encodeDirectory(NOW, entries.root) },
      { offset: at(3), bytes: encodeDirectory(NOW, entries.efi) },
      { offset: at(bootCluster), bytes: encodeDirectory(NOW, boot) },
    ]),
  );
}

const countsOf = (reader: ReturnType<typeof readerOf>) => reader.reads.map(([, count]) => count);

describe("readEfiBootFiles", () => {
  it("takes one read for the three directories of a fresh FAT32", async () => {
    const reader = volumeWith(FAT32, { boot: [LOADER] });

    const files = await readEfiBootFiles(limitReader(reader), START, FAT32);

    expect(files).toEqual({ machines: ["x64"], vendors: [], label: null });
    expect(countsOf(reader)).toEqual([10 * KIB]);
  });

  it("takes one more for a directory that was made later", async () => {
    const reader = volumeWith(FAT32, { efi: [directory("MICROS~1", 5)], boot: [LOADER] }, 70);

    const files = await readEfiBootFiles(limitReader(reader), START, FAT32);

    expect(files).toEqual({ machines: ["x64"], vendors: ["micros~1"], label: null });
    expect(countsOf(reader)).toEqual([10 * KIB, 2 * KIB]);
  });

  it("reads the beginnings of the directories of a FAT16", async () => {
    const reader = volumeWith(FAT16, { boot: [LOADER] });

    const files = await readEfiBootFiles(limitReader(reader), START, FAT16);

    expect(files.machines).toEqual(["x64"]);
    expect(countsOf(reader)).toEqual([2 * KIB, 2 * KIB, 2 * KIB]);
  });

  it("reads on in a directory that does not end where the first read of it does", async () => {
    const reader = volumeWith(FAT16, { root: fill(300), boot: [...fill(100), LOADER] });

    const files = await readEfiBootFiles(limitReader(reader), START, FAT16);

    expect(files.machines).toEqual(["x64"]);
    expect(countsOf(reader)).toEqual([2 * KIB, 16 * KIB, 2 * KIB, 2 * KIB, 4 * KIB]);
  });

  it("does not know what is in a directory for which the budget is too small", async () => {
    const reader = limitReader(volumeWith(FAT32, { boot: [...fill(100), LOADER] }, 70));
    for (let read = 0; read < READ_LIMITS.reads - 2; read++) await reader.read(read, 1);

    const files = await readEfiBootFiles(reader, START, FAT32);

    expect(files.machines).toBeNull();
  });

  it("follows a directory from cluster to cluster by the file allocation table", async () => {
    const fat: FatGeometry = { ...FAT32, clusterBytes: 512 };
    const at = (cluster: number) => START + fat.dataOffset + (cluster - 2) * 512;
    const links = Buffer.alloc(64 * 4);
    links.writeUInt32LE(40, 4 * 4); // \EFI\BOOT goes on in cluster 40
    links.writeUInt32LE(0x0fffffff, 40 * 4);
    const reader = readerOf(
      createSparseImage(16 * MIB, [
        { offset: START + fat.fatOffset, bytes: links },
        { offset: at(2), bytes: encodeDirectory(NOW, [directory("EFI", 3)]) },
        { offset: at(3), bytes: encodeDirectory(NOW, [directory("BOOT", 4)]) },
        { offset: at(4), bytes: encodeDirectory(NOW, fill(16)) },
        { offset: at(40), bytes: encodeDirectory(NOW, [LOADER]) },
      ]),
    );

    const files = await readEfiBootFiles(limitReader(reader), START, fat);

    expect(files.machines).toEqual(["x64"]);
  });

  it("does not know what is in a directory whose chain leads back to itself", async () => {
    const fat: FatGeometry = { ...FAT32, clusterBytes: 512 };
    const at = (cluster: number) => START + fat.dataOffset + (cluster - 2) * 512;
    const links = Buffer.alloc(64 * 4);
    links.writeUInt32LE(4, 4 * 4);
    const reader = readerOf(
      createSparseImage(16 * MIB, [
        { offset: START + fat.fatOffset, bytes: links },
        { offset: at(2), bytes: encodeDirectory(NOW, [directory("EFI", 3)]) },
        { offset: at(3), bytes: encodeDirectory(NOW, [directory("BOOT", 4)]) },
        { offset: at(4), bytes: encodeDirectory(NOW, fill(16)) },
      ]),
    );

    const files = await readEfiBootFiles(limitReader(reader), START, fat);

    expect(files.machines).toBeNull();
  });

  it.each([
    ["a file without content", { ...LOADER, size: 0 }],
    ["a directory", directory("BOOTX64 EFI", 9)],
  ] as const)("does not take %s for a loader", async (_, entry) => {
    const reader = volumeWith(FAT32, { boot: [entry] });

    const files = await readEfiBootFiles(limitReader(reader), START, FAT32);

    expect(files.machines).toEqual([]);
  });
});
