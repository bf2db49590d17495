/**
 * One problem inside a failure: a manifest error with its path, a refused resource, an inner error
 * of the service.
 */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target: string | null;
}

/** Why a request failed, in the form users see in its status. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** One sentence that says what to do; null where there is nothing a user could do. */
  readonly fix: string | null;
  /** Whether the same upload may succeed when it is retried later, unchanged. */
  readonly retryable: boolean;
  readonly target: string | null;
  readonly details: readonly ErrorDetail[];
}

/** The parts of a failure that differ from case to case; the rest has defaults. */
export type FailureParts = Pick<Failure, "code" | "message" | "fix"> & Partial<Failure>;

/** Completes a failure: not retryable, no target and no details unless given. */
export function failure(parts: FailureParts): Failure {
  return { retryable: false, target: null, details: [], ...parts };
}

/** Thrown by a record store when somebody else saved the record since it was read. */
export class RecordConflictError extends Error {
  override readonly name = "RecordConflictError";
}

/** Thrown by a blob read with If-Match when the blob changed or vanished since its ETag was read. */
export class BlobChangedError extends Error {
  override readonly name = "BlobChangedError";
}

/** Thrown when what storage gave back is not what this app writes there. */
export class CorruptRecordError extends Error {
  override readonly name = "CorruptRecordError";
}

/** Thrown for a request of an HTTP client that cannot be answered as asked (400). */
export class BadQueryError extends Error {
  override readonly name = "BadQueryError";
}

/** Thrown where a setting is needed that is wrong: with every mistake, a line each. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings have ${problems.length} problem(s):\n${problems.join("\n")}`);
    this.problems = problems;
  }
}

/** What the Resource Manager API (or the way to it) answered instead of success. */
export interface ServiceErrorParts {
  /** HTTP status; null when no answer came (connection refused, reset, timed out). */
  readonly status: number | null;
  readonly code: string;
  readonly message: string;
  readonly target: string | null;
  readonly details: readonly ErrorDetail[];
  /** Seconds of the Retry-After header, null without one. */
  readonly retryAfterSeconds: number | null;
}

/** Thrown by the image service port. `code` and `message` are those of the innermost error. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly parts: ServiceErrorParts;

  constructor(parts: ServiceErrorParts, options?: ErrorOptions) {
    super(`${parts.code}: ${parts.message}`, options);
    this.parts = parts;
  }
}

/** The HTTP status of an error of the service; null without an answer, and for any other error. */
export function serviceStatusOf(error: unknown): number | null {
  return error instanceof ServiceError ? error.parts.status : null;
}

/** The code of an error of the service; null for any other error. */
export function serviceCodeOf(error: unknown): string | null {
  return error instanceof ServiceError ? error.parts.code : null;
}
