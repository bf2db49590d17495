import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromProperties, toProperties } from "../../../../../shared/azure/storage/record-entity.ts";
import { CorruptRecordError } from "../../../../../shared/errors.ts";
import { makeEvent, makeOutput, makeRecord, NOW } from "../../../../factories.ts";

const NOW_TEXT = NOW.toISOString();

/** Characters that one property of a table entity can hold. */
const PROPERTY_LIMIT = 32 * 1024;

function withMessage(message: string) {
  return makeRecord({ events: [makeEvent({ message })] });
}

describe("a record as entity", () => {
  it("is one piece when it is small, beside what people look at in a storage browser", () => {
    const record = makeRecord({ state: "failed" });

    expect(toProperties(record)).toEqual({
      json0: JSON.stringify(record),
      chunks: 1,
      state: "failed",
      source: "web.json",
    });
  });

  it("of a version that knew no traces is read as one without", () => {
    const { traceparent: _, ...older } = makeRecord();
    const entity = { json0: JSON.stringify(older), chunks: 1 };

    expect(fromProperties(entity)).toEqual(makeRecord());
  });

  it("comes back as it was, however large it is", () => {
    const message = fc
      .tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat(20_000))
      .map(([unit, count]) => unit.repeat(count).slice(0, 200_000));
    fc.assert(
      fc.property(message, (text) => {
        const record = withMessage(text);
        const properties = toProperties(record);

        expect(fromProperties(properties)).toEqual(record);
        for (const value of Object.values(properties)) {
          expect(String(value).length).toBeLessThan(PROPERTY_LIMIT);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("comes back also when the cut falls into a surrogate pair", () => {
    for (const shift of ["", "x"]) {
      const record = withMessage(shift + "💾".repeat(40_000));

      const properties = toProperties(record);
      expect(fromProperties(properties)).toEqual(record);
      expect(Object.values(properties).filter((value) => !String(value).isWellFormed())).toEqual(
        [],
      );
    }
  });

  it("keeps the operation's signed URL in a property of its own, and nowhere else", () => {
    const operation = { url: "https://arm.test/operations/1?s=SIGNATURE", submittedAt: NOW_TEXT };
    const second = makeOutput({ kind: "other", operation: { ...operation, url: "https://two" } });
    const record = makeRecord({ outputs: [makeOutput({ operation }), second] });
    const { operationUrl0, operationUrl1, ...others } = toProperties(record);

    expect([operationUrl0, operationUrl1]).toEqual([operation.url, "https://two"]);
    expect(JSON.stringify(others)).not.toContain("SIGNATURE");
    expect(fromProperties({ operationUrl0, operationUrl1, ...others })).toEqual(record);
  });

  it("lacks the property without a URL", () => {
    const record = makeRecord({
      outputs: [makeOutput({ operation: { url: null, submittedAt: NOW_TEXT } })],
    });

    expect(toProperties(record)).not.toHaveProperty("operationUrl0");
    expect(fromProperties(toProperties(record))).toEqual(record);
  });

  it("shows a source of 1,024 characters at most", () => {
    const { source } = makeRecord();
    const long = makeRecord({ source: { ...source, name: "x".repeat(2_000) } });

    expect(toProperties(long).source).toHaveLength(1_024);
  });
});

describe("an entity that is not a record", () => {
  const properties = toProperties(withMessage("x".repeat(40_000)));
  const entity = { rowKey: "r:abc", ...properties };
  const json0 = String(properties.json0);

  it.each([
    ["without anything", { rowKey: "r:abc" }],
    ["with a piece missing", { ...entity, json1: undefined }],
    ["with text that is not JSON", { ...entity, json0: "{" }],
    [
      "of another version",
      { ...entity, json0: json0.replace('"schemaVersion":2', '"schemaVersion":9') },
    ],
  ])("%s is refused with its row key and the cause", (_, broken) => {
    expect(() => fromProperties(broken)).toThrow(
      expect.objectContaining({
        name: CorruptRecordError.name,
        message: "the record r:abc cannot be read",
        cause: expect.any(Error),
      }),
    );
  });
});
