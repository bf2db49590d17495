import type { DataDisk, DiskSource, ImageRequest, OsDisk } from "./image-request.ts";

/** JSON of the Images API, today's form. */
export type WireBody = Readonly<Record<string, unknown>>;

/**
 * The body of the PUT that creates the image.
 * https://learn.microsoft.com/rest/api/compute/images/create-or-update
 */
export function toImageBody(request: ImageRequest) {
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

function toOsDisk(disk: OsDisk) {
  return { osType: disk.osType, osState: disk.osState, ...toDisk(disk) };
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
