import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/status-cancel.http.ts";
import { BadQueryError } from "../../../shared/errors.ts";
import { toStatusView } from "../../../shared/http/status-view.ts";
import { createFakeApp, type FakeApp } from "../../fakes/app.ts";
import { makeRequest } from "./invocation.ts";

const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const MANIFEST = { properties: { storageProfile: { osDisk } } };

/** What is answered to a cancellation of this request. */
const cancel = (app: FakeApp, requestId: string, query = "") =>
  makeHandler(app.context)(
    makeRequest(`status/${requestId}/cancel${query}`, { method: "POST", params: { requestId } }),
    app.log,
  );

describe("POST /api/status/{requestId}/cancel", () => {
  it("answers with the canceled request, then that it has ended", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    await app.run(() => app.recordOf("web.json").state === "waiting");
    const { requestId } = app.recordOf("web.json");

    const answer = await cancel(app, requestId);
    expect(answer).toEqual({ jsonBody: toStatusView(app.recordOf("web.json")) });
    expect(answer.jsonBody).toMatchObject({ state: "canceled" });
    expect(await cancel(app, requestId)).toMatchObject({
      status: 409,
      jsonBody: { detail: "The request has ended already: canceled." },
    });
  });

  it("answers 409 with a command to paste while Azure is building", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", MANIFEST);
    await app.run(() => app.recordOf("web.json").state === "creating");

    const answer = await cancel(app, app.recordOf("web.json").requestId);
    expect(answer.status).toBe(409);
    expect(answer.jsonBody.detail).toContain(
      `az resource delete --ids "${app.images.puts[0]?.id}"`,
    );
  });

  it("answers 404 for an unknown request, and refuses a query", async () => {
    const app = createFakeApp();

    expect(await cancel(app, "nobody")).toMatchObject({ status: 404 });
    await expect(cancel(app, "nobody", "?force=true")).rejects.toThrow(BadQueryError);
  });
});
