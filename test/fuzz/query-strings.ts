import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { readCursor, writeCursor } from "../../shared/azure/storage/cursor.ts";
import { BadQueryError } from "../../shared/errors.ts";
import { readStatusQuery } from "../../shared/http/status-query.ts";
import { REQUEST_STATES } from "../../shared/record/states.ts";
import { anyText } from "./any-text.ts";
import { defineTarget } from "./target.ts";

const keys = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("state", "source", "image", "limit", "cursor", "code") },
  { weight: 1, arbitrary: anyText({ maxLength: 80 }) },
);

const values = fc.oneof(
  fc.constantFrom(...REQUEST_STATES, "FAILED", "1", "100", "101", "0", "-1", "1e2", "0x10", " 5"),
  fc.constantFrom("NaN", "Infinity", "1.5", "", "web.json", "__proto__", "'", "' or 1 eq 1 or '"),
  anyText({ maxLength: 40 }),
  fc.nat(1_200).map((length) => "x".repeat(length)),
  fc.string({ maxLength: 40 }).map((text) => Buffer.from(text).toString("base64url")),
);

export const queries = fc.array(fc.tuple(keys, values), { maxLength: 6 });

/** A query is read into something within its limits, or refused in words that can be shown. */
export function checkQuery(pairs: readonly [string, string][]): void {
  const query = refusalOr(() => readStatusQuery(new URLSearchParams(pairs)));
  if (query === null) return;
  ok(Number.isInteger(query.limit) && query.limit >= 1 && query.limit <= 100);
  ok(query.state === undefined || REQUEST_STATES.includes(query.state));
  const { cursor } = query;
  if (cursor === undefined) return;
  const rowKey = refusalOr(() => readCursor(cursor, query));
  // A cursor that is taken is one that is given out for this query.
  if (rowKey !== null) deepStrictEqual(writeCursor(rowKey, query), cursor);
}

function refusalOr<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    ok(error instanceof BadQueryError, `it threw ${String(error)}`);
    ok(error.message.length < 300, "the refusal is too long");
    return null;
  }
}

export const queryStrings = defineTarget("query strings", queries, checkQuery);
