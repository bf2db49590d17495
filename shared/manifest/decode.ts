import { isUtf8 } from "node:buffer";
import { positionAt } from "./position.ts";
import type { Problem } from "./problem.ts";
import { findUnicodeMark, guessUtf16, UTF8_ADVICE } from "./unicode-marks.ts";

/**
 * A manifest's text; or why its bytes are not one, and what can be made out of them all the same: a
 * manifest that cannot be read still names disks.
 */
export type Decoded =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: Problem; readonly legible: string };

/**
 * The text of a manifest: UTF-8, with or without a byte order mark (RFC 8259, section 8.1), or UTF-16
 * with one, as Windows PowerShell's `>` writes it. Anything else is refused with its place and what to
 * do.
 */
export function decodeManifest(bytes: Uint8Array): Decoded {
  const mark = findUnicodeMark(bytes);
  if (mark?.encoding === "utf-32") {
    return refuse("", `this is UTF-32; ${UTF8_ADVICE}`, withoutNuls(bytes));
  }
  if (mark !== null) return decodeUtf16(bytes.subarray(2), mark.isLittleEndian);
  const nul = bytes.indexOf(0);
  if (nul >= 0) return refuseNul(bytes, nul);
  if (!isUtf8(bytes)) {
    const valid = bytes.subarray(0, validPrefixLength(bytes));
    // As a stream, it leaves out the character that the text breaks off in.
    const before = new TextDecoder().decode(valid, { stream: true });
    const legible = new TextDecoder().decode(bytes);
    return refuse(before, `this byte is not UTF-8; ${UTF8_ADVICE}`, legible);
  }
  return { text: new TextDecoder().decode(bytes), problem: null };
}

function decodeUtf16(bytes: Uint8Array, isLittleEndian: boolean): Decoded {
  const text = readUtf16(bytes, isLittleEndian);
  if (bytes.length % 2 !== 0) {
    return refuse(
      text,
      "this UTF-16 text ends in the middle of a character; upload it again",
      text,
    );
  }
  if (!text.isWellFormed()) {
    const before = text.slice(0, text.search(/\p{Surrogate}/u));
    return refuse(before, `this is half a surrogate pair; ${UTF8_ADVICE}`, text);
  }
  const nul = text.indexOf("\0");
  if (nul < 0) return { text, problem: null };
  return refuse(text.slice(0, nul), NUL_PROBLEM, text.replaceAll("\0", " "));
}

const NUL_PROBLEM =
  "this is a NUL byte: the file is not text; it may be a disk with the wrong name";

function refuseNul(bytes: Uint8Array, nul: number): Decoded {
  const utf16 = guessUtf16(bytes);
  if (utf16 !== null) {
    const message = `this looks like UTF-16 without a byte order mark, which is ambiguous; ${UTF8_ADVICE}`;
    return refuse("", message, readUtf16(bytes, utf16.isLittleEndian));
  }
  const before = new TextDecoder().decode(bytes.subarray(0, nul));
  return refuse(before, NUL_PROBLEM, withoutNuls(bytes));
}

/** Whole code units only; the mark has been cut off. */
function readUtf16(bytes: Uint8Array, isLittleEndian: boolean): string {
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return (isLittleEndian ? whole : whole.swap16()).toString("utf16le");
}

function withoutNuls(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.filter((byte) => byte !== 0));
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

function refuse(before: string, message: string, legible: string): Decoded {
  return {
    text: null,
    problem: { path: [], message, ...positionAt(before, before.length) },
    legible,
  };
}
