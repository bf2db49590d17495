import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerClient, PageBlobClient } from "@azure/storage-blob";
import { createRandom } from "../fault-proxy/index.ts";
import { buildSampleVhd, readImage, SECTOR_BYTES, type SparseImage } from "../sample-vhds/index.ts";
import { buildDiskFile } from "./disk-content.ts";
import type { PlannedDisk, PlannedManifest, PlannedUpload, PlannedVhd } from "./plan.ts";

/** What an upload left behind, in times of this process. */
export type UploadOutcome = {
  readonly id: string;
  /** When the blob was about to be created or replaced. */
  readonly beganAt: Date;
  /** When the answer to the last write was there. */
  readonly lastWriteAt: Date;
  /** What names the upload: the ETag of a manifest, the time of creation of a VHD. */
  readonly version: string;
};

const CREATED_AT = new Date("2026-01-01T00:00:00Z");

/** Uploads one blob as planned; storage itself is not disturbed on this way. */
export function uploadAsPlanned(
  uploads: ContainerClient,
  planned: PlannedUpload,
): Promise<UploadOutcome> {
  if (planned.kind === "manifest") return uploadManifest(uploads, planned);
  return planned.kind === "disk" ? uploadDisk(uploads, planned) : uploadVhd(uploads, planned);
}

async function uploadManifest(
  uploads: ContainerClient,
  { id, blob, text }: PlannedManifest,
): Promise<UploadOutcome> {
  const beganAt = new Date();
  const { etag = "" } = await uploads
    .getBlockBlobClient(blob)
    .upload(text, Buffer.byteLength(text));
  return { id, beganAt, lastWriteAt: new Date(), version: etag };
}

async function uploadDisk(uploads: ContainerClient, planned: PlannedDisk): Promise<UploadOutcome> {
  const bytes = buildDiskFile(planned);
  const client = uploads.getBlockBlobClient(planned.blob);
  const beganAt = new Date();
  await client.upload(bytes, bytes.length, { metadata: { ...planned.metadata } });
  const lastWriteAt = new Date();
  const { createdOn } = await client.getProperties();
  return { id: planned.id, beganAt, lastWriteAt, version: createdOn?.toISOString() ?? "" };
}

async function uploadVhd(uploads: ContainerClient, planned: PlannedVhd): Promise<UploadOutcome> {
  const { sample, uuid, sizeMib } = planned;
  const virtualSizeBytes = sizeMib * 2 ** 20;
  const image = buildSampleVhd(sample, { uuid, virtualSizeBytes, createdAt: CREATED_AT });
  const client = uploads.getPageBlobClient(planned.blob);
  const beganAt = new Date();
  await client.create(image.sizeBytes, { metadata: { ...planned.metadata } });
  const { createdOn } = await client.getProperties();
  let lastWriteAt = new Date();
  const groups = groupPages(image, planned);
  for (const [index, offsets] of groups.entries()) {
    if (index > 0) await sleep(planned.pausesMs[index - 1]);
    await putPages(client, image, offsets);
    if (offsets.length > 0) lastWriteAt = new Date();
  }
  const version = createdOn?.toISOString() ?? "";
  return { id: planned.id, beganAt, lastWriteAt, version };
}

type Pages = { readonly offset: number; readonly length: number };

/** The pages that are not zero, in as many groups as the pauses make; an abandoned one is a group short. */
function groupPages(image: SparseImage, planned: PlannedVhd): Pages[][] {
  const ascending = listPages(image);
  // The bytes and their order are the plan's, so that two runs of a seed write the same.
  const random = createRandom(Number.parseInt(planned.uuid.slice(0, 8), 16));
  const pages = planned.order === "shuffled" ? random.shuffle(ascending) : ascending;
  const count = planned.pausesMs.length + 1 + (planned.isAbandoned ? 1 : 0);
  const size = Math.ceil(pages.length / count);
  const groups = Array.from({ length: count }, (_, index) =>
    pages.slice(index * size, (index + 1) * size),
  );
  if (!planned.isAbandoned) return groups;
  const footer = ascending.at(-1);
  return groups.slice(0, -1).map((group) => group.filter((page) => page !== footer));
}

/** What is written of an image, as whole sectors that do not overlap. */
function listPages({ extents }: SparseImage): Pages[] {
  const pages: Pages[] = [];
  for (const { offset, bytes } of extents.toSorted((a, b) => a.offset - b.offset)) {
    const from = offset - (offset % SECTOR_BYTES);
    const to = Math.ceil((offset + bytes.length) / SECTOR_BYTES) * SECTOR_BYTES;
    const last = pages.at(-1);
    if (last !== undefined && from < last.offset + last.length) {
      pages.splice(-1, 1, { offset: last.offset, length: Math.max(last.length, to - last.offset) });
    } else pages.push({ offset: from, length: to - from });
  }
  return pages;
}

async function putPages(
  client: PageBlobClient,
  image: SparseImage,
  pages: readonly Pages[],
): Promise<void> {
  for (const { offset, length } of pages) {
    await client.uploadPages(readImage(image, offset, length), offset, length);
  }
}
