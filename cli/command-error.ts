import type { ExitReason } from "./exit-codes.ts";

/**
 * Thrown when a command cannot do what it was asked to. The message is complete: what happened, to
 * what, and what to do about it.
 */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly reason: ExitReason;

  constructor(reason: ExitReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

const FILE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: "the file does not exist",
  ENOTDIR: "the file does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
};

/** A failed call of the file system, with the file as typed. */
export function fileError(path: string, cause: unknown): CommandError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
  const reason = FILE_REASONS[code] ?? code;
  return new CommandError("usage", `${path} cannot be read: ${reason}.`, { cause });
}

/**
 * Why a connection failed: the system's code, such as ECONNREFUSED, or a few words; never a message of
 * a library, which may have a URL in it.
 */
export function connectionProblem(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (!(cause instanceof Error)) return "the connection failed";
  if (cause.name === "TimeoutError") return "it did not answer in time";
  return "code" in cause ? String(cause.code) : "the connection failed";
}
