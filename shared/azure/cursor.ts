import { BadQueryError } from "../errors.ts";

/** Where a list goes on, as an opaque text for clients. */
export function writeCursor(rowKey: string, prefix: string): string {
  return Buffer.from(rowKey.slice(prefix.length)).toString("base64url");
}

const SHAPE = /^\d{13}:[a-z2-7]+ $/;

/**
 * The row key that a cursor stands for, within the index that the query uses.
 * @throws BadQueryError for anything that was not given out as a cursor.
 */
export function readCursor(cursor: string, prefix: string): string {
  const rest = Buffer.from(cursor, "base64url").toString("utf8");
  if (!SHAPE.test(rest)) {
    throw new BadQueryError("'cursor' must be the nextCursor of an earlier answer, unchanged.");
  }
  return prefix + rest;
}
