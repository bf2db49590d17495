/** A VHD's place in an image, told by its name. */
export interface VhdName {
  /** Blob name without `.vhd`, and without `.lun<N>` for a data disk. */
  readonly stem: string;
  /** As written, e.g. `.vhd`. */
  readonly extension: string;
  /** Null for the OS disk. */
  readonly lun: number | null;
}

const DATA_DISK = /^(?<stem>.+)\.lun(?<lun>[0-9]|[1-5][0-9]|6[0-3])$/i;

/** Reads `web.vhd` (OS disk) and `web.lun1.vhd` (data disk 1 of web.vhd); null without `.vhd`. */
export function parseVhdName(name: string): VhdName | null {
  const extension = name.slice(-4);
  if (extension.toLowerCase() !== ".vhd" || name.length === 4) return null;
  const rest = name.slice(0, -4);
  const groups = DATA_DISK.exec(rest)?.groups;
  return groups?.stem !== undefined
    ? { stem: groups.stem, extension, lun: Number(groups.lun) }
    : { stem: rest, extension, lun: null };
}
