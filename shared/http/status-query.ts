import { BadQueryError } from "../errors.ts";
import type { RecordQuery } from "../ports.ts";
import { REQUEST_STATES } from "../request/states.ts";

const DEFAULT_LIMIT = 25;
export const MAX_LIMIT = 100;
const PARAMETERS = ["state", "source", "image", "limit", "cursor"] as const;
/** The Functions host takes its key from this parameter and leaves it in the query. */
const KEY_PARAMETER = "code";

/**
 * Reads the query of the status list.
 * @throws BadQueryError that names the parameter and what is allowed.
 */
export function readStatusQuery(query: URLSearchParams): RecordQuery {
  const unknown = [...query.keys()].filter(
    (key) => key !== KEY_PARAMETER && !PARAMETERS.some((known) => known === key),
  );
  if (unknown.length > 0) {
    throw new BadQueryError(
      `Unknown query parameter '${unknown[0]}'; known are ${PARAMETERS.join(", ")}.`,
    );
  }
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

function readState(value: string | undefined): RecordQuery["state"] {
  if (value === undefined) return undefined;
  const state = REQUEST_STATES.find((known) => known === value.toLowerCase());
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
