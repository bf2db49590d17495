import { hasBytesAt, isBlank, viewOf } from "../bytes.ts";
import { readFatGeometry } from "./fat.ts";
import type { VolumeRule } from "./volume-rule.ts";
import { standsAt, type VolumeView } from "./volume-view.ts";

/**
 * File systems that are recognized by their boot sector. A format of one of those whose superblock comes
 * later clears this sector, so a sound one was written after them.
 */
export const BOOT_SECTOR_RULES: readonly VolumeRule[] = [
  {
    name: "NTFS",
    system: "Windows",
    matches: isNtfs,
    size: (view) => Number(fieldsOf(view).getBigUint64(40, true)) * sectorBytesOf(view),
  },
  { name: "ReFS", system: "Windows", matches: (view) => standsAt(view, 3, "ReFS\0") },
  {
    name: "exFAT",
    system: null,
    matches: (view) => {
      const sector = view.slice(0, 512);
      return (
        sector !== null &&
        hasBytesAt(sector, 3, "EXFAT   ") &&
        isBlank(sector.subarray(11, 64)) &&
        isWithin(sector[108] ?? 0, 9, 12) &&
        isWithin(sector[110] ?? 0, 1, 2)
      );
    },
    size: (view) =>
      Number(fieldsOf(view).getBigUint64(72, true)) * 2 ** (view.slice(108, 1)?.[0] ?? 9),
  },
  {
    name: "FAT",
    system: null,
    matches: (view) => readFat(view) !== null,
    refineName: (view) => readFat(view)?.kind ?? "FAT",
  },
];

/** The geometry of a volume that firmware and systems take for FAT; null for every other. */
export function readFat(view: VolumeView): ReturnType<typeof readFatGeometry> {
  const sector = view.slice(0, 512);
  return sector && readFatGeometry(sector);
}

function isNtfs(view: VolumeView): boolean {
  const sector = view.slice(0, 512);
  if (sector === null || !hasBytesAt(sector, 3, "NTFS    ")) return false;
  const fields = viewOf(sector);
  const sectorBytes = fields.getUint16(11, true);
  const perCluster = fields.getUint8(13);
  const isPowerOfTwo = (value: number): boolean => value > 0 && (value & (value - 1)) === 0;
  return (
    isPowerOfTwo(sectorBytes) &&
    isWithin(sectorBytes, 256, 4096) &&
    (isPowerOfTwo(perCluster) || isWithin(perCluster, 240, 249)) &&
    isBlank(sector.subarray(14, 21)) &&
    fields.getBigUint64(40, true) > 0n
  );
}

function fieldsOf(view: VolumeView): DataView {
  return viewOf(view.slice(0, 512) ?? new Uint8Array(512));
}

function sectorBytesOf(view: VolumeView): number {
  return fieldsOf(view).getUint16(11, true);
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
