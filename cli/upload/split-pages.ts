import { BLOCK_BYTES, type Chunk, GAP_BYTES } from "./read-chunks.ts";

const ZEROS = Buffer.alloc(BLOCK_BYTES);

/**
 * A chunk as pieces that hold something and pieces of zeros, in turn, each of whole blocks. A file
 * system writes a few sectors in many places: what is around them need not be sent.
 */
export function splitPages(chunk: Chunk): readonly Chunk[] {
  if (chunk.isZero) return [chunk];
  const { offset, bytes } = chunk;
  const piece = (start: number, end: number, isZero: boolean): readonly Chunk[] =>
    start === end ? [] : [{ offset: offset + start, bytes: bytes.subarray(start, end), isZero }];
  let at = 0;
  const pieces = findContent(bytes).flatMap(({ start, end }) => {
    const found = [...piece(at, start, true), ...piece(start, end, false)];
    at = end;
    return found;
  });
  return [...pieces, ...piece(at, bytes.length, true)];
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where something other than zeros is, short gaps included. */
function findContent(bytes: Buffer): readonly Stretch[] {
  const found: { start: number; end: number }[] = [];
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const block = bytes.subarray(start, start + BLOCK_BYTES);
    if (block.equals(ZEROS.subarray(0, block.length))) continue;
    const end = start + block.length;
    const last = found.at(-1);
    if (last !== undefined && start - last.end <= GAP_BYTES) last.end = end;
    else found.push({ start, end });
  }
  return found;
}
