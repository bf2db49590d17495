import type { DiskContent, OpenSource } from "../../cli/upload/index.ts";
import { readImage, type SparseImage } from "../sample-vhds/index.ts";

/** Returns an image in memory as what the uploader sends; holes are neither read nor sent. */
export function imageContent(image: SparseImage, shown = "the image"): DiskContent {
  return {
    reader: { read: async (offset, count) => readImage(image, offset, count) },
    sizeBytes: image.sizeBytes,
    data: image.extents.map(({ offset, bytes }) => ({ offset, count: bytes.length })),
    shown,
  };
}

/**
 * Returns content in memory as a source of its own: it does not change, and no blob is an earlier upload
 * of it.
 */
export function memorySource(content: DiskContent): OpenSource {
  return {
    ...content,
    identity: content.shown,
    isSame: () => false,
    hasChanged: async () => false,
    close: async () => {},
  };
}
