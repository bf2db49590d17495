import type { DataDisk, DiskSource, ImageDraft, OsDiskDraft } from "./image-request.ts";

/** JSON of the Images API, today's form. */
export type WireBody = Readonly<Record<string, unknown>>;

/**
 * The body of the PUT that creates the image; of a draft, what is known so far.
 * https://learn.microsoft.com/rest/api/compute/images/create-or-update
 */
export function toImageBody<Disk extends OsDiskDraft>(
  request: Omit<ImageDraft, "osDisk"> & { readonly osDisk?: Disk | undefined },
) {
  const { osDisk, dataDisks, zoneResilient, sourceVirtualMachine, hyperVGeneration } = request;
  const storageProfile = {
    ...(osDisk && { osDisk: toOsDisk(osDisk) }),
    ...(dataDisks.length > 0 && { dataDisks: dataDisks.map(toDataDisk) }),
    ...(zoneResilient !== undefined && { zoneResilient }),
  };
  return {
    location: request.location,
    ...(request.tags && { tags: request.tags }),
    ...(request.extendedLocation && { extendedLocation: request.extendedLocation }),
    properties: {
      ...(sourceVirtualMachine && { sourceVirtualMachine: { id: sourceVirtualMachine } }),
      ...(Object.keys(storageProfile).length > 0 && { storageProfile }),
      ...(hyperVGeneration && { hyperVGeneration }),
    },
  };
}

function toOsDisk<Disk extends OsDiskDraft>(disk: Disk) {
  const osType: Disk["osType"] = disk.osType;
  return { osType, osState: disk.osState, ...toDisk(disk) };
}

function toDataDisk(disk: DataDisk) {
  return { lun: disk.lun, ...toDisk(disk) };
}

function toDisk(disk: Omit<DataDisk, "lun">) {
  const { caching, diskSizeGB, storageAccountType, diskEncryptionSet } = disk;
  return {
    ...toSource(disk.source),
    ...(caching && { caching }),
    ...(diskSizeGB !== undefined && { diskSizeGB }),
    ...(storageAccountType && { storageAccountType }),
    ...(diskEncryptionSet && { diskEncryptionSet: { id: diskEncryptionSet } }),
  };
}

function toSource(source: DiskSource) {
  switch (source.kind) {
    case "blob":
    case "externalBlob":
      return { blobUri: source.uri };
    case "snapshot":
      return { snapshot: { id: source.id } };
    case "managedDisk":
      return { managedDisk: { id: source.id } };
  }
}
