import { open } from "node:fs/promises";
import type { PageBlobClient } from "@azure/storage-blob";

/** Downloads what was written of a page blob to a sparse file of the same length. */
export async function downloadPages(blob: PageBlobClient, path: string): Promise<void> {
  const { contentLength = 0 } = await blob.getProperties();
  const file = await open(path, "w");
  try {
    await file.truncate(contentLength);
    for await (const page of blob.listPageRanges().byPage()) {
      for (const { start, end } of page.pageRange ?? []) {
        const bytes = await blob.downloadToBuffer(start, end - start + 1);
        await file.write(bytes, 0, bytes.length, start);
      }
    }
  } finally {
    await file.close();
  }
}
