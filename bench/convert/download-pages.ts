import { open } from "node:fs/promises";
import type { PageBlobClient } from "@azure/storage-blob";

/** What was written of a page blob, range by range; the rest is zeros, and takes long to download. */
export async function* readWrittenPages(
  blob: PageBlobClient,
): AsyncGenerator<{ readonly offset: number; readonly bytes: Buffer }> {
  for await (const page of blob.listPageRanges().byPage()) {
    for (const { start, end } of page.pageRange ?? []) {
      yield { offset: start, bytes: await blob.downloadToBuffer(start, end - start + 1) };
    }
  }
}

/** Downloads what was written of a page blob to a sparse file of the same length. */
export async function downloadPages(blob: PageBlobClient, path: string): Promise<void> {
  const { contentLength = 0 } = await blob.getProperties();
  const file = await open(path, "w");
  try {
    await file.truncate(contentLength);
    for await (const { offset, bytes } of readWrittenPages(blob)) {
      await file.write(bytes, 0, bytes.length, offset);
    }
  } finally {
    await file.close();
  }
}
