import { createHash } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const ID_LENGTH = 20;

/** What makes an upload this upload and no other. */
export type UploadIdentity =
  | {
      readonly kind: "manifest";
      readonly container: string;
      readonly name: string;
      readonly etag: string;
    }
  | {
      readonly kind: "vhd";
      readonly container: string;
      readonly name: string;
      readonly createdOn: Date;
    };

/**
 * The id of the request that an upload opens: 20 characters a–z and 2–7 (100 bits). A retry of the same
 * upload has an id of its own, which depends on the upload and the attempt alone.
 *
 * A manifest is written in one piece, so its ETag names the upload. A page blob gets a new ETag with
 * every page, so a VHD is named by the time it was created.
 */
export function requestIdOf(upload: UploadIdentity, attempt = 1): string {
  const version = upload.kind === "manifest" ? upload.etag : upload.createdOn.toISOString();
  const words = [upload.kind, upload.container, upload.name, version];
  return digest(attempt === 1 ? words : [...words, String(attempt)]).slice(0, ID_LENGTH);
}

/** Whether a text has the shape of a request's id. */
export function isRequestId(text: string): boolean {
  return /^[a-z2-7]{20}$/.test(text);
}

/** A stable, lower-case, URL- and row-key-safe digest of the given words, 52 characters. */
export function digest(words: readonly string[]): string {
  const bytes = createHash("sha256").update(JSON.stringify(words)).digest();
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((value >> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  return text + ALPHABET.charAt((value << (5 - bits)) & 31);
}
