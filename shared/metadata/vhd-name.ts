import { DISK_EXTENSIONS, diskFileOf } from "../disk/format/disk-files.ts";

/** A disk's place in an image, told by its name. */
export interface VhdName {
  /** Blob name without the extension, and without `.lun<N>` for a data disk. */
  readonly stem: string;
  /** As written, e.g. `.vhd`; with what is wrapped, e.g. `.vhd.gz`. */
  readonly extension: string;
  /** Null for the OS disk. */
  readonly lun: number | null;
}

const DATA_DISK = /^(?<stem>.+)\.lun(?<lun>[0-9]|[1-5][0-9]|6[0-3])$/is;

/**
 * Reads `web.vhd` (OS disk) and `web.lun1.vhd` (data disk 1 of web.vhd), also with the extension of
 * another disk file; null for the name of anything else.
 */
export function parseVhdName(name: string): VhdName | null {
  const extension = extensionOf(name);
  if (extension === null) return null;
  const rest = name.slice(0, -extension.length);
  const groups = DATA_DISK.exec(rest)?.groups;
  return groups?.stem !== undefined
    ? { stem: groups.stem, extension, lun: Number(groups.lun) }
    : { stem: rest, extension, lun: null };
}

/** What the names of an image's disks have in common, whatever their case; null for other files. */
export function familyOf(name: string): string | null {
  return parseVhdName(name)?.stem.toLowerCase() ?? null;
}

function extensionOf(name: string): string | null {
  const outer = findExtension(name);
  if (outer === null) return null;
  const isWrapper = diskFileOf(name)?.isConvertible === false;
  const inner = isWrapper ? findExtension(name.slice(0, -outer.length)) : null;
  return inner === null ? outer : name.slice(-(inner.length + outer.length));
}

function findExtension(name: string): string | null {
  const file = name.slice(name.lastIndexOf("/") + 1);
  const found = DISK_EXTENSIONS.find(
    (extension) => file.length > extension.length && file.toLowerCase().endsWith(extension),
  );
  return found === undefined ? null : name.slice(-found.length);
}
