import { BlobChangedError } from "../../shared/errors.ts";
import type { BlobRef } from "../../shared/image/image-request.ts";
import type {
  BlobProperties,
  BlobStore,
  BlobType,
  Clock,
  CopyStatus,
  PageRange,
} from "../../shared/ports.ts";

/** As many as the service gives at once. */
const PAGE_SIZE = 5000;

interface StoredBlob {
  /** What was written, in order; the rest is zeros. */
  writes: { readonly offset: number; readonly bytes: Uint8Array }[];
  length: number;
  type: BlobType;
  etag: string;
  createdOn: Date;
  lastModified: Date;
  metadata: Record<string, string>;
  copyStatus: CopyStatus | null;
  copyCompletedOn: Date | null;
  contentMd5: string | null;
  lease: BlobProperties["lease"];
}

/** A write whose `ifMatch` is not the blob's ETag: what the service answers with 412. */
export class FakePreconditionError extends Error {
  override readonly name = "FakePreconditionError";
}

/** Blobs in memory. A page blob keeps what was written to it; the rest of it is zeros. */
export interface FakeBlobStore extends BlobStore {
  putText(ref: BlobRef, text: string): void;
  /** Creates a page blob of zeros, as every uploader begins. */
  createPageBlob(ref: BlobRef, length: number, metadata?: Record<string, string>): void;
  /** Writes somewhere in the middle: a new ETag. */
  writePage(ref: BlobRef): void;
  writeFooter(ref: BlobRef, footer: Uint8Array): void;
  setCopyStatus(ref: BlobRef, status: CopyStatus): void;
  /**
   * Put Page: bytes from an offset, and a new ETag.
   * @throws FakePreconditionError when somebody else wrote since `ifMatch`.
   */
  putPages(ref: BlobRef, offset: number, bytes: Uint8Array, ifMatch?: string | null): void;
  /** Content that a server-side copy brings: no write, so no new ETag. */
  copyPages(ref: BlobRef, offset: number, bytes: Uint8Array): void;
  setContentMd5(ref: BlobRef, contentMd5: string | null): void;
  setMetadata(ref: BlobRef, metadata: Record<string, string>): void;
  /** A lease changes nothing of the blob, its ETag neither. */
  setLease(ref: BlobRef, lease: BlobProperties["lease"]): void;
  /** A block blob with bytes in it. */
  putBytes(ref: BlobRef, bytes: Uint8Array): void;
  etagOf(ref: BlobRef): string;
  remove(ref: BlobRef): void;
  readonly reads: { ref: BlobRef; offset: number; count: number }[];
}

/** Later writes lie over earlier ones. */
function readWrites({ writes }: StoredBlob, offset: number, count: number): Uint8Array {
  const read = new Uint8Array(count);
  for (const write of writes) {
    const from = Math.max(offset, write.offset);
    const to = Math.min(offset + count, write.offset + write.bytes.length);
    if (from < to) {
      read.set(write.bytes.subarray(from - write.offset, to - write.offset), from - offset);
    }
  }
  return read;
}

