import { redact } from "../../shared/redact.ts";
import { CommandError, connectionProblem } from "../command-error.ts";
import { quote } from "../terminal.ts";

function statusOf(error: unknown): number | null {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : null;
  return typeof status === "number" ? status : null;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Whether storage answered that the blob does not exist. */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404 && codeOf(error) !== "ContainerNotFound";
}

/** What to say about a blob that is in the way of an upload. */
export function existingBlobError(blob: string, shown: string): CommandError {
  return new CommandError(
    "refused",
    `The blob ${quote(blob)} exists already and is not an upload of ${shown} with these options. To replace it, add --overwrite.`,
  );
}

/**
 * An error of the storage service in words, without signatures.
 * @param action what was to be done, such as "web.vhd cannot be uploaded"
 */
export function explainStorageError(action: string, error: unknown): unknown {
  if (error instanceof CommandError || !(error instanceof Error)) return error;
  const status = statusOf(error);
  const code = codeOf(error);
  const because = (reason: string): CommandError =>
    new CommandError("unreachable", `${action}: ${reason}`, { cause: error });
  if (
    error.name === "CredentialUnavailableError" ||
    error.name === "AggregateAuthenticationError"
  ) {
    return because(
      "no Azure sign-in was found. Sign in with `az login`, or set AZURE_STORAGE_CONNECTION_STRING.",
    );
  }
  if (status === 401 || status === 403) {
    return because(
      `storage refused the access (${status} ${code}). You need the role Storage Blob Data Contributor on the container, or a SAS with the rights rwcl.`,
    );
  }
  if (code === "ContainerNotFound") {
    return because(
      "the container does not exist. Check --container, and that the app has started once.",
    );
  }
  if (status === 412 || status === 409) {
    return new CommandError(
      "refused",
      `${action}: the blob was changed by somebody else meanwhile (${status} ${code}). Run the upload again.`,
      { cause: error },
    );
  }
  if (status !== null) return because(`storage answered ${status} ${redact(code)}.`);
  if ("syscall" in error || error.name === "RestError") {
    return because(
      `storage cannot be reached (${connectionProblem(error)}). Run the command again to resume.`,
    );
  }
  return error;
}
