import { createHash } from "node:crypto";
import { type Chunk, readChunks } from "./read-chunks.ts";
import { type DiskContent, type Meter, runWorkers, type TransferOptions } from "./transfer.ts";

/** How one chunk is sent. */
export interface SendChunk {
  /** The pieces of a chunk that are judged and sent on their own. */
  readonly split: (chunk: Chunk) => readonly Chunk[];
  /** Whether it has to be sent; if not, why not. */
  readonly judge: (chunk: Chunk) => "send" | "kept" | "zero";
  readonly send: (
    chunk: Chunk,
    request: { readonly abortSignal: AbortSignal; readonly transactionalContentMD5: Buffer },
  ) => Promise<unknown>;
}

const COUNTERS = { send: "sentBytes", kept: "keptBytes", zero: "zeroBytes" } as const;

/**
 * Sends a file in chunks, several at the same time, each with its checksum. Returns the MD5 of the
 * whole; null where not all of it was read.
 */
export async function sendChunks(
  content: DiskContent,
  chunkBytes: number,
  { concurrency, signal }: Pick<TransferOptions, "concurrency" | "signal">,
  meter: Meter,
  { split, judge, send }: SendChunk,
): Promise<Buffer | null> {
  const chunks = readChunks(content, chunkBytes);
  if (chunks.skippedBytes > 0) meter.add({ zeroBytes: chunks.skippedBytes });
  await runWorkers(concurrency, signal, async (abortSignal) => {
    for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
      // Reported once a chunk: of its first piece alone, no time left can be told.
      const done = { sentBytes: 0, zeroBytes: 0, keptBytes: 0 };
      for (const piece of split(chunk)) {
        abortSignal.throwIfAborted();
        const verdict = judge(piece);
        if (verdict === "send") {
          const transactionalContentMD5 = createHash("md5").update(piece.bytes).digest();
          await send(piece, { abortSignal, transactionalContentMD5 });
        }
        done[COUNTERS[verdict]] += piece.bytes.length;
      }
      meter.add(done);
    }
  });
  return chunks.digest();
}
