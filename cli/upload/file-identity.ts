import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

/** What makes a file on this machine the one that an upload began with. */
export interface FileIdentity {
  readonly fileName: string;
  /** Bytes. */
  readonly fileSize: number;
  /** ISO 8601. */
  readonly lastModifiedTime: string;
  /** SHA-256 of its first and its last 64 KiB, in hexadecimal. */
  readonly endsHash: string;
}

const END_BYTES = 64 * 1024;

/** Reads the identity of an open file. */
export async function identifyFile(file: FileHandle, fileName: string): Promise<FileIdentity> {
  const { size, mtime } = await file.stat();
  const hash = createHash("sha256");
  for (const offset of [0, Math.max(0, size - END_BYTES)]) {
    const { buffer, bytesRead } = await file.read(new Uint8Array(END_BYTES), 0, END_BYTES, offset);
    hash.update(buffer.subarray(0, bytesRead));
  }
  return {
    fileName,
    fileSize: size,
    lastModifiedTime: mtime.toISOString(),
    endsHash: hash.digest("hex"),
  };
}

/** The identity for the metadata of a blob, which may hold ASCII only. */
export function formatIdentity(identity: FileIdentity): string {
  const { fileName, fileSize, lastModifiedTime, endsHash } = identity;
  const text = JSON.stringify({ fileName, fileSize, lastModifiedTime, endsHash });
  return text.replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Whether metadata that {@link formatIdentity} made are of the same content; the name may differ. */
export function isSameFile(text: string | undefined, identity: FileIdentity): boolean {
  try {
    const known = JSON.parse(text ?? "null") as Partial<FileIdentity> | null;
    return (
      known !== null &&
      known.fileSize === identity.fileSize &&
      known.lastModifiedTime === identity.lastModifiedTime &&
      known.endsHash === identity.endsHash
    );
  } catch {
    return false;
  }
}
