import { viewOf } from "../bytes.ts";

const MAGIC = 0xfd2f_b528;
const MAGIC_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;
const RLE = 1;
const RESERVED = 3;

/**
 * Bytes of the Zstandard frame (RFC 8878) at the start of `bytes`; null when it is not whole. Decoders
 * go on with what follows a frame, which in a qcow2 image is another cluster's.
 */
export function measureZstdFrame(bytes: Uint8Array): number | null {
  const view = viewOf(bytes);
  if (bytes.length < MAGIC_BYTES + 1 || view.getUint32(0, true) !== MAGIC) return null;
  const descriptor = view.getUint8(MAGIC_BYTES);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  let at = MAGIC_BYTES + 1 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
  for (let isLast = false; !isLast; ) {
    if (at + BLOCK_HEADER_BYTES > bytes.length) return null;
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    isLast = (header & 1) === 1;
    const type = (header >>> 1) & 3;
    if (type === RESERVED) return null;
    at += BLOCK_HEADER_BYTES + (type === RLE ? 1 : header >>> 3);
  }
  const hasChecksum = (descriptor & 4) !== 0;
  const end = at + (hasChecksum ? 4 : 0);
  return end <= bytes.length ? end : null;
}
