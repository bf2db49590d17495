import { readImage, type SparseImage } from "../sample-vhds/index.ts";
import { CHUNK_BYTES, type PageChunk, type PageSource } from "./page-source.ts";

/** Returns the image as a source that yields only the chunks that hold something. */
export function createImageSource(image: SparseImage): PageSource {
  const offsets = listUsedChunks(image);
  const measure = (offset: number): number => Math.min(CHUNK_BYTES, image.sizeBytes - offset);
  return {
    sizeBytes: image.sizeBytes,
    chunkBytes: offsets.reduce((sum, offset) => sum + measure(offset), 0),
    async *readChunks(): AsyncGenerator<PageChunk> {
      for (const offset of offsets) {
        yield { offset, bytes: readImage(image, offset, measure(offset)) };
      }
    },
  };
}

function listUsedChunks(image: SparseImage): number[] {
  const offsets = new Set<number>();
  for (const { offset, bytes } of image.extents) {
    const first = offset - (offset % CHUNK_BYTES);
    for (let at = first; at < offset + bytes.length; at += CHUNK_BYTES) offsets.add(at);
  }
  return [...offsets].toSorted((a, b) => a - b);
}
