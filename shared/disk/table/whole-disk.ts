import { isBlank } from "../bytes.ts";
import { readFat } from "../content/boot-sector-rules.ts";
import { type EfiBootFiles, readEfiBootFiles } from "../content/efi-boot-files.ts";
import { readBootSectorLabel } from "../content/fat.ts";
import { type FileSystemReading, readFileSystem } from "../content/file-systems.ts";
import { type VolumePiece, viewVolume } from "../content/volume-view.ts";
import type { LimitedReader } from "../disk-reader.ts";
import { FAR_MARKS, placeEndMarks, type Stretch, VOLUME_DESCRIPTORS } from "./far-marks.ts";
import { readVolumeLabel } from "./volume-labels.ts";

/** What an undivided disk holds. */
export interface WholeDisk {
  readonly fileSystem: FileSystemReading | null;
  readonly efi: EfiBootFiles | null;
  /** Whether all that was read of it is blank. */
  readonly isBlank: boolean;
}

/**
 * Looks for a file system or a volume on a disk without partitions: in its first bytes, and where
 * nothing is there, at every place further in where a mark may stand; `isNearOnly` leaves that out.
 */
export async function readWholeDisk(
  reader: LimitedReader,
  head: Uint8Array,
  { diskBytes, isNearOnly }: { readonly diskBytes: number; readonly isNearOnly: boolean },
): Promise<WholeDisk> {
  const near: VolumePiece = { offset: 0, bytes: head };
  const atHead = readFileSystem(viewVolume(diskBytes, [near]));
  const fat = readFat(viewVolume(diskBytes, [near]));
  if (fat !== null) {
    const efi = await readEfiBootFiles(reader, 0, fat);
    const label = efi.label === undefined ? readBootSectorLabel(head, fat) : efi.label;
    return { fileSystem: atHead && { ...atHead, label }, efi, isBlank: false };
  }
  if (isNearOnly) return { fileSystem: atHead, efi: null, isBlank: isBlank(head) };
  const elsewhere = [FAR_MARKS.superblocks, VOLUME_DESCRIPTORS, FAR_MARKS.zfs, FAR_MARKS.vmfs];
  const stretches: readonly Stretch[] = [
    ...placeEndMarks(diskBytes), // a member of a RAID begins as the file system inside does
    ...(atHead === null ? elsewhere : []),
  ];
  const far = await Promise.all(
    stretches.map(async ({ offset, bytes }): Promise<VolumePiece | null> => {
      const read = offset < 0 ? null : await reader.read(offset, bytes);
      return read && { offset, bytes: read };
    }),
  );
  const pieces = [near, ...far.filter((piece) => piece !== null)];
  const view = viewVolume(diskBytes, pieces);
  const fileSystem = readFileSystem(view);
  const label = await readVolumeLabel(reader, { name: fileSystem?.name, view, start: 0 });
  return {
    fileSystem: fileSystem && { ...fileSystem, label: label ?? fileSystem.label },
    efi: null,
    isBlank: pieces.every(({ bytes }) => isBlank(bytes)),
  };
}
