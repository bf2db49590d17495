import { BadQueryError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { RecordQuery } from "../ports.ts";
import { REQUEST_STATES } from "../record/states.ts";
import { findWord } from "../vocabulary.ts";

const DEFAULT_LIMIT = 25;
export const MAX_LIMIT = LIMITS.statusPage.limit;
/** As long as a blob name can be. */
const MAX_VALUE_CHARACTERS = LIMITS.blobName.limit;
/** So much of an unknown parameter's name is given back. */
const MAX_SHOWN_CHARACTERS = 60;
const PARAMETERS = ["state", "source", "image", "limit", "cursor"] as const;
/** The Functions host takes its key from this parameter and leaves it in the query. */
const KEY_PARAMETER = "code";

/**
 * Reads the query of the status list.
 * @throws BadQueryError that names the parameter and what is allowed.
 */
export function readStatusQuery(query: URLSearchParams): RecordQuery {
  refuseParameters(query, PARAMETERS);
  requireLength(query, PARAMETERS);
  const value = (key: (typeof PARAMETERS)[number]): string | undefined =>
    query.get(key) || undefined;
  const source = value("source");
  const image = value("image");
  const cursor = value("cursor");
  const state = readState(value("state"));
  return {
    limit: readLimit(value("limit")),
    ...(state && { state }),
    ...(source && { source }),
    ...(image && { image }),
    ...(cursor && { cursor }),
  };
}

/**
 * For a route that takes no parameters.
 * @throws BadQueryError when there is one.
 */
export function refuseQuery(query: URLSearchParams): void {
  refuseParameters(query, []);
}

/** @throws BadQueryError for a value that is longer than a blob's name may be. */
export function requireLength(query: URLSearchParams, parameters: readonly string[]): void {
  const long = parameters.find((key) => (query.get(key) ?? "").length > MAX_VALUE_CHARACTERS);
  if (long === undefined) return;
  throw new BadQueryError(`'${long}' has more than ${MAX_VALUE_CHARACTERS} characters.`);
}

/** @throws BadQueryError for a parameter that is not known. */
export function refuseParameters(query: URLSearchParams, known: readonly string[]): void {
  const unknown = [...query.keys()].find((key) => key !== KEY_PARAMETER && !known.includes(key));
  if (unknown === undefined) return;
  const allowed =
    known.length === 0 ? "this route takes none" : `known parameters: ${known.join(", ")}`;
  throw new BadQueryError(
    `Unknown query parameter '${unknown.slice(0, MAX_SHOWN_CHARACTERS)}'; ${allowed}.`,
  );
}

function readState(value: string | undefined): RecordQuery["state"] {
  if (value === undefined) return undefined;
  const state = findWord(REQUEST_STATES, value);
  if (state === undefined) {
    throw new BadQueryError(`'state' must be one of ${REQUEST_STATES.join(", ")}.`);
  }
  return state;
}

function readLimit(value: string | undefined): number {
  const limit = value === undefined ? DEFAULT_LIMIT : Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new BadQueryError(`'limit' must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return limit;
}
