import { readBlobHost } from "../../image/blob-hosts.ts";
import type { GalleryRequest } from "../../image/gallery-request.ts";
import type { DataDisk, DiskSource, ImageDraft } from "../../image/image-request.ts";
import { RECORD_TAG, REQUEST_TAG } from "../../image/version-tags.ts";
import { digest } from "../../record/identity.ts";

/** Ids of the storage accounts of a version's blobs, by name. */
export type Accounts = Readonly<Record<string, string>>;

type VersionRequest = ImageDraft & { readonly gallery: GalleryRequest };

/**
 * The body of the PUT that creates a version, without the app's own tags.
 * https://learn.microsoft.com/rest/api/compute/gallery-image-versions/create-or-update
 */
export function toVersionBody(request: VersionRequest, accounts: Accounts) {
  const { gallery } = request;
  const { location, tags, publishingProfile, safetyProfile, securityProfile } = gallery;
  return {
    location,
    tags: { ...tags },
    properties: {
      publishingProfile,
      storageProfile: toStorageProfile(request, accounts),
      ...(safetyProfile && { safetyProfile }),
      ...(securityProfile && { securityProfile }),
    },
  };
}

/** The same as it is sent: with the tags that say which request, and what it requested. */
export function toOwnVersionBody(request: VersionRequest, accounts: Accounts, requestId: string) {
  const body = toVersionBody(request, accounts);
  const hash = digest([JSON.stringify(body)]);
  return { ...body, tags: { ...body.tags, [RECORD_TAG]: requestId, [REQUEST_TAG]: hash } };
}

/** A source is given either as a whole or disk by disk, never both. */
function toStorageProfile(
  { gallery, sourceVirtualMachine, osDisk, dataDisks }: VersionRequest,
  accounts: Accounts,
) {
  if (gallery.source) return { source: toWholeSource(gallery.source) };
  if (sourceVirtualMachine) return { source: { virtualMachineId: sourceVirtualMachine } };
  return {
    ...(osDisk && { osDiskImage: toDisk(osDisk, accounts) }),
    ...(dataDisks.length > 0 && {
      dataDiskImages: dataDisks.map((disk) => ({ lun: disk.lun, ...toDisk(disk, accounts) })),
    }),
  };
}

function toWholeSource({ kind, id }: NonNullable<GalleryRequest["source"]>) {
  return kind === "communityGalleryImage" ? { communityGalleryImageId: id } : { id };
}

function toDisk({ caching, source }: Omit<DataDisk, "lun">, accounts: Accounts) {
  return { ...(caching && { hostCaching: caching }), source: toSource(source, accounts) };
}

function toSource(source: DiskSource, accounts: Accounts) {
  if ("id" in source) return { id: source.id };
  const account = accountOfBlob(source.uri);
  return { storageAccountId: accounts[account] ?? null, uri: source.uri };
}

/** The account in a blob's URI: its host's first label, or the first segment at an emulator. */
export function accountOfBlob(uri: string): string {
  const { hostname, pathname } = new URL(uri);
  return readBlobHost(hostname)?.account ?? pathname.split("/")[1] ?? "";
}

/** The accounts whose blobs a version is published from. */
export function listAccounts({ osDisk, dataDisks }: ImageDraft): readonly string[] {
  const sources = [...(osDisk ? [osDisk.source] : []), ...dataDisks.map(({ source }) => source)];
  const accounts = sources.flatMap((source) =>
    "uri" in source ? [accountOfBlob(source.uri)] : [],
  );
  return [...new Set(accounts)];
}
