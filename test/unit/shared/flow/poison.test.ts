import { describe, expect, it } from "vitest";
import { RecordConflictError } from "../../../../shared/errors.ts";
import { failPoisonedStep, failPoisonedUpload } from "../../../../shared/flow/poison.ts";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";

const SNAPSHOT =
  "/subscriptions/{subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/snapshots/s";
const osDisk = { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT } };
const manifest = { properties: { storageProfile: { osDisk } } };
const ref = { container: "uploads", name: "web.json" };

async function opened(): Promise<{ app: FakeApp; requestId: string }> {
  const app = createFakeApp();
  await app.uploadManifest("web.json", manifest);
  return { app, requestId: app.recordOf("web.json").requestId };
}

function lastState(app: FakeApp): string | undefined {
  const { data } = app.statusQueue.published.at(-1) ?? {};
  return (data as { state: string } | undefined)?.state;
}

describe("failPoisonedStep", () => {
  it("ends the request with what its last step noted, and announces it", async () => {
    const { app, requestId } = await opened();
    app.images.find = async () =>
      Promise.reject(new Error("disk full at https://x.blob.core.windows.net/?sig=SECRET"));
    await expect(app.run()).rejects.toThrow("disk full");
    expect(app.recordOf("web.json")).toMatchObject({
      state: "submitting",
      error: { code: "StepFailed" },
    });
    await failPoisonedStep(requestId, app.context);
    const record = app.recordOf("web.json");
    expect(record).toMatchObject({
      state: "failed",
      dueAt: null,
      error: {
        code: "StepFailed",
        message: expect.stringContaining("'submitting' failed repeatedly; last error: disk full"),
      },
    });
    expect(JSON.stringify(record)).not.toContain("SECRET");
    expect(lastState(app)).toBe("failed");
  });

  it("ends a request whose steps could not even note why", async () => {
    const { app, requestId } = await opened();
    await failPoisonedStep(requestId, app.context);
    expect(app.recordOf("web.json").error?.message).toBe(
      "A step in the state 'received' failed repeatedly.",
    );
  });

  it("leaves a request alone that has ended, and one that nobody knows", async () => {
    const { app, requestId } = await opened();
    await app.run();
    await failPoisonedStep(requestId, app.context);
    await failPoisonedStep("nobody", app.context);
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("retries when somebody else saves the record meanwhile, with an end", async () => {
    const { app, requestId } = await opened();
    app.records.loseRaces(1);
    await failPoisonedStep(requestId, app.context);
    expect(app.recordOf("web.json").state).toBe("failed");
    const second = await opened();
    second.app.records.loseRaces(99);
    await expect(failPoisonedStep(second.requestId, second.app.context)).rejects.toThrow(
      RecordConflictError,
    );
  });

  it("passes on other errors of the store", async () => {
    const { app, requestId } = await opened();
    app.records.save = async () => Promise.reject(new Error("the table is down"));
    await expect(failPoisonedStep(requestId, app.context)).rejects.toThrow("the table is down");
  });
});

describe("failPoisonedUpload", () => {
  it("opens and ends the request of an upload whose event never got through", async () => {
    const app = createFakeApp();
    app.blobs.putText(ref, JSON.stringify(manifest));
    await failPoisonedUpload(ref, app.context);
    expect(app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: { code: "UploadEventFailed", target: "web.json" },
    });
    await app.run();
    expect(app.images.puts).toEqual([]);
  });

  it("leaves a request alone that is on its way all the same", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.runFor(1);
    await failPoisonedUpload({ container: "uploads", name: "os.vhd" }, app.context);
    expect(app.recordOf("os.vhd").state).toBe("waiting");
  });

  it.each(["gone.json", "notes.txt"])("does nothing for %s", async (name) => {
    const app = createFakeApp();
    await failPoisonedUpload({ container: "uploads", name }, app.context);
    expect(app.records.all()).toEqual([]);
  });
});

describe("a step that fails for reasons of our own", () => {
  it("shows why in the status while it is repeated, and no trace of it afterwards", async () => {
    const { app } = await opened();
    const { find } = app.images;
    app.images.find = async () => Promise.reject(new Error("the network is down"));
    await expect(app.run()).rejects.toThrow("the network is down");
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "StepFailed",
      message: "the network is down",
    });
    app.images.find = find;
    await app.workQueue.send({ requestId: app.recordOf("web.json").requestId }, 0);
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", error: null });
  });

  it("is noted as what it threw, an Error or not", async () => {
    const { app } = await opened();
    app.images.find = async () => Promise.reject("just a text");
    await expect(app.run()).rejects.toBe("just a text");
    expect(app.recordOf("web.json").error?.message).toBe("just a text");
  });

  it("is what counts when the note cannot be saved either", async () => {
    const { app } = await opened();
    app.records.save = async () => Promise.reject(new Error("the table is down"));
    await expect(app.run()).rejects.toThrow("the table is down");
    expect(app.log.lines.map(({ event }) => event)).toContain("request.trouble.unnoted");
  });

  it("is not noted for a request that ended meanwhile", async () => {
    const { app, requestId } = await opened();
    app.images.find = async () => {
      await failPoisonedStep(requestId, app.context);
      throw new Error("too late");
    };
    await expect(app.run()).rejects.toThrow("too late");
    expect(app.recordOf("web.json").error?.message).not.toContain("too late");
  });
});
