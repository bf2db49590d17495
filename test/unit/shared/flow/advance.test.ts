import { describe, expect, it } from "vitest";
import { RecordConflictError } from "../../../../shared/errors.ts";
import { advance } from "../../../../shared/flow/advance.ts";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";

const SNAPSHOT =
  "/subscriptions/{subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/snapshots/s";
const manifest = {
  properties: {
    storageProfile: {
      osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT } },
    },
  },
};

async function opened(): Promise<{ app: FakeApp; requestId: string }> {
  const app = createFakeApp();
  await app.uploadManifest("web.json", manifest);
  return { app, requestId: app.recordOf("web.json").requestId };
}

function sequences(app: FakeApp): string[] {
  return app.statusQueue.published.map(
    ({ sequence, data }) => `${Number(sequence)} ${(data as { state: string }).state}`,
  );
}

describe("advance", () => {
  it("announces every state change once, in order", async () => {
    const { app } = await opened();
    await app.run();
    expect(sequences(app)).toEqual([
      "1 received",
      "2 waiting",
      "3 submitting",
      "4 creating",
      "5 succeeded",
    ]);
    expect(app.recordOf("web.json")).toMatchObject({ announced: 5, dueAt: null, deadlineAt: null });
  });

  it("does nothing for a request that nobody knows", async () => {
    const app = createFakeApp();
    await advance({ requestId: "nobody" }, app.context);
    expect(app.log.lines).toMatchObject([{ event: "request.unknown" }]);
  });

  it("ignores a message for an earlier step", async () => {
    const { app, requestId } = await opened();
    await app.run(() => app.recordOf("web.json").step === 3);
    const before = app.recordOf("web.json");
    const sent = app.workQueue.pending.length;
    await advance({ requestId, step: 2 }, app.context);
    expect(app.recordOf("web.json")).toEqual(before);
    expect(app.workQueue.pending).toHaveLength(sent);
  });

  it("acts on a message for the step after next: the save before it may have been lost", async () => {
    const { app, requestId } = await opened();
    await advance({ requestId, step: 2 }, app.context);
    expect(app.recordOf("web.json").state).toBe("waiting");
  });

  it("ends with one image when every message comes twice", async () => {
    const { app } = await opened();
    const { send } = app.workQueue;
    app.workQueue.send = async (message, delay) => {
      await send(message, delay);
      await send(message, delay);
    };
    await app.run();
    expect(app.images.puts).toHaveLength(1);
    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(app.workQueue.pending).toEqual([]);
  });

  it("does not change a terminal record any more", async () => {
    const { app, requestId } = await opened();
    await app.run();
    const before = app.recordOf("web.json");
    await advance({ requestId }, app.context);
    expect(app.recordOf("web.json")).toEqual(before);
  });

  it("decides again when somebody else saved the record meanwhile", async () => {
    const { app } = await opened();
    app.records.loseRaces(1);
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(app.log.lines.some(({ event }) => event === "request.race")).toBe(true);
  });

  it("takes one step, not two, when a message for any step meets the one for the next", async () => {
    const { app, requestId } = await opened();
    await app.run(() => app.recordOf("web.json").state === "submitting");
    const [pending] = app.workQueue.pending.splice(0);
    await Promise.all([
      advance(pending?.message ?? { requestId }, app.context),
      advance({ requestId }, app.context),
    ]);
    const { step } = app.recordOf("web.json");
    expect(app.recordOf("web.json").state).toBe("creating");
    expect(app.images.polls).toEqual([]);
    const next = app.workQueue.pending.filter(({ message }) => message.step === step);
    expect(next).toHaveLength(1);
  });

  it.each([undefined, 3, 4, 9])(
    "sends no second PUT for a message that meets the first one: step %s",
    async (step) => {
      const { app, requestId } = await opened();
      await app.run(() => app.recordOf("web.json").state === "submitting");
      const { create } = app.images;
      app.images.create = async (request) => {
        app.images.create = create;
        await advance(step === undefined ? { requestId } : { requestId, step }, app.context);
        return create(request);
      };
      await app.run();
      expect(app.images.puts).toHaveLength(1);
      expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", claimedUntil: null });
    },
  );

  it("leaves a race without an end to the queue's redelivery", async () => {
    const { app, requestId } = await opened();
    app.records.loseRaces(100);
    await expect(advance({ requestId }, app.context)).rejects.toThrow(RecordConflictError);
  });

  it("sends for the next step before it saves this one", async () => {
    const { app, requestId } = await opened();
    await advance({ requestId, step: 1 }, app.context);
    app.workQueue.pending.length = 0;
    const { save } = app.records;
    app.records.save = async () => Promise.reject(new Error("the process dies here"));
    await expect(advance({ requestId, step: 2 }, app.context)).rejects.toThrow("dies here");
    expect(app.workQueue.pending).toMatchObject([{ message: { requestId, step: 3 } }]);
    app.records.save = save;
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("saves no step whose follow-up could not be sent", async () => {
    const { app, requestId } = await opened();
    await advance({ requestId, step: 1 }, app.context);
    const { state, step } = app.recordOf("web.json");
    const send = async (): Promise<void> => Promise.reject(new Error("the queue is down"));
    await expect(
      advance({ requestId, step }, { ...app.context, workQueue: { send } }),
    ).rejects.toThrow("the queue is down");
    expect(app.recordOf("web.json")).toMatchObject({ state, step });
  });

  it("announces later what a crash kept from being announced", async () => {
    const { app, requestId } = await opened();
    const { publish } = app.statusQueue;
    app.statusQueue.publish = async () => Promise.reject(new Error("the queue is down"));
    await expect(advance({ requestId, step: 1 }, app.context)).rejects.toThrow("the queue is down");
    app.statusQueue.publish = publish;
    await app.run();
    expect(sequences(app)).toEqual([
      "1 received",
      "2 waiting",
      "3 submitting",
      "4 creating",
      "5 succeeded",
    ]);
  });

  it("announces the end of a request even if only a stale message is left", async () => {
    const { app, requestId } = await opened();
    const { publish } = app.statusQueue;
    app.statusQueue.publish = async (event) =>
      (event.data as { state: string }).state === "succeeded"
        ? Promise.reject(new Error("the queue is down"))
        : publish(event);
    await expect(app.run()).rejects.toThrow("the queue is down");
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", announced: 4 });
    expect(app.recordOf("web.json").dueAt).not.toBeNull();
    app.statusQueue.publish = publish;
    await advance({ requestId, step: 1 }, app.context);
    expect(sequences(app).at(-1)).toBe("5 succeeded");
    expect(app.recordOf("web.json").dueAt).toBeNull();
  });

  it("carries out a request whose first step runs after its deadline", async () => {
    const { app } = await opened();
    app.clock.advance(25 * 3600);
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });
});
