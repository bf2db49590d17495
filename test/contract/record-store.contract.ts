import { beforeEach, describe, expect, it } from "vitest";
import { BadQueryError, RecordConflictError } from "../../shared/errors.ts";
import type { VersionNumber } from "../../shared/image/version-number.ts";
import { LIMITS } from "../../shared/limits.ts";
import type { RecordStore, StoredRecord } from "../../shared/ports.ts";
import type { RequestRecord } from "../../shared/record/record.ts";
import type { ExpectedClaims } from "../../shared/version-claims.ts";
import { makeRecord } from "../factories.ts";

/** What every record store promises. `make` gives an empty one. */
export function recordStoreContract(make: () => Promise<RecordStore>): void {
  let store: RecordStore;
  beforeEach(async () => {
    store = await make();
  });

  const stored = async (requestId: string): Promise<StoredRecord> => {
    const found = await store.get(requestId);
    if (found === null) throw new Error(`${requestId} is not there`);
    return found;
  };
  const fill = async (count: number, parts: (index: number) => Partial<RequestRecord>) => {
    for (let index = 0; index < count; index++) {
      const createdAt = new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString();
      await store.create(
        makeRecord({ requestId: `request${letter(index)}`, createdAt, ...parts(index) }),
      );
    }
  };

  describe("numbers of image versions", () => {
    const definition =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/a/images/b";
    const claim = (
      version: VersionNumber,
      requestId: string,
      expected: Partial<ExpectedClaims> = {},
    ) =>
      store.claimVersion(
        { definition, version, requestId },
        { holder: null, own: null, ...expected },
      );

    it("are claimed once, and found again by their request and by their number", async () => {
      expect(await store.getClaimedVersion(definition, "one")).toBeNull();
      expect(await claim([1, 4, 0], "one")).toBe(true);
      expect(await claim([1, 4, 0], "two")).toBe(false);
      expect(await store.getClaimedVersion(definition.toUpperCase(), "one")).toEqual([1, 4, 0]);
      expect(await store.getClaimedVersion(definition, "two")).toBeNull();
      expect(await store.getVersionHolder(definition, [1, 4, 0])).toBe("one");
      expect(await store.getVersionHolder(`${definition}c`, [1, 4, 0])).toBeNull();
    });

    it("of one request change only as they were read: of two processes one gets its number", async () => {
      await claim([1, 0, 0], "one");
      expect(await claim([1, 0, 1], "one")).toBe(false);
      expect(await store.getVersionHolder(definition, [1, 0, 1])).toBeNull();
      expect(await claim([1, 0, 1], "one", { own: [1, 0, 0] })).toBe(true);
      expect(await store.getClaimedVersion(definition, "one")).toEqual([1, 0, 1]);
      expect(await store.getVersionHolder(definition, [1, 0, 0])).toBe("one");
    });

    it("pass from the request that was read to another one, and from no other", async () => {
      await claim([1, 0, 0], "one");
      expect(await claim([1, 0, 0], "two", { holder: "three" })).toBe(false);
      expect(await claim([1, 0, 0], "two", { holder: "one" })).toBe(true);
      expect(await store.getVersionHolder(definition, [1, 0, 0])).toBe("two");
    });

    it("are compared as numbers, within their series", async () => {
      const numbers: VersionNumber[] = [
        [1, 9, 2],
        [1, 10, 0],
        [1, 10, 9],
        [1, 10, 10],
        [2, 0, 2147483647],
      ];
      for (const [index, number] of numbers.entries()) await claim(number, `request${index}`);
      const highest = (...series: number[]) => store.findHighestClaim(definition, series);
      expect(await highest()).toEqual([2, 0, 2147483647]);
      expect(await highest(1)).toEqual([1, 10, 10]);
      expect(await highest(1, 9)).toEqual([1, 9, 2]);
      expect(await highest(3)).toBeNull();
      expect(await highest(1, 1)).toBeNull();
    });

    it("go to one of many who claim the same one at the same time", async () => {
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, index) => claim([7, 0, 0], `racer${index}`)),
      );
      expect(claims.filter((isOurs) => isOurs)).toHaveLength(1);
    });
  });

  describe("names of disks", () => {
    it("are kept as they are spelt, each once, by family", async () => {
      const put = (name: string, family: string) =>
        store.putDiskName({ container: "uploads", name }, family);
      await put("Web.vhd", "web");
      await put("web.LUN0.vhd", "web");
      await put("web.LUN0.vhd", "web");
      await put("other.vhd", "other");
      const names = await store.listDiskNames("uploads", "web");
      expect([...names].sort()).toEqual(["Web.vhd", "web.LUN0.vhd"]);
      expect(await store.listDiskNames("elsewhere", "web")).toEqual([]);
    });
  });

  it("finds claims whatever the case of the blob's name", async () => {
    await store.putClaim({ blob: { container: "uploads", name: "Web.VHD" }, requestId: "abc" });
    const claims = (name: string) => store.listClaims({ container: "uploads", name });
    expect(await claims("web.vhd")).toEqual(["abc"]);
    expect(await claims("webb.vhd")).toEqual([]);
  });

  describe("create and get", () => {
    it("gives back what was created", async () => {
      const record = makeRecord({ requestId: "abc" });
      expect(await store.create(record)).toBe(true);
      expect((await stored("abc")).record).toEqual(record);
    });

    it("takes a record of the largest size, whatever its characters", async () => {
      const record = makeRecord({ requestId: "abc", warnings: [""] });
      const room = LIMITS.savedRecord.limit - JSON.stringify(record).length;
      // Two bytes as UTF-16, which Azure counts, and as UTF-8, which the emulator counts.
      const full = { ...record, warnings: ["\u00e9".repeat(room)] };
      await store.create(record);
      await store.save(full, await stored("abc"));
      expect((await stored("abc")).record).toEqual(full);
    });

    it("answers null for an unknown id", async () => {
      expect(await store.get("nobody")).toBeNull();
    });

    it("leaves an existing record as it is and says so", async () => {
      await store.create(makeRecord({ requestId: "abc", step: 7 }));
      expect(await store.create(makeRecord({ requestId: "abc", step: 1 }))).toBe(false);
      expect((await stored("abc")).record.step).toBe(7);
    });

    it("opens one record for twenty that are created at the same time", async () => {
      const attempts = Array.from({ length: 20 }, () =>
        store.create(makeRecord({ requestId: "abc" })),
      );
      const created = (await Promise.all(attempts)).filter((isNew) => isNew);
      expect(created).toHaveLength(1);
    });

    it("keeps a record larger than one table property", async () => {
      const long = "ä".repeat(70_000);
      const events = [
        { sequence: 1, at: "2026-01-01T00:00:00.000Z", state: "received" as const, message: long },
      ];
      await store.create(makeRecord({ requestId: "abc", events }));
      expect((await stored("abc")).record.events[0]?.message).toBe(long);
    });
  });

  describe("save", () => {
    it("replaces the record under a new ETag", async () => {
      await store.create(makeRecord({ requestId: "abc" }));
      const base = await stored("abc");
      const etag = await store.save({ ...base.record, step: 2 }, base);
      expect(etag).not.toBe(base.etag);
      expect(await stored("abc")).toEqual({ record: { ...base.record, step: 2 }, etag });
    });

    it("refuses a save on an older version", async () => {
      await store.create(makeRecord({ requestId: "abc" }));
      const base = await stored("abc");
      await store.save({ ...base.record, step: 2 }, base);
      await expect(store.save({ ...base.record, step: 3 }, base)).rejects.toThrow(
        RecordConflictError,
      );
      expect((await stored("abc")).record.step).toBe(2);
    });

    it("lets one of many simultaneous saves win", async () => {
      await store.create(makeRecord({ requestId: "abc" }));
      const base = await stored("abc");
      const saves = Array.from({ length: 10 }, (_, index) =>
        store.save(
          { ...base.record, step: 2 + index, state: index % 2 ? "waiting" : "failed" },
          base,
        ),
      );
      const results = await Promise.allSettled(saves);
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const reasons = results.flatMap((result) =>
        result.status === "rejected" ? [result.reason] : [],
      );
      expect(reasons.every((reason) => reason instanceof RecordConflictError)).toBe(true);
    });
  });

  describe("list", () => {
    it("gives the newest first", async () => {
      await fill(3, () => ({}));
      const { records } = await store.list({ limit: 10 });
      expect(records.map(({ requestId }) => requestId)).toEqual([
        "requestc",
        "requestb",
        "requesta",
      ]);
    });

    it("gives pages that join without a gap or an overlap", async () => {
      await fill(7, () => ({}));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list({ limit: 3, ...(cursor !== undefined && { cursor }) });
        expect(page.records.length).toBeLessThanOrEqual(3);
        seen.push(...page.records.map(({ requestId }) => requestId));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual([..."gfedcba"].map((suffix) => `request${suffix}`));
    });

    it("ends a page before its records have more bytes than a page may, and goes on behind it", async () => {
      const half = Math.ceil(LIMITS.statusPageBytes.limit / 9 / 3);
      await fill(12, () => ({ warnings: ["盤".repeat(half)] }));
      const sizes: number[] = [];
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list({ limit: 100, ...(cursor !== undefined && { cursor }) });
        sizes.push(page.records.length);
        seen.push(...page.records.map(({ requestId }) => requestId));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(sizes).toEqual([8, 4]);
      expect(seen).toEqual([..."lkjihgfedcba"].map((suffix) => `request${suffix}`));
    });

    it("shows a new record on the first page only, whatever pages are under way", async () => {
      await fill(4, () => ({}));
      const first = await store.list({ limit: 2 });
      await store.create(makeRecord({ requestId: "late", createdAt: "2026-06-01T00:00:00.000Z" }));
      const second = await store.list({ limit: 2, cursor: first.nextCursor ?? "" });
      expect(second.records.map(({ requestId }) => requestId)).not.toContain("late");
    });

    it("finds by state, also after the state has changed", async () => {
      await fill(3, (index) => ({ state: index === 1 ? "failed" : "waiting" }));
      const base = await stored("requesta");
      await store.save({ ...base.record, state: "failed" }, base);
      const failed = await store.list({ state: "failed", limit: 10 });
      expect(failed.records.map(({ requestId }) => requestId)).toEqual(["requestb", "requesta"]);
      expect((await store.list({ state: "waiting", limit: 10 })).records).toHaveLength(1);
    });

    it("finds by source, whatever characters are in it", async () => {
      const name = "disks/Größe #1 50%?.json";
      const other = makeRecord({}).source;
      await fill(2, (index) => ({ source: index === 0 ? { ...other, name } : other }));
      const page = await store.list({ source: name, limit: 10 });
      expect(page.records.map(({ requestId }) => requestId)).toEqual(["requesta"]);
    });

    it("finds by image name in any case, also when it became known later", async () => {
      await fill(2, () => ({ image: null }));
      const base = await stored("requestb");
      const image = {
        name: "Web",
        resourceGroup: null,
        subscriptionId: null,
        location: null,
        id: null,
      };
      await store.save({ ...base.record, image }, base);
      const page = await store.list({ image: "web", limit: 10 });
      expect(page.records.map(({ requestId }) => requestId)).toEqual(["requestb"]);
    });

    it("joins filters", async () => {
      const { source } = makeRecord({});
      await fill(4, (index) => ({
        state: index % 2 === 0 ? "failed" : "succeeded",
        source: { ...source, name: index < 2 ? "web.json" : "db.json" },
      }));
      const page = await store.list({ source: "web.json", state: "failed", limit: 10 });
      expect(page.records.map(({ requestId }) => requestId)).toEqual(["requesta"]);
    });

    it("answers an empty page for a filter that nothing matches", async () => {
      await fill(2, () => ({}));
      expect(await store.list({ source: "nothing.json", limit: 10 })).toEqual({
        records: [],
        nextCursor: null,
      });
    });

    it.each([{ state: "failed" as const }, { source: "web.json" }, { image: "web" }])(
      "refuses a cursor of another query: %j",
      async (filter) => {
        await fill(3, () => ({ state: "waiting" }));
        const { nextCursor } = await store.list({ limit: 1 });
        const cursor = nextCursor ?? "";
        expect(cursor).not.toBe("");
        await expect(store.list({ limit: 1, cursor, ...filter })).rejects.toThrow(BadQueryError);
      },
    );

    it("refuses a cursor that it did not give out", async () => {
      await expect(store.list({ limit: 1, cursor: "garbage!" })).rejects.toThrow(BadQueryError);
    });
  });

  describe("listDue", () => {
    const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

    it("gives what was due before a time, the most overdue first", async () => {
      await fill(4, (index) => ({ dueAt: [at(30), at(10), at(20), null][index] ?? null }));
      expect(await store.listDue(new Date(at(25)), 10)).toEqual(["requestb", "requestc"]);
    });

    it("gives no more than requested", async () => {
      await fill(3, (index) => ({ dueAt: at(index) }));
      expect(await store.listDue(new Date(at(60)), 2)).toEqual(["requesta", "requestb"]);
    });

    it("forgets a due time that moved on", async () => {
      await fill(1, () => ({ dueAt: at(1) }));
      const base = await stored("requesta");
      await store.save({ ...base.record, dueAt: null }, base);
      expect(await store.listDue(new Date(at(60)), 10)).toEqual([]);
    });
  });

  describe("removal", () => {
    const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
    const blob = { container: "uploads", name: "Web.vhd" };

    it("walks requests opened up to a time from the latest to the first, whatever is removed", async () => {
      await fill(6, () => ({}));
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await store.listOpenedUpTo(at(4), { limit: 2, cursor });
        expect(page.ids.length).toBeLessThanOrEqual(2);
        seen.push(...page.ids);
        await store.remove(await stored(page.ids[0] ?? "requestb"));
        cursor = page.cursor;
      } while (cursor !== null);
      expect(seen).toEqual([..."edcba"].map((suffix) => `request${suffix}`));
      const { records } = await store.list({ limit: 10 });
      expect(records.map(({ requestId }) => requestId)).toEqual([
        "requestf",
        "requestd",
        "requestb",
      ]);
    });

    it("takes a record out of every index, and leaves the others", async () => {
      const image = {
        name: "web",
        resourceGroup: null,
        subscriptionId: null,
        location: null,
        id: null,
      };
      await fill(2, () => ({ state: "failed", image, dueAt: at(1).toISOString() }));
      const gone = await stored("requesta");
      await store.remove(gone);
      const source = gone.record.source.name;
      for (const query of [{}, { state: "failed" as const }, { image: "web" }, { source }]) {
        const { records } = await store.list({ ...query, limit: 10 });
        expect(records.map(({ requestId }) => requestId)).toEqual(["requestb"]);
      }
      expect(await store.listDue(at(60), 10)).toEqual(["requestb"]);
      expect(await store.get("requesta")).toBeNull();
      expect(await store.create(gone.record)).toBe(true);
    });

    it("does not remove a record that was saved or removed since it was read", async () => {
      await fill(2, () => ({}));
      const base = await stored("requesta");
      await store.save({ ...base.record, step: 9 }, base);
      await expect(store.remove(base)).rejects.toThrow(RecordConflictError);
      expect((await stored("requesta")).record.step).toBe(9);
      const other = await stored("requestb");
      await store.remove(other);
      await expect(store.remove(other)).rejects.toThrow(RecordConflictError);
    });

    it("walks all claims, and removes one of them, also twice", async () => {
      for (const [name, requestId] of [
        ["one.vhd", "first"],
        ["one.vhd", "second"],
        ["two.vhd", "first"],
      ] as const) {
        await store.putClaim({ blob: { container: "uploads", name }, requestId });
      }
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await store.listAllClaims({ limit: 2, cursor });
        ids.push(...page.claims.map(({ requestId }) => requestId));
        for (const { key, requestId } of page.claims) {
          if (requestId !== "first") continue;
          await store.removeClaim(key);
          await store.removeClaim(key);
        }
        cursor = page.cursor;
      } while (cursor !== null);
      expect(ids.sort()).toEqual(["first", "first", "second"]);
      const claims = (name: string) => store.listClaims({ container: "uploads", name });
      expect(await claims("one.vhd")).toEqual(["second"]);
      expect(await claims("two.vhd")).toEqual([]);
    });

    it("removes a note only with the value that was read", async () => {
      await store.putNote("built:x", "one");
      expect(await store.removeNote("built:x", "other")).toBe(false);
      expect(await store.getNote("built:x")).toBe("one");
      expect(await store.removeNote("built:x", "one")).toBe(true);
      expect(await store.getNote("built:x")).toBeNull();
      expect(await store.removeNote("built:x", "one")).toBe(false);
    });

    it("forgets a disk's name that is gone, and no other", async () => {
      await store.putDiskName(blob, "web");
      const forget = (isGone: () => Promise<boolean>) => store.removeDiskName(blob, "web", isGone);
      expect(await forget(async () => false)).toBe(false);
      expect(await store.listDiskNames("uploads", "web")).toEqual(["Web.vhd"]);
      expect(await forget(async () => true)).toBe(true);
      expect(await store.listDiskNames("uploads", "web")).toEqual([]);
      expect(await forget(async () => true)).toBe(false);
    });

    it("keeps a disk's name that is put again while somebody forgets it", async () => {
      await store.putDiskName(blob, "web");
      const isGone = async (): Promise<boolean> => {
        await store.putDiskName(blob, "web");
        return true;
      };
      expect(await store.removeDiskName(blob, "web", isGone)).toBe(false);
      expect(await store.listDiskNames("uploads", "web")).toEqual(["Web.vhd"]);
    });
  });

  describe("claims and notes", () => {
    const blob = { container: "uploads", name: "disks/os #1.vhd" };

    it("gives the claims of a blob and of no other", async () => {
      await store.putClaim({ blob, requestId: "first" });
      await store.putClaim({ blob, requestId: "second" });
      await store.putClaim({ blob, requestId: "first" });
      await store.putClaim({ blob: { ...blob, name: "other.vhd" }, requestId: "third" });
      expect([...(await store.listClaims(blob))].sort()).toEqual(["first", "second"]);
    });

    it("keeps a note", async () => {
      expect(await store.getNote("sweep")).toBeNull();
      await store.putNote("sweep", "one");
      await store.putNote("sweep", "two");
      expect(await store.getNote("sweep")).toBe("two");
    });

    it("swaps a note only for the one that was read", async () => {
      expect(await store.swapNote("built:x", "one", "two")).toBe(false);
      expect(await store.swapNote("built:x", null, "one")).toBe(true);
      expect(await store.swapNote("built:x", null, "two")).toBe(false);
      expect(await store.swapNote("built:x", "other", "two")).toBe(false);
      expect(await store.getNote("built:x")).toBe("one");
      expect(await store.swapNote("built:x", "one", "two")).toBe(true);
      expect(await store.getNote("built:x")).toBe("two");
    });

    it("lets one of many swap a note at the same time", async () => {
      const swap = (from: string | null) =>
        Promise.all(
          Array.from({ length: 8 }, (_, index) => store.swapNote("n", from, `${from}${index}`)),
        );
      expect((await swap(null)).filter(Boolean)).toHaveLength(1);
      expect((await swap(await store.getNote("n"))).filter(Boolean)).toHaveLength(1);
    });
  });
}

function letter(index: number): string {
  return String.fromCharCode("a".charCodeAt(0) + index);
}
