import type { BlobLocator } from "../image/blob-uri.ts";
import type { BlobRef, DiskSource, ImageDraft } from "../image/image-request.ts";
import type { DiskProgress } from "../record/record.ts";

/** The blob that a disk goes out with: what it was converted to, otherwise the upload itself. */
export function outgoingBlobOf({ ref, conversion }: DiskProgress): BlobRef | null {
  return conversion?.to ?? ref;
}

/** The request with the URIs that go to Azure: those of converted disks in place of their uploads. */
export function withConvertedDisks<Draft extends ImageDraft>(
  request: Draft,
  disks: readonly DiskProgress[],
  locator: BlobLocator,
): Draft {
  const replace = (source: DiskSource, role: "os" | "data", lun: number | null): DiskSource => {
    const disk = disks.find((other) => other.role === role && other.lun === lun);
    if (source.kind !== "blob" || disk === undefined || disk.conversion === null) return source;
    const ref = outgoingBlobOf(disk) ?? source.ref;
    return { kind: "blob", uri: locator.uriOf(ref), ref };
  };
  const { osDisk, dataDisks } = request;
  return {
    ...request,
    ...(osDisk && { osDisk: { ...osDisk, source: replace(osDisk.source, "os", null) } }),
    dataDisks: dataDisks.map((disk) => ({
      ...disk,
      source: replace(disk.source, "data", disk.lun),
    })),
  };
}
