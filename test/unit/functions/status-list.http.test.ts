import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/status-list.http.ts";
import { BadQueryError } from "../../../shared/errors.ts";
import { toStatusView } from "../../../shared/http/status-view.ts";
import type { RecordQuery } from "../../../shared/ports.ts";
import { at, makeRecord } from "../../factories.ts";
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
    const list = makeHandler(records);

    expect(await list(makeRequest("status?limit=1"), log)).toEqual({
      jsonBody: { items: [toStatusView(recent)], nextCursor: "1 [null,null,null]" },
    });
    expect(await list(makeRequest("status?limit=1&cursor=1+[null,null,null]"), log)).toEqual({
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
    await makeHandler(records)(makeRequest("status?state=failed&source=a%2Fweb.json"), log);

    expect(queries).toEqual([{ state: "failed", source: "a/web.json", limit: 25 }]);
  });

  it("refuses a query that it does not know", async () => {
    const list = makeHandler(createFakeRecordStore());

    await expect(list(makeRequest("status?stat=failed"), log)).rejects.toThrow(BadQueryError);
  });
});
