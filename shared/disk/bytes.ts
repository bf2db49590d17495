export const SECTOR_BYTES = 512;
export const MIB = 1024 * 1024;

/** Whether `bytes` has the given text (Latin-1) or bytes at `offset`. */
export function hasBytesAt(
  bytes: Uint8Array,
  offset: number,
  expected: string | readonly number[],
): boolean {
  if (typeof expected !== "string")
    return expected.every((code, at) => bytes[offset + at] === code);
  for (let at = 0; at < expected.length; at++) {
    if (bytes[offset + at] !== expected.charCodeAt(at)) return false;
  }
  return true;
}

/** Whether the text (Latin-1) stands anywhere in `bytes`. */
export function hasText(bytes: Uint8Array, text: string): boolean {
  return readLatin1(bytes).includes(text);
}

const ZEROS = Buffer.alloc(64 * 1024);

/** Whether every byte is zero; true for no bytes at all. */
export function isBlank(bytes: Uint8Array): boolean {
  // Most of a disk is blank, and is asked about: comparing memory takes a thirtieth of a loop's time.
  for (let start = 0; start < bytes.length; start += ZEROS.length) {
    const end = Math.min(start + ZEROS.length, bytes.length);
    if (ZEROS.compare(bytes, start, end, 0, end - start) !== 0) return false;
  }
  return true;
}

/** The bytes of both, one after the other. */
export function concatBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** A view for multi-byte numbers over exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit number; Infinity for one that is not exact as a JavaScript number. */
export function toNumber(value: bigint): number {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(value);
}

/**
 * Text of a fixed-length field, up to its first NUL, without the spaces around it and without control
 * characters and line separators: a label may be anything, and it is printed. Bytes that are not UTF-8
 * (a code page of FAT) are written as `\\xNN`, as blkid prints them. Null when nothing is left.
 */
export function readLabel(bytes: Uint8Array, encoding: "utf-8" | "utf-16le"): string | null {
  const text = encoding === "utf-8" ? decodeUtf8(bytes) : new TextDecoder(encoding).decode(bytes);
  const [label = ""] = text.split("\0", 1);
  const printable = label.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\ufffd]/gu, "").trim();
  return printable === "" ? null : printable;
}

const MAX_UTF8_BYTES = 4;

function decodeUtf8(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const used = end === -1 ? bytes : bytes.subarray(0, end);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  for (let at = 0; at < used.length; ) {
    const length = measureCharacter(used.subarray(at, at + MAX_UTF8_BYTES), decoder);
    text +=
      length === 0
        ? `\\x${(used[at] ?? 0).toString(16).padStart(2, "0")}`
        : decoder.decode(used.subarray(at, at + length));
    at += Math.max(1, length);
  }
  return text;
}

/** Bytes of the character that begins here; 0 where none does. */
function measureCharacter(bytes: Uint8Array, decoder: InstanceType<typeof TextDecoder>): number {
  for (let length = 1; length <= bytes.length; length++) {
    try {
      decoder.decode(bytes.subarray(0, length));
      return length;
    } catch {} // not a whole character yet, or none at all
  }
  return 0;
}

/** Bytes as text, one character each. */
export function readLatin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