/** What was written, in whole pages, ascending and merged. */
function rangesOf({ writes }: StoredBlob): PageRange[] {
  const spans = writes
    .filter(({ bytes }) => bytes.length > 0)
    .map(({ offset, bytes }) => ({
      start: offset - (offset % 512),
      end: Math.ceil((offset + bytes.length) / 512) * 512,
    }))
    .sort((left, right) => left.start - right.start);
  const merged: { start: number; end: number }[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged.map(({ start, end }) => ({ offset: start, count: end - start }));
}

export function createFakeBlobStore(now: Clock, pageSize = PAGE_SIZE): FakeBlobStore {
  const blobs = new Map<string, StoredBlob>();
  const reads: FakeBlobStore["reads"] = [];
  let version = 0;
  const keyOf = ({ container, name }: BlobRef): string => `${container}/${name}`;
  const find = (ref: BlobRef): StoredBlob => {
    const blob = blobs.get(keyOf(ref));
    if (blob === undefined) throw new Error(`the test names no blob ${keyOf(ref)}`);
    return blob;
  };
  const create = (
    ref: BlobRef,
    parts: Pick<StoredBlob, "writes" | "length" | "type" | "metadata">,
  ) => {
    blobs.set(keyOf(ref), {
      ...parts,
      etag: nextEtag(),
      createdOn: serviceNow(),
      lastModified: serviceNow(),
      copyStatus: null,
      copyCompletedOn: null,
      contentMd5: null,
      lease: null,
    });
  };
  // The service gives every time as an HTTP date: in whole seconds.
  const serviceNow = (): Date => new Date(Math.floor(now().getTime() / 1000) * 1000);
  const nextEtag = (): string => {
    version += 1;
    return `"0x${version.toString(16)}"`;
  };
  const touch = (blob: StoredBlob): void => {
    blob.etag = nextEtag();
    blob.lastModified = serviceNow();
  };
  const fill = (blob: StoredBlob, offset: number, bytes: Uint8Array): void => {
    blob.writes.push({ offset, bytes });
  };
  const toProperties = (ref: BlobRef, blob: StoredBlob): BlobProperties => {
    const { writes: _, ...properties } = blob;
    return { container: ref.container, name: ref.name, ...properties, readAt: serviceNow() };
  };
  return {
    reads,
    putText(ref, text) {
      const bytes = new TextEncoder().encode(text);
      create(ref, {
        writes: [{ offset: 0, bytes }],
        length: bytes.length,
        type: "BlockBlob",
        metadata: {},
      });
    },
    createPageBlob(ref, length, metadata = {}) {
      create(ref, { writes: [], length, type: "PageBlob", metadata });
    },
    writePage: (ref) => touch(find(ref)),
    writeFooter(ref, footer) {
      const blob = find(ref);
      blob.writes.push({ offset: blob.length - footer.length, bytes: footer });
      touch(blob);
    },
    putPages(ref, offset, bytes, ifMatch = null) {
      const blob = find(ref);
      if (ifMatch !== null && ifMatch !== blob.etag) {
        throw new FakePreconditionError(`${ref.name} is ${blob.etag} by now, not ${ifMatch}`);
      }
      fill(blob, offset, bytes);
      touch(blob);
    },
    copyPages: (ref, offset, bytes) => fill(find(ref), offset, bytes),
    setContentMd5(ref, contentMd5) {
      find(ref).contentMd5 = contentMd5;
      touch(find(ref));
    },
    setMetadata(ref, metadata) {
      find(ref).metadata = metadata;
      touch(find(ref));
    },
    setLease(ref, lease) {
      find(ref).lease = lease;
    },
    putBytes(ref, bytes) {
      const writes = [{ offset: 0, bytes }];
      create(ref, { writes, length: bytes.length, type: "BlockBlob", metadata: {} });
    },
    etagOf: (ref) => find(ref).etag,
    setCopyStatus(ref, status) {
      const blob = find(ref);
      touch(blob);
      blob.copyStatus = status;
      blob.copyCompletedOn = status === "pending" ? null : blob.lastModified;
    },
    remove: (ref) => void blobs.delete(keyOf(ref)),
    async getProperties(ref) {
      const blob = blobs.get(keyOf(ref));
      return blob === undefined ? null : toProperties(ref, blob);
    },
    async read(ref, { offset, count, etag }) {
      const blob = blobs.get(keyOf(ref));
      if (blob?.etag !== etag) throw new BlobChangedError(`${ref.name} changed`);
      reads.push({ ref, offset, count });
      return readWrites(blob, offset, Math.min(count, blob.length - offset));
    },
    async listPageRanges(ref, { etag, limit, offset: start = 0 }) {
      const blob = blobs.get(keyOf(ref));
      if (blob?.etag !== etag) throw new BlobChangedError(`${ref.name} changed`);
      const ranges = rangesOf(blob).flatMap(({ offset, count }) => {
        const from = Math.max(offset, start);
        return from < offset + count ? [{ offset: from, count: offset + count - from }] : [];
      });
      return { ranges: ranges.slice(0, limit), hasMore: ranges.length > limit };
    },
    async list(container, { prefix = "", cursor = null }) {
      const found = [...blobs.entries()]
        .filter(([key]) => key.startsWith(`${container}/${prefix}`))
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([key, blob]) =>
          toProperties({ container, name: key.slice(container.length + 1) }, blob),
        );
      const place = Number(cursor ?? 0);
      const next = place + pageSize;
      return {
        blobs: found.slice(place, next),
        cursor: next < found.length ? String(next) : null,
      };
    },
  };
}
