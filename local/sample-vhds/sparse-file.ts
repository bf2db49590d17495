import { open } from "node:fs/promises";
import type { SparseImage } from "./sparse-image.ts";

/** Writes the image to a new local file that takes disk space only for its non-zero parts. */
export async function writeSparseFile(path: string, image: SparseImage): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.truncate(image.sizeBytes);
    for (const { offset, bytes } of image.extents) {
      let written = 0;
      while (written < bytes.length) {
        const rest = bytes.length - written;
        const result = await file.write(bytes, written, rest, offset + written);
        written += result.bytesWritten;
      }
    }
  } finally {
    await file.close();
  }
}
