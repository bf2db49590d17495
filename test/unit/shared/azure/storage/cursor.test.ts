import { describe, expect, it } from "vitest";
import { readCursor, writeCursor } from "../../../../../shared/azure/storage/cursor.ts";
import { indexKeys } from "../../../../../shared/azure/storage/row-keys.ts";
import { BadQueryError } from "../../../../../shared/errors.ts";
import { makeRecord } from "../../../../factories.ts";

/** A row key of the index of all, as a list goes on behind it. */
const after = `${indexKeys(makeRecord())[0]} `;
const mark = Buffer.from(writeCursor(after, {}), "base64url").toString().slice(0, 10);
const refusal = new BadQueryError(
  "'cursor' must be the nextCursor of an earlier answer to the same query, unchanged.",
);

describe("a cursor", () => {
  it("stands for a row key of the index that it was written for", () => {
    const cursor = writeCursor(after, {});

    expect(cursor).toMatch(/^[\w-]+$/);
    expect(readCursor(cursor, {})).toBe(after);
  });

  it("serves a page of any size, and an image's name in any case", () => {
    const image = {
      name: "web",
      resourceGroup: null,
      subscriptionId: null,
      location: null,
      id: null,
    };
    const key = indexKeys(makeRecord({ image })).find((row) => row.startsWith("i:")) ?? "";
    const cursor = writeCursor(`${key} `, { image: "web" });

    expect(readCursor(cursor, { image: "WEB" })).toBe(`${key} `);
  });

  it.each([{ state: "failed" as const }, { source: "web.json" }, { image: "web" }])(
    "of another query is refused: %j",
    (filters) => {
      expect(() => readCursor(writeCursor(after, {}), filters)).toThrow(refusal);
      expect(() => readCursor(writeCursor(after, filters), {})).toThrow(refusal);
    },
  );

  it.each([
    "",
    "abc",
    "%%%",
    `${writeCursor(after, {})}=`,
    ` ${writeCursor(after, {})}`,
    ...[
      "r:abcdefghijklmnop2345",
      "1234567890123:abc ",
      `${mark} 1234567890123:abc`,
      `${mark} 1234567890123:abc' or true `,
      `${mark} 123456789012:abc `,
      "aaaaaaaaaa 1234567890123:abc ",
    ].map((text) => Buffer.from(text).toString("base64url")),
  ])("that was not given out is refused: %s", (cursor) => {
    expect(() => readCursor(cursor, {})).toThrow(refusal);
  });
});
