/** Thrown when a file cannot be read or written. The message is complete, with what to do. */
export class ConvertError extends Error {
  override readonly name = "ConvertError";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "the file or its folder does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOSPC: "the disk is full",
  EFBIG: "the file system does not allow files of this size",
  EROFS: "the file system is read-only",
  EMFILE: "too many files are open",
};

/** A failed call of the file system, in words. */
export function explainFileError(action: string, path: string, cause: unknown): ConvertError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = REASONS[code] ?? (code === "" ? String(cause) : code);
  return new ConvertError(`${path} cannot be ${action}: ${reason}.`, { cause });
}
