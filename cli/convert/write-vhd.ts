import type { FileHandle } from "node:fs/promises";
import { DiskReadError, type DiskReader } from "../../shared/disk/disk-reader.ts";
import { FOOTER_BYTES } from "../../shared/disk/format/footer.ts";
import type { DiskMap, Extent } from "../../shared/disk/maps/extent.ts";
import { readCompressed } from "../../shared/disk/maps/map-reader.ts";
import { unpackBlock } from "../../shared/unpack.ts";
import { writeFully, writeSparse } from "./sparse-writer.ts";

const CHUNK_BYTES = 4 * 1024 * 1024;
/** Chunks that are read or written at the same time. */
const IN_FLIGHT = 4;

/**
 * Writes the disk of a map, and the footer, into an empty file; zeros are left out. Returns the bytes
 * that were written. `onProgress` is given the bytes of the disk that are done, without zero extents.
 */
export async function writeFixedVhd(
  map: DiskMap,
  reader: DiskReader,
  target: FileHandle,
  footer: Uint8Array,
  { onProgress, signal }: { onProgress: (doneBytes: number) => void; signal: AbortSignal },
): Promise<number> {
  await target.truncate(map.paddedBytes + FOOTER_BYTES);
  let done = 0;
  let written = 0;
  const running = new Set<Promise<void>>();
  let failure: unknown = null;
  const start = (chunk: Extent): void => {
    const task = readChunk(chunk, reader)
      .then(async (bytes) => {
        written += await writeSparse(target, bytes, chunk.guestOffset);
        done += chunk.length;
        onProgress(done);
      })
      .catch((error: unknown) => {
        failure ??= error ?? new Error("unknown");
      })
      .finally(() => running.delete(task));
    running.add(task);
  };
  try {
    for await (const extent of map.extents()) {
      for (const chunk of splitExtent(extent)) {
        signal.throwIfAborted();
        if (failure !== null) throw failure;
        if (running.size >= IN_FLIGHT) await Promise.race(running);
        start(chunk);
      }
    }
  } finally {
    await Promise.all(running);
  }
  if (failure !== null) throw failure;
  await writeFully(target, footer, map.paddedBytes);
  return written + footer.length;
}

/** The extent in pieces of at most 4 MiB; none for zeros, and a compressed one as it is. */
function* splitExtent(extent: Extent): Generator<Exclude<Extent, { kind: "zero" }>> {
  if (extent.kind === "zero") return;
  if (extent.kind === "compressed") {
    yield extent;
    return;
  }
  for (let at = 0; at < extent.length; at += CHUNK_BYTES) {
    yield {
      ...extent,
      guestOffset: extent.guestOffset + at,
      fileOffset: extent.fileOffset + at,
      length: Math.min(CHUNK_BYTES, extent.length - at),
    };
  }
}

async function readChunk(chunk: Extent, reader: DiskReader): Promise<Uint8Array> {
  if (chunk.kind === "compressed") return readCompressed(chunk, reader, unpackBlock);
  if (chunk.kind === "zero") return new Uint8Array();
  const bytes = await reader.read(chunk.fileOffset, chunk.length);
  if (bytes.length === chunk.length) return bytes;
  throw new DiskReadError(`the file ends within the ${chunk.length} bytes at ${chunk.fileOffset}`);
}
