import { LIMITS } from "../limits.ts";

/** Control characters cannot stand in a blob's name (storage service, "Naming and referencing"). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;
/** A segment that the parser of a URL resolves. */
const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:\/|$)/;

/**
 * Why the app does not touch a blob of this name, as a clause; null when it does. The storage service
 * does not allow the name, or a URL with it would be read as the name of another blob.
 * https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
 */
export function findNameProblem(name: string): string | null {
  if (name.length > LIMITS.blobName.limit) return "a blob name has at most 1,024 characters";
  if (name.trim() === "") return "it does not name a blob";
  if (!name.isWellFormed()) return "the blob's name contains half a surrogate pair";
  if (CONTROL_CHARACTER.test(name)) return "a blob name must not contain a control character";
  // The service takes it for a slash: a request for this name would be answered with another blob.
  if (name.includes("\\")) return "a blob name must not contain a backslash; use a slash";
  return DOT_SEGMENT.test(name) ? "a blob name must not contain a segment '.' or '..'" : null;
}
