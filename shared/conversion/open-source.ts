import type { DiskReader } from "../disk/disk-reader.ts";
import { buildFixedFooter, deriveUuid } from "../disk/maps/build-footer.ts";
import type { DiskMap } from "../disk/maps/extent.ts";
import { type OpenedDisk, openDiskMap } from "../disk/maps/open-disk-map.ts";
import type { Refusal } from "../disk/maps/refusal.ts";
import { skipUnwritten } from "./skip-unwritten.ts";

/** A version of a blob, and how its bytes are read. */
export interface SourceVersion {
  readonly reader: DiskReader;
  readonly etag: string;
  readonly lastModified: Date;
}

/** A source that can be converted, or why it cannot. */
export type OpenedSource =
  | {
      readonly kind: "disk";
      readonly map: DiskMap;
      /** Ends the target; a function of the source's version alone. */
      readonly footer: Uint8Array;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Opens the map of a source by a few reads of its headers.
 * @throws the reader's own errors.
 */
export async function openSource({
  reader,
  etag,
  lastModified,
}: SourceVersion): Promise<OpenedSource> {
  const opened = await openDiskMap(reader);
  if (opened.kind === "refused") return opened;
  const map = isAsStored(opened) ? skipUnwritten(opened.map, reader) : opened.map;
  const uuid = await deriveUuid(etag);
  const footer = buildFixedFooter({ diskBytes: map.paddedBytes, uuid, createdAt: lastModified });
  return { kind: "disk", map, footer };
}

/** Whether the file is the disk as it is, so that no table tells zeros apart. */
function isAsStored({ map, member }: Extract<OpenedDisk, { kind: "map" }>): boolean {
  return member === null && (map.format === "raw" || map.format === "vhd-fixed");
}
