import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/poison-work.queue.ts";
import { createFakeApp } from "../../fakes/app.ts";
import { makePoisonDelivery } from "./invocation.ts";

/** An app with one request, and the id of that request. */
async function createAppWithRequest() {
  const app = createFakeApp();
  await app.uploadManifest("web.json", "{}");
  return { app, requestId: app.recordOf("web.json").requestId };
}

describe("the poison-work handler", () => {
  it("ends the request of a poisoned work message", async () => {
    const { app, requestId } = await createAppWithRequest();
    await makeHandler(app.context)({ requestId, step: 1 }, makePoisonDelivery().invocation);
    expect(app.recordOf("web.json").error?.code).toBe("StepFailed");
  });

  it("logs and counts a message at its first delivery, also one that cannot be read", async () => {
    const { app, requestId } = await createAppWithRequest();
    const first = makePoisonDelivery(1);
    const handle = makeHandler(app.context);
    await handle({ requestId, step: 1 }, first.invocation);
    await handle({ requestId, step: 1 }, makePoisonDelivery(2).invocation);
    await expect(handle("text", first.invocation)).rejects.toThrow();
    expect(app.telemetry.labelsOf("vhd_to_image.poisoned")).toEqual([
      { queue: "work" },
      { queue: "work" },
    ]);
    expect(first.eventsNamed("poison.message")).toEqual([
      { event: "poison.message", queue: "work", about: requestId },
      { event: "poison.message", queue: "work", about: null },
    ]);
  });

  it.each([["text"], [17], [null], [{}], [{ requestId: "" }]])(
    "refuses %j, so that the host keeps it",
    async (message) => {
      const handle = makeHandler(createFakeApp().context);
      await expect(handle(message, makePoisonDelivery().invocation)).rejects.toThrow();
    },
  );
});
