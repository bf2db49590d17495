import { BadQueryError } from "../../errors.ts";
import { digest } from "../../record/identity.ts";
import { indexPrefix, type RecordFilters } from "./row-keys.ts";

const MARK_CHARACTERS = 10;
const SHAPE = /^[a-z2-7]{10} (?<rest>\d{13}:[a-z2-7]+ )$/;

/** Where a list continues, as an opaque text for clients. It is of use for the same filters only. */
export function writeCursor(rowKey: string, filters: RecordFilters): string {
  const rest = rowKey.slice(indexPrefix(filters).length);
  return Buffer.from(`${markOf(filters)} ${rest}`).toString("base64url");
}

/**
 * The row key that a cursor stands for, within the index that the query uses.
 * @throws BadQueryError for anything that was not given out as a cursor, or not for these filters.
 */
export function readCursor(cursor: string, filters: RecordFilters): string {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  const rest = SHAPE.exec(text)?.groups?.rest;
  const isOurs = rest !== undefined && writeCursor(indexPrefix(filters) + rest, filters) === cursor;
  if (!isOurs) {
    throw new BadQueryError(
      "'cursor' must be the nextCursor of an earlier answer to the same query, unchanged.",
    );
  }
  return indexPrefix(filters) + rest;
}

/** Stands for the filters; the size of a page may differ from one to the next. */
function markOf({ state, source, image }: RecordFilters): string {
  const words = [state ?? "", source ?? "", (image ?? "").toLowerCase()];
  return digest(words).slice(0, MARK_CHARACTERS);
}
