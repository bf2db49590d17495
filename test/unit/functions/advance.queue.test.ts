import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/advance.queue.ts";
import { createFakeApp } from "../../fakes/app.ts";
import { makeInvocation } from "./invocation.ts";

describe("the advance function", () => {
  it.each(["with its step", "without a step"])("takes the step of a message %s", async (form) => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", "{}");
    const { requestId, step } = app.recordOf("web.json");
    const message = form === "with its step" ? { requestId, step } : { requestId };

    await makeHandler(app.context)(message, makeInvocation().invocation);

    expect(app.recordOf("web.json").state).toBe("failed");
  });

  it.each([
    ["goes on in the message's trace", `00-${"a".repeat(32)}-${"b".repeat(16)}-01`, true],
    ["ignores a trace that is none", "00-nonsense", false],
    ["ignores a trace that is not text", 17, false],
  ])("%s", async (_, traceparent, isTaken) => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", "{}");
    const stored = await app.records.get(app.recordOf("web.json").requestId);
    if (stored === null) throw new Error("the record is there");
    await app.records.save({ ...stored.record, traceparent: null }, stored);
    const { requestId, step } = stored.record;

    const handle = makeHandler(app.context);
    await handle({ requestId, step, traceparent }, makeInvocation().invocation);

    expect(app.recordOf("web.json").traceparent === traceparent).toBe(isTaken);
    expect(app.recordOf("web.json").state).toBe("failed");
  });

  it("does nothing for a request that it does not know, and logs it", async () => {
    const { invocation, lines } = makeInvocation();

    await makeHandler(createFakeApp().context)({ requestId: "gone" }, invocation);

    expect(lines).toEqual([["warning", '{"event":"request.unknown","requestId":"gone"}']]);
  });

  it.each([
    ["a text", "hello"],
    ["nothing", null],
    ["no request id", { step: 1 }],
    ["an empty request id", { requestId: "" }],
    ["a step that is none", { requestId: "abc", step: "1" }],
    ["half a step", { requestId: "abc", step: 1.5 }],
  ])(
    "throws for a message that is none of ours, so that it ends on the poison queue: %s",
    async (_, message) => {
      const handler = makeHandler(createFakeApp().context);

      await expect(handler(message, makeInvocation().invocation)).rejects.toThrow();
    },
  );
});
