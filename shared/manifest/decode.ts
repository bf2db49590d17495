import { isUtf8 } from "node:buffer";
import { positionAt } from "./position.ts";
import type { Problem } from "./problem.ts";

/** A manifest's text, or why its bytes are none. */
export type Decoded =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: Problem };

const UTF16_MARKS: readonly (readonly [number, number])[] = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/**
 * The text of a manifest: UTF-8, with or without a byte order mark (RFC 8259, section 8.1). Anything
 * else is refused with its place and what to do.
 */
export function decodeManifest(bytes: Uint8Array): Decoded {
  if (UTF16_MARKS.some(([first, second]) => bytes[0] === first && bytes[1] === second)) {
    return refuse("", "this is UTF-16; save the manifest as UTF-8");
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    const before = new TextDecoder().decode(bytes.subarray(0, nul));
    return refuse(
      before,
      "this is a NUL byte: the file is no text, perhaps a disk under a wrong name",
    );
  }
  if (!isUtf8(bytes)) {
    const valid = bytes.subarray(0, validPrefixLength(bytes));
    // As a stream, it leaves out the character that the text breaks off in.
    return refuse(
      new TextDecoder().decode(valid, { stream: true }),
      "this byte is no UTF-8; save the manifest as UTF-8",
    );
  }
  return { text: new TextDecoder().decode(bytes), problem: null };
}

/** Length of the longest beginning that is UTF-8; found by halving, as every beginning of one is one. */
function validPrefixLength(bytes: Uint8Array): number {
  let valid = 0;
  let broken = bytes.length;
  while (broken - valid > 1) {
    const middle = (valid + broken) >> 1;
    if (beginsAsUtf8(bytes.subarray(0, middle))) valid = middle;
    else broken = middle;
  }
  return valid;
}

/** Whether bytes are UTF-8, perhaps cut within a character. */
function beginsAsUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function refuse(before: string, message: string): Decoded {
  return { text: null, problem: { path: [], message, ...positionAt(before, before.length) } };
}
