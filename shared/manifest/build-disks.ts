import type { BlobLocator } from "../image/blob-uri.ts";
import type { ImageDefaults } from "../image/defaults.ts";
import type { DataDisk, DiskSource, OsDiskDraft } from "../image/image-request.ts";
import type { ManifestDisk, ManifestOsDisk } from "./schema.ts";

type DiskOptions = Omit<DataDisk, "lun">;

/** The OS disk that a sound manifest asks for. */
export function buildOsDisk(
  disk: ManifestOsDisk,
  defaults: ImageDefaults,
  buildOptions: (disk: ManifestDisk) => DiskOptions,
): OsDiskDraft {
  return {
    ...(disk.osType && { osType: disk.osType }),
    osState: present(disk.osState ?? defaults.osState),
    ...buildOptions(disk),
  };
}

/** What a sound manifest says about any disk. */
export function buildDisk(
  disk: ManifestDisk,
  locator: BlobLocator,
  fillIn: (id: string) => string,
): DiskOptions {
  const caching = disk.caching ?? disk.hostCaching;
  const diskSizeGB = disk.diskSizeGB ?? disk.diskSizeInGB;
  const { storageAccountType, diskEncryptionSet } = disk;
  return {
    source: buildSource(disk, locator, fillIn),
    ...(caching && { caching }),
    ...(diskSizeGB !== undefined && { diskSizeGB }),
    ...(storageAccountType && { storageAccountType }),
    ...(diskEncryptionSet && { diskEncryptionSet: fillIn(diskEncryptionSet.id) }),
  };
}

function buildSource(
  disk: ManifestDisk,
  locator: BlobLocator,
  fillIn: (id: string) => string,
): DiskSource {
  if (disk.snapshot) return { kind: "snapshot", id: fillIn(disk.snapshot.id) };
  if (disk.managedDisk) return { kind: "managedDisk", id: fillIn(disk.managedDisk.id) };
  const located = locator.locate(present(disk.blobUri));
  if (located.kind === "invalid") throw new TypeError("a checked URI is invalid");
  // What was judged is what the service gets, not the text that it was read from.
  return located.kind === "own"
    ? { kind: "blob", uri: located.uri, ref: located.ref }
    : { kind: "externalBlob", uri: located.uri };
}

/** A value whose absence a finding has already told of. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new TypeError("a checked value is missing");
  return value;
}
