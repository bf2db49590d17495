import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/ingest.blob.ts";
import { CONTAINER, createFakeApp } from "../../fakes/app.ts";
import { makeInvocation } from "./invocation.ts";

describe("the ingest function", () => {
  it("opens a request for an uploaded manifest and logs to its invocation", async () => {
    const app = createFakeApp();
    const ref = { container: CONTAINER, name: "web.json" };
    app.blobs.putText(ref, "{}");
    const { invocation, lines } = makeInvocation();

    await makeHandler(app.context)(ref, invocation);

    const { requestId } = app.recordOf("web.json");
    expect(app.workQueue.pending).toMatchObject([{ message: { requestId, step: 1 } }]);
    expect(lines.map(([, text]) => JSON.parse(text))).toMatchObject([
      { event: "request.opened", requestId },
    ]);
  });

  it("ignores what is neither manifest nor VHD", async () => {
    const app = createFakeApp();
    const { invocation } = makeInvocation();

    await makeHandler(app.context)({ container: CONTAINER, name: "notes.txt" }, invocation);

    expect(app.records.all()).toEqual([]);
  });
});
