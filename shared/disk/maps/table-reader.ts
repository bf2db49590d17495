import { DiskReadError, type DiskReader } from "../disk-reader.ts";

/** Tables are read and kept in pages of this many bytes. */
const PAGE_BYTES = 4096;
/** Pages that are kept: 4 MiB. */
const MAX_PAGES = 1024;
/** The most that one read asks for. */
export const MAX_READ_BYTES = 2 * 1024 * 1024;

/** Reads tables of a file, each part once as long as it is remembered. */
export interface TableReader {
  /** Bytes of the file. */
  readonly length: number;
  /**
   * Exactly `count` bytes from `offset`, null when a part of them is outside the file.
   * @throws DiskReadError when the reader below gives fewer bytes; its own errors pass unchanged.
   */
  read(offset: number, count: number): Promise<Uint8Array | null>;
  /** Reads and bytes so far. */
  spent(): { readonly reads: number; readonly bytes: number };
}

/**
 * Puts a bounded memory for pages before a reader. `count` comes from formats' constants and piece
 * sizes, never from a field, and is at most {@link MAX_READ_BYTES}.
 * @throws DiskReadError when the reader's length is not a length.
 */
export function createTableReader(reader: DiskReader): TableReader {
  const { length } = reader;
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new DiskReadError(`the file's length is ${length}, which is not a number of bytes`);
  }
  const pages = new Map<number, Uint8Array>();
  let reads = 0;
  let bytes = 0;

  const remember = (page: number, content: Uint8Array): void => {
    pages.delete(page);
    pages.set(page, content);
    if (pages.size <= MAX_PAGES) return;
    for (const oldest of pages.keys()) {
      pages.delete(oldest);
      return;
    }
  };

  /** Reads the pages from `first` to `last` in one call. */
  const fetch = async (first: number, last: number): Promise<readonly Uint8Array[]> => {
    const start = first * PAGE_BYTES;
    const count = Math.min((last + 1) * PAGE_BYTES, length) - start;
    reads += 1;
    bytes += count;
    const read = await reader.read(start, count);
    if (read.length !== count) {
      throw new DiskReadError(
        `requested ${count} bytes at offset ${start}, received ${read.length}: the source is shorter than its length, or the read ended early`,
      );
    }
    return Array.from({ length: last - first + 1 }, (_, index) => {
      const from = index * PAGE_BYTES;
      // A copy: one page must not keep the whole read in memory.
      return new Uint8Array(read.subarray(from, from + PAGE_BYTES));
    });
  };

  return {
    length,
    spent: () => ({ reads, bytes }),
    async read(offset, count) {
      const isInside = Number.isSafeInteger(offset) && offset >= 0 && offset + count <= length;
      if (!isInside || count > MAX_READ_BYTES) return null;
      const result = new Uint8Array(count);
      const last = Math.floor((offset + count - 1) / PAGE_BYTES);
      const copy = (page: number, content: Uint8Array): void => {
        const at = page * PAGE_BYTES - offset;
        const from = Math.max(0, -at);
        const to = Math.min(content.length, count - at);
        result.set(content.subarray(from, to), at + from);
      };
      let page = Math.floor(offset / PAGE_BYTES);
      while (page <= last) {
        const known = pages.get(page);
        if (known !== undefined) {
          remember(page, known);
          copy(page, known);
          page += 1;
          continue;
        }
        let end = page;
        while (end < last && !pages.has(end + 1)) end += 1;
        const fetched = await fetch(page, end);
        for (const content of fetched) {
          remember(page, content);
          copy(page, content);
          page += 1;
        }
      }
      return result;
    },
  };
}
