import { BlobServiceClient, type ContainerClient, RestError } from "@azure/storage-blob";
import { createSparseImage, type Extent, FOOTER_BYTES } from "../sample-vhds/index.ts";
import { hashImage } from "./disk-content.ts";

/** Name that the app's default gives to the container of converted disks. */
export const CONVERTED_CONTAINER = "converted";

/** A blob in the container of converted disks. */
export type ConvertedDisk = {
  readonly name: string;
  /** Whether it ends with a VHD footer, which is written last. */
  readonly isComplete: boolean;
  /** SHA-256 of everything before the footer, in hexadecimal digits. */
  readonly sha256: string;
};

/** Reads every converted disk of the account. */
export async function readConvertedDisks(
  connectionString: string,
): Promise<readonly ConvertedDisk[]> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const container = service.getContainerClient(CONVERTED_CONTAINER);
  if (!(await container.exists())) return [];
  const disks: ConvertedDisk[] = [];
  for await (const { name } of container.listBlobsFlat()) {
    const disk = await readDisk(container, name);
    if (disk !== null) disks.push(disk);
  }
  return disks;
}

/** Reads only what was written; null if the blob is removed meanwhile. */
async function readDisk(container: ContainerClient, name: string): Promise<ConvertedDisk | null> {
  const client = container.getPageBlobClient(name);
  try {
    const { contentLength = 0 } = await client.getProperties();
    const extents: Extent[] = [];
    const end = contentLength - FOOTER_BYTES;
    const { pageRange = [] } = await client.getPageRanges(0, contentLength);
    for (const { offset, count = 0 } of pageRange) {
      if (offset >= end) continue;
      const length = Math.min(count, end - offset);
      extents.push({ offset, bytes: await client.downloadToBuffer(offset, length) });
    }
    const footer = await client.downloadToBuffer(end, FOOTER_BYTES);
    const isComplete = footer.toString("latin1", 0, 8) === "conectix";
    return { name, isComplete, sha256: hashImage(createSparseImage(end, extents)) };
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return null;
    throw error;
  }
}
