import { BlobChangedError } from "../../shared/errors.ts";
import type { BlobProperties, BlobStore, BlobType, Clock, CopyStatus } from "../../shared/ports.ts";
import type { BlobRef } from "../../shared/request/image-request.ts";

interface StoredBlob {
  bytes: Uint8Array;
  length: number;
  type: BlobType;
  etag: string;
  createdOn: Date;
  lastModified: Date;
  metadata: Record<string, string>;
  copyStatus: CopyStatus | null;
}

/** Blobs in memory. A page blob keeps only its last 512 bytes, which is all the app reads of it. */
export interface FakeBlobStore extends BlobStore {
  putText(ref: BlobRef, text: string): void;
  /** Creates a page blob of zeros, as every uploader begins. */
  createPageBlob(ref: BlobRef, length: number, metadata?: Record<string, string>): void;
  /** Writes somewhere in the middle: a new ETag. */
  writePage(ref: BlobRef): void;
  writeFooter(ref: BlobRef, footer: Uint8Array): void;
  setCopyStatus(ref: BlobRef, status: CopyStatus): void;
  remove(ref: BlobRef): void;
  readonly reads: { ref: BlobRef; offset: number; count: number }[];
}

const FOOTER_BYTES = 512;

export function createFakeBlobStore(now: Clock): FakeBlobStore {
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
    parts: Pick<StoredBlob, "bytes" | "length" | "type" | "metadata">,
  ) => {
    blobs.set(keyOf(ref), {
      ...parts,
      etag: nextEtag(),
      createdOn: now(),
      lastModified: now(),
      copyStatus: null,
    });
  };
  const nextEtag = (): string => {
    version += 1;
    return `"0x${version.toString(16)}"`;
  };
  const touch = (blob: StoredBlob): void => {
    blob.etag = nextEtag();
    blob.lastModified = now();
  };
  const toProperties = (ref: BlobRef, blob: StoredBlob): BlobProperties => {
    const { bytes: _, ...properties } = blob;
    return { container: ref.container, name: ref.name, ...properties, readAt: now() };
  };
  return {
    reads,
    putText(ref, text) {
      const bytes = new TextEncoder().encode(text);
      create(ref, { bytes, length: bytes.length, type: "BlockBlob", metadata: {} });
    },
    createPageBlob(ref, length, metadata = {}) {
      create(ref, { bytes: new Uint8Array(FOOTER_BYTES), length, type: "PageBlob", metadata });
    },
    writePage: (ref) => touch(find(ref)),
    writeFooter(ref, footer) {
      const blob = find(ref);
      blob.bytes = footer;
      touch(blob);
    },
    setCopyStatus(ref, status) {
      find(ref).copyStatus = status;
      touch(find(ref));
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
      const start = offset - (blob.length - blob.bytes.length);
      return blob.bytes.slice(start, start + count);
    },
    async list(container, { prefix = "" }) {
      const found = [...blobs.entries()]
        .filter(([key]) => key.startsWith(`${container}/${prefix}`))
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([key, blob]) =>
          toProperties({ container, name: key.slice(container.length + 1) }, blob),
        );
      return { blobs: found, cursor: null };
    },
  };
}
