/** Why the operating system refuses, by its error code, as a clause. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOENT: "a folder on its path does not exist",
  ENOTDIR: "a part of its path is a file, not a folder",
  EISDIR: "it is a folder",
  EEXIST: "it already exists",
  ENAMETOOLONG: "its path is too long",
  EMFILE: "this process has too many files open",
};

/** Returns why the operating system refused something, as a clause without a full stop. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (code === "" ? String(error) : code);
}

/**
 * Returns what to print for a failure that ends a command: the message of errors that explain
 * themselves, one sentence for an error of the operating system, and everything there is for a bug.
 */
export function explainFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("syscall" in error && "code" in error) {
    const what = "path" in error ? String(error.path) : String(error.syscall);
    return `${what} cannot be used: ${reasonOf(error)}.`;
  }
  const isBug = ["TypeError", "RangeError", "ReferenceError", "AssertionError"].includes(
    error.name,
  );
  return isBug ? (error.stack ?? error.message) : error.message;
}
