import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/status-get.http.ts";
import { toStatusView } from "../../../shared/http/status-view.ts";
import type { RequestRecord } from "../../../shared/record/record.ts";
import { at, makeRecord, NOW } from "../../factories.ts";
import { createFakeLog } from "../../fakes/log.ts";
import { createFakeRecordStore } from "../../fakes/record-store.ts";
import { makeRequest } from "./invocation.ts";

const log = createFakeLog();
const { requestId } = makeRecord();

/** What is answered to a GET of one status while the record is this. */
async function getStatus(record: RequestRecord, headers: Record<string, string> = {}) {
  const records = createFakeRecordStore();
  await records.create(record);
  const request = makeRequest(`status/${requestId}`, { params: { requestId }, headers });
  return makeHandler({ records, clock: () => NOW })(request, log);
}

/** The ETag that is answered while the record is this. */
async function etagOf(record: RequestRecord): Promise<string> {
  const { headers } = await getStatus(record);
  return (headers as Record<string, string>).etag ?? "";
}

describe("GET /api/status/{requestId}", () => {
  const waiting = makeRecord({ state: "waiting", dueAt: at(10).toISOString() });

  it("gives the status, its ETag, and when to ask again", async () => {
    expect(await getStatus(waiting)).toEqual({
      headers: { etag: expect.stringMatching(/^"[a-z2-7]{26}"$/), "retry-after": "10" },
      jsonBody: toStatusView(waiting),
    });
  });

  it("says nothing of asking again once all is over", async () => {
    const { headers } = await getStatus(makeRecord({ state: "succeeded" }));

    expect(headers).not.toHaveProperty("retry-after");
  });

  it("has the same ETag until something changes that users see", async () => {
    const etag = await etagOf(waiting);

    expect(await etagOf({ ...waiting, step: 9, announced: 1, dueAt: at(50).toISOString() })).toBe(
      etag,
    );
    expect(await etagOf({ ...waiting, updatedAt: at(1).toISOString() })).not.toBe(etag);
  });

  it.each([
    ["the ETag", (etag: string) => etag],
    ["a weak one", (etag: string) => `W/${etag}`],
    ["one of several", (etag: string) => `"other", ${etag}`],
  ])("answers 304 without a body to a client that has it already: %s", async (_, header) => {
    const etag = await etagOf(waiting);

    expect(await getStatus(waiting, { "if-none-match": header(etag) })).toEqual({
      status: 304,
      headers: { etag, "retry-after": "10" },
    });
  });

  it.each(['"other"', "", "etag"])(
    "gives the status to a client with another: %s",
    async (header) => {
      expect(await getStatus(waiting, { "if-none-match": header })).toHaveProperty("jsonBody");
    },
  );

  it("answers 404 for a request that is not there", async () => {
    const answer = makeHandler({ records: createFakeRecordStore(), clock: () => NOW });

    for (const request of [
      makeRequest("status/x", { params: { requestId } }),
      makeRequest("status/"),
    ]) {
      expect(await answer(request, log)).toMatchObject({
        status: 404,
        headers: { "content-type": "application/problem+json" },
        jsonBody: { detail: "No request has this id; GET /api/status lists all requests." },
      });
    }
  });
});
