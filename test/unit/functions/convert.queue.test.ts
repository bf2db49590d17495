import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/convert.queue.ts";
import { createFakeApp } from "../../fakes/app.ts";
import { makeInvocation } from "./invocation.ts";

/** An app whose records are not read before `open` is called, so that its conversions stay running. */
function createHeldApp() {
  const app = createFakeApp();
  const gate = Promise.withResolvers<void>();
  const read: string[] = [];
  const records = {
    ...app.records,
    get: async (requestId: string) => {
      read.push(requestId);
      await gate.promise;
      return app.records.get(requestId);
    },
  };
  return { app, read, open: gate.resolve, process: { ...app.context, records } };
}

const run = (handle: ReturnType<typeof makeHandler>, requestId: string) =>
  handle({ requestId, step: 3 }, makeInvocation().invocation);

describe("the convert function", () => {
  it("runs as many conversions as it may, and puts the next back into its queue", async () => {
    const { app, read, open, process } = createHeldApp();
    const handle = makeHandler({ process, atOnce: 2 });

    const running = [run(handle, "first"), run(handle, "second")];
    await run(handle, "third");

    expect(read).toEqual(["first", "second"]);
    expect(app.convertQueue.pending.map(({ message }) => message)).toEqual([
      { requestId: "third", step: 3 },
    ]);
    open();
    await Promise.all(running);
  });

  it("has a place again when a conversion ends, also by a failure", async () => {
    const { app, read, open, process } = createHeldApp();
    let isAway = true;
    const records = {
      ...process.records,
      get: async (requestId: string) => {
        if (isAway) throw new Error("storage is away");
        return process.records.get(requestId);
      },
    };
    const handle = makeHandler({ process: { ...process, records }, atOnce: 1 });
    open();

    await expect(run(handle, "first")).rejects.toThrow("storage is away");
    isAway = false;
    await run(handle, "second");

    expect(read).toEqual(["second"]);
    expect(app.convertQueue.pending).toEqual([]);
  });

  it("throws for a message that is none of ours, so that it ends on the poison queue", async () => {
    const handle = makeHandler({ process: createFakeApp().context, atOnce: 1 });

    await expect(handle("hello", makeInvocation().invocation)).rejects.toThrow();
  });
});
