import { buildEfiApplication } from "./efi-application.ts";
import { encodeDirectory } from "./fat-directory.ts";
import { deriveGuid, encodeUuid } from "./guid.ts";
import type { PartitionContent, PartitionSpace } from "./partition-content.ts";
import type { Extent } from "./sparse-image.ts";
import { MIB, SECTOR_BYTES } from "./units.ts";

const RESERVED_SECTORS = 32;
const FAT_COUNT = 2;
const FSINFO_SECTOR = 1;
const BACKUP_SECTOR = 6;
const END_OF_CHAIN = 0x0fff_ffff;
const CLUSTERS = { root: 2, efi: 3, boot: 4, application: 5 } as const;
const LABEL = "EFI";

type Layout = {
  readonly clusterSectors: number;
  readonly fatSectors: number;
  readonly clusterCount: number;
  /** Clusters taken by directories and the file, always at the start. */
  readonly usedClusters: number;
};

/**
 * Returns an EFI system partition: FAT32 with `\EFI\BOOT\BOOTX64.EFI` in it, consistent enough for
 * `fsck.fat` to find nothing wrong.
 *
 * @see "FAT: General Overview of On-Disk Format" 1.03 (Microsoft), which the UEFI specification refers to
 */
export function efiSystem(): PartitionContent {
  return (space) => {
    const application = buildEfiApplication();
    const layout = planLayout(space.lengthBytes, application.length);
    const boot = buildBootSector(space, layout);
    const info = buildInfoSector(layout);
    const fat = buildFat(layout);
    const fatBytes = layout.fatSectors * SECTOR_BYTES;
    const firstFat = RESERVED_SECTORS * SECTOR_BYTES;
    return [
      { offset: 0, bytes: boot },
      { offset: FSINFO_SECTOR * SECTOR_BYTES, bytes: info },
      { offset: BACKUP_SECTOR * SECTOR_BYTES, bytes: boot },
      { offset: (BACKUP_SECTOR + FSINFO_SECTOR) * SECTOR_BYTES, bytes: info },
      { offset: firstFat, bytes: fat },
      { offset: firstFat + fatBytes, bytes: fat },
      ...placeFiles(layout, application, space.createdAt),
    ];
  };
}

function planLayout(lengthBytes: number, fileBytes: number): Layout {
  const clusterSectors = lengthBytes < 260 * MIB ? 1 : 8;
  const sectors = lengthBytes / SECTOR_BYTES - RESERVED_SECTORS;
  // The specification's own formula; it may give a few sectors too many, never too few.
  const fatSectors = Math.ceil(sectors / ((256 * clusterSectors + FAT_COUNT) / 2));
  const clusterCount = Math.floor((sectors - FAT_COUNT * fatSectors) / clusterSectors);
  const fileClusters = Math.ceil(fileBytes / (clusterSectors * SECTOR_BYTES));
  return { clusterSectors, fatSectors, clusterCount, usedClusters: 3 + fileClusters };
}

function buildBootSector(space: PartitionSpace, layout: Layout): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.set([0xeb, 0x58, 0x90], 0);
  sector.write("MSDOS5.0", 3, "latin1");
  sector.writeUInt16LE(SECTOR_BYTES, 11);
  sector.writeUInt8(layout.clusterSectors, 13);
  sector.writeUInt16LE(RESERVED_SECTORS, 14);
  sector.writeUInt8(FAT_COUNT, 16);
  sector.writeUInt8(0xf8, 21); // fixed disk
  sector.writeUInt16LE(63, 24);
  sector.writeUInt16LE(255, 26);
  sector.writeUInt32LE(space.startBytes / SECTOR_BYTES, 28);
  sector.writeUInt32LE(space.lengthBytes / SECTOR_BYTES, 32);
  sector.writeUInt32LE(layout.fatSectors, 36);
  sector.writeUInt32LE(CLUSTERS.root, 44);
  sector.writeUInt16LE(FSINFO_SECTOR, 48);
  sector.writeUInt16LE(BACKUP_SECTOR, 50);
  sector.writeUInt8(0x80, 64); // drive number
  sector.writeUInt8(0x29, 66); // volume id, label and type follow
  encodeUuid(deriveGuid(space.seed, "fat")).copy(sector, 67, 0, 4);
  sector.write(LABEL.padEnd(11), 71, "latin1");
  sector.write("FAT32   ", 82, "latin1");
  sector.writeUInt16BE(0x55aa, 510);
  return sector;
}

function buildInfoSector(layout: Layout): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.write("RRaA", 0, "latin1");
  sector.write("rrAa", 484, "latin1");
  sector.writeUInt32LE(layout.clusterCount - layout.usedClusters, 488);
  sector.writeUInt32LE(CLUSTERS.root + layout.usedClusters, 492); // next free cluster
  sector.writeUInt16BE(0x55aa, 510);
  return sector;
}

function buildFat(layout: Layout): Buffer {
  const fat = Buffer.alloc(SECTOR_BYTES);
  fat.writeUInt32LE(0x0fff_fff8, 0); // media descriptor
  fat.writeUInt32LE(END_OF_CHAIN, 4);
  const last = CLUSTERS.root + layout.usedClusters - 1;
  for (let cluster = CLUSTERS.root; cluster <= last; cluster++) {
    const continues = cluster >= CLUSTERS.application && cluster < last;
    fat.writeUInt32LE(continues ? cluster + 1 : END_OF_CHAIN, cluster * 4);
  }
  return fat;
}

function placeFiles(layout: Layout, application: Buffer, at: Date): Extent[] {
  const dataStart = RESERVED_SECTORS + FAT_COUNT * layout.fatSectors;
  const place = (cluster: number, bytes: Uint8Array): Extent => ({
    offset: (dataStart + (cluster - CLUSTERS.root) * layout.clusterSectors) * SECTOR_BYTES,
    bytes,
  });
  const root = encodeDirectory(at, [
    { name: LABEL, kind: "label", cluster: 0 },
    { name: "EFI", kind: "directory", cluster: CLUSTERS.efi },
  ]);
  const efi = encodeDirectory(at, [
    { name: ".", kind: "directory", cluster: CLUSTERS.efi },
    { name: "..", kind: "directory", cluster: 0 }, // 0 stands for the root directory
    { name: "BOOT", kind: "directory", cluster: CLUSTERS.boot },
  ]);
  const boot = encodeDirectory(at, [
    { name: ".", kind: "directory", cluster: CLUSTERS.boot },
    { name: "..", kind: "directory", cluster: CLUSTERS.efi },
    { name: "BOOTX64 EFI", kind: "file", cluster: CLUSTERS.application, size: application.length },
  ]);
  return [
    place(CLUSTERS.root, root),
    place(CLUSTERS.efi, efi),
    place(CLUSTERS.boot, boot),
    place(CLUSTERS.application, application),
  ];
}
