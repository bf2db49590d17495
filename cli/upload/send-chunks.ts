import { createHash } from "node:crypto";
import { type Chunk, readChunks } from "./read-chunks.ts";
import {
  type Meter,
  requireUnchanged,
  runWorkers,
  type TransferOptions,
  type TransferSource,
} from "./transfer.ts";

/** How one chunk is sent. */
export interface SendChunk {
  /** Whether it has to be sent; if not, why not. */
  readonly judge: (chunk: Chunk) => "send" | "kept" | "zero";
  readonly send: (
    chunk: Chunk,
    request: { readonly abortSignal: AbortSignal; readonly transactionalContentMD5: Buffer },
  ) => Promise<unknown>;
}

const COUNTERS = { send: "sentBytes", kept: "keptBytes", zero: "zeroBytes" } as const;

/**
 * Sends a file in chunks, several at the same time, each with its checksum. Returns the MD5 of the whole.
 * @throws CommandError when the file changed meanwhile.
 */
export async function sendChunks(
  source: TransferSource,
  chunkBytes: number,
  { concurrency, signal }: TransferOptions,
  meter: Meter,
  { judge, send }: SendChunk,
): Promise<Buffer> {
  const chunks = readChunks(source.reader, source.sizeBytes, chunkBytes, source.shown);
  await runWorkers(concurrency, signal, async (abortSignal) => {
    for (let chunk = await chunks.next(); chunk !== null; chunk = await chunks.next()) {
      abortSignal.throwIfAborted();
      const verdict = judge(chunk);
      if (verdict === "send") {
        const transactionalContentMD5 = createHash("md5").update(chunk.bytes).digest();
        await send(chunk, { abortSignal, transactionalContentMD5 });
      }
      meter.count(COUNTERS[verdict], chunk.bytes.length);
    }
  });
  await requireUnchanged(source);
  return chunks.digest();
}
