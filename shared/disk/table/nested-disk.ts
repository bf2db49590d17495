import { SECTOR_BYTES } from "../bytes.ts";
import { readFileSystem } from "../content/file-systems.ts";
import type { VolumeView } from "../content/volume-view.ts";
import { BOOT_RECORD, isElTorito } from "./el-torito.ts";
import type { PlacedPartition } from "./layout.ts";
import { readTable } from "./mbr.ts";

/**
 * Whether a partition may hold a disk of its own, with a partition table or as a CD: UEFI firmware goes
 * into both (EDK II, PartitionDxe, which takes every partition for a disk once more). Where nothing was
 * recognised, only what was read shows that there is none.
 */
export function mayHoldDisk({ size, type }: PlacedPartition, view: VolumeView): boolean {
  if (holdsTable(view.slice(0, SECTOR_BYTES), size)) return true;
  const descriptor = view.slice(BOOT_RECORD.offset, BOOT_RECORD.bytes);
  if (descriptor !== null) return isElTorito(descriptor);
  const isLongEnough = size >= BOOT_RECORD.offset + BOOT_RECORD.bytes;
  return isLongEnough && type.opaque !== true && readFileSystem(view) === null;
}

/** An entry that begins in sector 0 leads to itself: the boot sectors of FreeBSD have one. */
function holdsTable(sector: Uint8Array | null, bytes: number): boolean {
  const entries = sector && readTable(sector);
  return (entries ?? []).some(
    ({ firstSector }) => firstSector > 0 && firstSector * SECTOR_BYTES < bytes,
  );
}
