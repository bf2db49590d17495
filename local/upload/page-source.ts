/** A part of a disk image, at a position that is a multiple of 512 bytes and with such a length. */
export type PageChunk = {
  /** Position in bytes from the start of the image. */
  readonly offset: number;
  readonly bytes: Uint8Array;
};

/** Where an upload takes its bytes from. What `readChunks` leaves out is zero. */
export type PageSource = {
  /** Length of the image in bytes. */
  readonly sizeBytes: number;
  /** Length in bytes of all chunks together. */
  readonly chunkBytes: number;
  /** Yields chunks of at most 4 MiB in ascending order. */
  readChunks(): AsyncIterable<PageChunk>;
};

/** Length of a chunk in bytes: the most that one Put Page request takes. */
export const CHUNK_BYTES = 4 * 1024 * 1024;
