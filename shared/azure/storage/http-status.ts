import { RestError } from "@azure/core-rest-pipeline";

/** HTTP status of an error of the storage SDKs; undefined for an error that is not an answer. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}
