import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/status-retry.http.ts";
import { BadQueryError } from "../../../shared/errors.ts";
import { createFakeApp, type FakeApp } from "../../fakes/app.ts";
import { makeRequest } from "./invocation.ts";

const MANIFEST_BLOB = { container: "uploads", name: "web.json" };

/** What is answered to a retry of this request. */
const retry = (app: FakeApp, requestId: string, query = "") =>
  makeHandler(app.context)(
    makeRequest(`status/${requestId}/retry${query}`, { method: "POST", params: { requestId } }),
    app.log,
  );

/** An app whose request of `web.json` failed, and the id of that. */
async function failOnce(): Promise<{ app: FakeApp; requestId: string }> {
  const app = createFakeApp();
  await app.uploadManifest("web.json", "{}");
  await app.run();
  const { requestId } = app.recordOf("web.json");
  app.clock.advance(1);
  return { app, requestId };
}

describe("POST /api/status/{requestId}/retry", () => {
  it("answers 202 with the new request, where it is, and when to look", async () => {
    const { app, requestId } = await failOnce();

    const answer = await retry(app, requestId);
    const { requestId: newId } = app.recordOf("web.json");
    expect(newId).not.toBe(requestId);
    expect(answer).toMatchObject({
      status: 202,
      headers: { location: `../${newId}`, "retry-after": "1" },
      jsonBody: { requestId: newId, state: "received", retryOf: requestId, retriedBy: null },
    });
    expect(new URL(`../${newId}`, `https://app/api/status/${requestId}/retry`).pathname).toBe(
      `/api/status/${newId}`,
    );
  });

  it("answers 409 and names the later request once that has ended too", async () => {
    const { app, requestId } = await failOnce();
    await retry(app, requestId);
    await app.run();

    const answer = await retry(app, requestId);
    expect(answer.status).toBe(409);
    expect(answer.jsonBody.detail).toContain(app.recordOf("web.json").requestId);
  });

  it("answers 409 and says what to do when there is nothing to retry", async () => {
    const { app, requestId } = await failOnce();
    app.blobs.putText(MANIFEST_BLOB, "{ }");
    expect(await retry(app, requestId)).toMatchObject({
      status: 409,
      jsonBody: { detail: expect.stringContaining("GET /api/status?source=web.json") },
    });
    app.blobs.remove(MANIFEST_BLOB);
    expect(await retry(app, requestId)).toMatchObject({
      status: 409,
      jsonBody: { detail: "web.json does not exist any more. Upload it again." },
    });
  });

  it("answers 404 for an unknown request, and refuses a query", async () => {
    const { app } = await failOnce();

    expect(await retry(app, "nobody")).toMatchObject({ status: 404 });
    await expect(retry(app, "nobody", "?force=true")).rejects.toThrow(BadQueryError);
  });
});
