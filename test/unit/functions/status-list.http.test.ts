import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/status-list.http.ts";
import { BadQueryError } from "../../../shared/errors.ts";
import { toStatusView } from "../../../shared/http/status-view.ts";
import type { RecordQuery } from "../../../shared/ports.ts";
import type { RequestRecord } from "../../../shared/record/record.ts";
import { at, makeRecord, NOW } from "../../factories.ts";
import { createFakeLog } from "../../fakes/log.ts";
import { createFakeRecordStore } from "../../fakes/record-store.ts";
import { makeRequest } from "./invocation.ts";

const log = createFakeLog();

describe("GET /api/status", () => {
  it("gives a page of statuses and where it goes on", async () => {
    const records = createFakeRecordStore();
    const old = makeRecord({ requestId: "old", createdAt: at(-60).toISOString() });
    const recent = makeRecord({ requestId: "recent" });
    await records.create(old);
    await records.create(recent);
    const list = makeHandler({ records, clock: () => NOW });

    expect(await list(makeRequest("status?limit=1"), log)).toMatchObject({
      jsonBody: { items: [toStatusView(recent)], nextCursor: "1 [null,null,null]" },
    });
    expect(await list(makeRequest("status?limit=1&cursor=1+[null,null,null]"), log)).toMatchObject({
      jsonBody: { items: [toStatusView(old)], nextCursor: null },
    });
  });

  it("asks the store for what the query says", async () => {
    const queries: RecordQuery[] = [];
    const records = {
      ...createFakeRecordStore(),
      list: async (query: RecordQuery) => {
        queries.push(query);
        return { records: [], nextCursor: null };
      },
    };
    await makeHandler({ records, clock: () => NOW })(
      makeRequest("status?state=failed&source=a%2Fweb.json"),
      log,
    );

    expect(queries).toEqual([{ state: "failed", source: "a/web.json", limit: 25 }]);
  });

  it("refuses a query that it does not know", async () => {
    const list = makeHandler({ records: createFakeRecordStore(), clock: () => NOW });

    await expect(list(makeRequest("status?stat=failed"), log)).rejects.toThrow(BadQueryError);
  });

  /** What is answered while the records are these. */
  const listOf = async (all: readonly RequestRecord[], headers: Record<string, string> = {}) => {
    const records = createFakeRecordStore();
    for (const record of all) await records.create(record);
    const answer = await makeHandler({ records, clock: () => NOW })(
      makeRequest("status", { headers }),
      log,
    );
    return { ...answer, headers: answer.headers as Record<string, string> };
  };
  const waiting = (requestId: string, seconds: number) =>
    makeRecord({ requestId, state: "waiting", dueAt: at(seconds).toISOString() });
  const done = makeRecord({ requestId: "done", state: "succeeded", dueAt: null });

  it.each([
    ["the first step that is due", [waiting("a", 40), waiting("b", 9), done], "9"],
    ["a moment, however soon that is", [waiting("a", 0)], "2"],
    ["a minute when all have ended", [done], "60"],
    ["a minute when there are none", [], "60"],
  ])("says when to ask again: %s", async (_, records, seconds) => {
    expect((await listOf(records)).headers).toMatchObject({ "retry-after": seconds });
  });

  it("answers 304 without a body to a client that has the page already", async () => {
    const { etag = "" } = (await listOf([waiting("a", 40)])).headers;

    expect(etag).toMatch(/^"[a-z2-7]{26}"$/);
    expect(await listOf([waiting("a", 40)], { "if-none-match": `"other", W/${etag}` })).toEqual({
      status: 304,
      headers: { etag, "retry-after": "40" },
    });
    const changed = { ...waiting("a", 40), updatedAt: at(1).toISOString() };
    for (const records of [[changed], [waiting("a", 40), done], []]) {
      expect(await listOf(records, { "if-none-match": etag })).toHaveProperty("jsonBody");
    }
  });
});
