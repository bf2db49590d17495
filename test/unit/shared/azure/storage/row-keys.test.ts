import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterPrefix,
  claimPrefix,
  DUE_PREFIX,
  dueKey,
  indexKeys,
  indexPrefix,
  noteKey,
  recordKey,
  requestIdOfKey,
} from "../../../../../shared/azure/storage/row-keys.ts";
import type { RecordQuery } from "../../../../../shared/ports.ts";
import { at, CONTAINER, makeRecord, NOW } from "../../../../factories.ts";

const image = { name: "Web", resourceGroup: null, subscriptionId: null, location: null, id: null };

/** The row key of a record in the index that a query uses. */
function keyFor(query: Omit<RecordQuery, "limit">, record: ReturnType<typeof makeRecord>) {
  const prefix = indexPrefix({ limit: 25, ...query });
  return indexKeys(record).filter((key) => key.startsWith(prefix));
}

describe("row keys", () => {
  it("of a record, a note and a claim have prefixes of their own", () => {
    expect(recordKey("abc")).toBe("r:abc");
    expect(noteKey("last")).toBe("n:last");
    expect(claimPrefix({ container: CONTAINER, name: "web.vhd" })).toMatch(/^c:[a-z2-7]{52}:$/);
  });

  it("hold nothing that the table service forbids, whatever the names are", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, imageName) => {
        const { source } = makeRecord();
        const record = makeRecord({
          source: { ...source, name },
          image: { ...image, name: imageName },
        });
        const keys = [...indexKeys(record), claimPrefix({ container: CONTAINER, name })];

        // https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
        expect(keys.filter((key) => /[/\\#?\p{Cc}]/u.test(key) || key.length > 512)).toEqual([]);
      }),
    );
  });

  it("are the same for image names that differ in case, not for blobs that do", () => {
    const record = makeRecord({ image });

    expect(keyFor({ image: "WEB" }, record)).toHaveLength(1);
    expect(keyFor({ source: "web.json" }, record)).toHaveLength(1);
    expect(keyFor({ source: "Web.json" }, record)).toHaveLength(0);
  });
});

describe("index rows", () => {
  it("are one for each way to look for a record", () => {
    const record = makeRecord({ state: "waiting", image });

    expect(indexKeys(record).map((key) => key.slice(0, 2))).toEqual(["a:", "s:", "b:", "i:", "d:"]);
  });

  it("leave out what is not known yet and what is not due", () => {
    const record = makeRecord({ image: null, dueAt: null });

    expect(indexKeys(record).map((key) => key.slice(0, 2))).toEqual(["a:", "s:", "b:"]);
  });

  it("end with the request id", () => {
    const record = makeRecord({ image });

    expect(new Set(indexKeys(record).map(requestIdOfKey))).toEqual(new Set([record.requestId]));
  });

  it("sort the newest first", () => {
    const created = [at(0.001), NOW, at(-3_600)];
    const [newest, middle, oldest] = created.map(
      (date) => indexKeys(makeRecord({ createdAt: date.toISOString() }))[0] ?? "",
    );

    expect([oldest, newest, middle].sort()).toEqual([newest, middle, oldest]);
  });

  it("sort the most overdue first", () => {
    const due = (seconds: number) =>
      indexKeys(makeRecord({ dueAt: at(seconds).toISOString() })).find((key) =>
        key.startsWith(DUE_PREFIX),
      ) ?? "";

    expect(due(-1) < dueKey(NOW)).toBe(true);
    expect(due(1) > dueKey(NOW)).toBe(true);
    expect([due(5), due(-5), due(0)].sort()).toEqual([due(-5), due(0), due(5)]);
  });
});

describe("indexPrefix", () => {
  it("goes by the source, else the image, else the state, else takes all", () => {
    const limit = 25;

    expect(indexPrefix({ limit })).toBe("a:");
    expect(indexPrefix({ limit, state: "failed" })).toBe("s:failed:");
    expect(indexPrefix({ limit, state: "failed", image: "web" })).toMatch(/^i:/);
    expect(indexPrefix({ limit, state: "failed", image: "web", source: "web.json" })).toMatch(
      /^b:/,
    );
  });
});

describe("afterPrefix", () => {
  it("is behind every key with the prefix and before every other", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (rest) => {
        expect(`s:failed:${rest}` < afterPrefix("s:failed:")).toBe(true);
      }),
    );
    expect(afterPrefix("a:")).toBe("a;");
    expect("b:" > afterPrefix("a:")).toBe(true);
  });
});
