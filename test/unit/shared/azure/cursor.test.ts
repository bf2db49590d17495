import { describe, expect, it } from "vitest";
import { readCursor, writeCursor } from "../../../../shared/azure/cursor.ts";
import { indexKeys } from "../../../../shared/azure/row-keys.ts";
import { BadQueryError } from "../../../../shared/errors.ts";
import { makeRecord } from "../../../factories.ts";

/** A row key of the index of all, as a list goes on behind it. */
const after = `${indexKeys(makeRecord())[0]} `;

describe("a cursor", () => {
  it("stands for a row key of the index that it was written for", () => {
    const cursor = writeCursor(after, "a:");

    expect(cursor).toMatch(/^[\w-]+$/);
    expect(readCursor(cursor, "a:")).toBe(after);
    expect(readCursor(cursor, "s:failed:")).toBe(after.replace(/^a:/, "s:failed:"));
  });

  it.each([
    "",
    "abc",
    "%%%",
    Buffer.from("r:abcdefghijklmnop2345").toString("base64url"),
    Buffer.from("1234567890123:abc").toString("base64url"),
    Buffer.from("1234567890123:abc' or true ").toString("base64url"),
    Buffer.from("123456789012:abc ").toString("base64url"),
  ])("that was not given out is refused: %s", (cursor) => {
    expect(() => readCursor(cursor, "a:")).toThrow(
      new BadQueryError("'cursor' must be the nextCursor of an earlier answer, unchanged."),
    );
  });
});
