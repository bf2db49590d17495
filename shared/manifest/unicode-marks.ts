/** What to do with a manifest in another encoding. */
export const UTF8_ADVICE =
  "save the manifest as UTF-8 (in Windows PowerShell: Out-File -Encoding utf8)";

/** A byte order mark at the start of a text. */
export type UnicodeMark =
  | { readonly encoding: "utf-16"; readonly isLittleEndian: boolean }
  | { readonly encoding: "utf-32" };

/** The marks of Unicode, section 2.6. That of UTF-32 little-endian begins as the one of UTF-16 does. */
const MARKS: readonly { readonly bytes: readonly number[]; readonly mark: UnicodeMark }[] = [
  { bytes: [0xff, 0xfe, 0, 0], mark: { encoding: "utf-32" } },
  { bytes: [0, 0, 0xfe, 0xff], mark: { encoding: "utf-32" } },
  { bytes: [0xff, 0xfe], mark: { encoding: "utf-16", isLittleEndian: true } },
  { bytes: [0xfe, 0xff], mark: { encoding: "utf-16", isLittleEndian: false } },
];

/** Bytes that are counted to tell UTF-16 by its zeros. */
const SAMPLE_BYTES = 1024;

/** The mark of UTF-16 or UTF-32 that a text begins with; null for none, and for that of UTF-8. */
export function findUnicodeMark(text: Uint8Array): UnicodeMark | null {
  const found = MARKS.find(({ bytes }) => bytes.every((byte, index) => text[index] === byte));
  return found?.mark ?? null;
}

/**
 * Which UTF-16 a text without a mark seems to be: most of its characters are ASCII, so every other
 * byte is zero. Null when it does not look like that.
 */
export function guessUtf16(text: Uint8Array): { readonly isLittleEndian: boolean } | null {
  const sample = text.subarray(0, SAMPLE_BYTES - (SAMPLE_BYTES % 2));
  const pairs = Math.floor(sample.length / 2);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const isMost = (count: number): boolean => pairs > 0 && count >= pairs * 0.6;
  const isFew = (count: number): boolean => count <= pairs * 0.1;
  if (isMost(odd) && isFew(even)) return { isLittleEndian: true };
  return isMost(even) && isFew(odd) ? { isLittleEndian: false } : null;
}
