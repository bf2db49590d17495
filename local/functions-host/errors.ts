/** The stand-in cannot start: the app, its configuration or the machine has to be put right first. */
export class HostStartError extends Error {
  override readonly name: string = "HostStartError";
}

/** An entry file of the app threw: that stops the host only once a function is registered. */
export class AppLoadError extends HostStartError {
  override readonly name = "AppLoadError";
}

/** One function cannot be indexed: it is reported as being in error and the others run. */
export class FunctionIndexingError extends Error {
  override readonly name = "FunctionIndexingError";
}

/** Returns the message of anything thrown, for one line of a log. */
export function describeError(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}

/** Returns the HTTP status that a storage SDK error carries, or undefined for any other error. */
export function readStatusCode(thrown: unknown): number | undefined {
  if (typeof thrown !== "object" || thrown === null || !("statusCode" in thrown)) return undefined;
  return typeof thrown.statusCode === "number" ? thrown.statusCode : undefined;
}
