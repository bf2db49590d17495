import type { BlobGetPropertiesResponse, BlobItem, BlobServiceClient } from "@azure/storage-blob";
import { BlobChangedError } from "../../errors.ts";
import type { BlobRef } from "../../image/image-request.ts";
import type {
  BlobPage,
  BlobProperties,
  BlobStore,
  BlobType,
  CopyStatus,
  PageRange,
} from "../../ports.ts";
import { statusOf } from "./http-status.ts";

/** As many as the service gives at once: a listing is charged by its pages. */
const PAGE_SIZE = 5000;

/**
 * The storage account's blobs. Every read is a ranged one, bound to an ETag.
 *
 * @param pageSize How many blobs `list` gives at once, 5,000 at most.
 */
export function createBlobStore(service: BlobServiceClient, pageSize = PAGE_SIZE): BlobStore {
  const blobOf = ({ container, name }: BlobRef) =>
    service.getContainerClient(container).getBlobClient(name);
  return {
    async getProperties(ref) {
      try {
        return fromResponse(ref, await blobOf(ref).getProperties());
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
    async read(ref, { offset, count, etag }) {
      try {
        return await blobOf(ref).downloadToBuffer(offset, count, { conditions: { ifMatch: etag } });
      } catch (error) {
        throw changed(ref.name, error);
      }
    },
    async listPageRanges({ container, name }, { etag, limit, offset = 0 }) {
      const blob = service.getContainerClient(container).getPageBlobClient(name);
      // Reading one more than requested shows whether there are more. Azurite gives neighbours unmerged.
      const pages = blob
        .listPageRanges(offset, undefined, { conditions: { ifMatch: etag } })
        .byPage({ maxPageSize: limit + 1 });
      try {
        for await (const page of pages) {
          const written = (page.pageRange ?? []).map(({ start, end }) => ({
            offset: start,
            count: end - start + 1,
          }));
          const ranges = mergeRanges(written);
          return {
            ranges: ranges.slice(0, limit),
            hasMore: ranges.length > limit || Boolean(page.continuationToken),
          };
        }
        return { ranges: [], hasMore: false };
      } catch (error) {
        throw changed(name, error);
      }
    },
    async list(container, { prefix, cursor }): Promise<BlobPage> {
      const pages = service
        .getContainerClient(container)
        .listBlobsFlat({
          includeMetadata: true,
          includeCopy: true,
          ...(prefix !== undefined && { prefix }),
        })
        .byPage({ maxPageSize: pageSize, ...(cursor && { continuationToken: cursor }) });
      for await (const page of pages) {
        const readAt = page.date ?? new Date();
        return {
          blobs: page.segment.blobItems.map((item) => fromItem(container, item, readAt)),
          cursor: page.continuationToken || null,
        };
      }
      return { blobs: [], cursor: null };
    },
  };
}

function fromResponse(ref: BlobRef, answer: BlobGetPropertiesResponse): BlobProperties {
  const lastModified = required(answer.lastModified, "Last-Modified");
  return {
    container: ref.container,
    name: ref.name,
    etag: required(answer.etag, "ETag"),
    length: answer.contentLength ?? 0,
    type: (answer.blobType ?? "BlockBlob") as BlobType,
    createdOn: answer.createdOn ?? lastModified,
    lastModified,
    readAt: answer.date ?? new Date(),
    copyStatus: (answer.copyStatus as CopyStatus | undefined) ?? null,
    copyCompletedOn: answer.copyCompletedOn ?? null,
    contentMd5: toHex(answer.contentMD5),
    lease: answer.leaseDuration ?? null,
    metadata: lowerCaseKeys(answer.metadata ?? {}),
  };
}

function fromItem(container: string, item: BlobItem, readAt: Date): BlobProperties {
  const { properties } = item;
  return {
    container,
    name: item.name,
    etag: quoted(properties.etag),
    length: properties.contentLength ?? 0,
    type: (properties.blobType ?? "BlockBlob") as BlobType,
    createdOn: properties.createdOn ?? properties.lastModified,
    lastModified: properties.lastModified,
    readAt,
    copyStatus: (properties.copyStatus as CopyStatus | undefined) ?? null,
    copyCompletedOn: properties.copyCompletedOn ?? null,
    contentMd5: toHex(properties.contentMD5),
    lease: properties.leaseDuration ?? null,
    metadata: lowerCaseKeys(item.metadata ?? {}),
  };
}

/** Ranges that touch each other as one. */
function mergeRanges(ranges: readonly PageRange[]): PageRange[] {
  const merged: PageRange[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && last.offset + last.count === range.offset) {
      merged[merged.length - 1] = { offset: last.offset, count: last.count + range.count };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** The error of a read by ETag, as the port names it. */
function changed(name: string, error: unknown): unknown {
  if (![404, 412, 416].includes(statusOf(error) ?? 0)) return error;
  return new BlobChangedError(`${name} changed since its properties were read`, { cause: error });
}

/** A listing gives ETags without the quotes that headers have. */
function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}

function toHex(md5: Uint8Array | undefined): string | null {
  return md5 === undefined || md5.length === 0 ? null : Buffer.from(md5).toString("hex");
}

function lowerCaseKeys(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value]),
  );
}

function required<T>(value: T | undefined, header: string): T {
  if (value === undefined) throw new TypeError(`Blob Storage sent no ${header}`);
  return value;
}
