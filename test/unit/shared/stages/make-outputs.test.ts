import { describe, expect, it } from "vitest";
import { advance } from "../../../../shared/flow/advance.ts";
import { failPoisonedStep } from "../../../../shared/flow/poison.ts";
import { toStatusView } from "../../../../shared/http/status-view.ts";
import { createManagedImageKind } from "../../../../shared/outputs/managed-image/managed-image.ts";
import { joinKinds } from "../../../../shared/outputs/outputs.ts";
import type { OutputProgress } from "../../../../shared/record/output.ts";
import { createFakeApp, type FakeApp, type FakeAppOptions } from "../../../fakes/app.ts";
import { createFakeImageService, serviceError } from "../../../fakes/image-service.ts";
import {
  createScriptedOutput,
  SCRIPTED_ID,
  type ScriptedOutput,
} from "../../../fakes/scripted-output.ts";

/**
 * Requests with two outputs: a managed image, and one of a kind that only these tests know. That they
 * pass shows that a kind can be added without a change to the stages.
 */

const OS_BLOB = { container: "uploads", name: "os.vhd" };
const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const failed = (code: string) => ({ ...serviceError({ code }).parts, fix: null, retryable: false });

interface Pair {
  readonly app: FakeApp;
  readonly images: ReturnType<typeof createFakeImageService>;
  readonly thing: ScriptedOutput;
}

async function requestBoth(
  options: FakeAppOptions = {},
  thing: ScriptedOutput = createScriptedOutput(),
): Promise<Pair> {
  const images = createFakeImageService();
  const outputs = joinKinds([createManagedImageKind(images), thing]);
  const app = createFakeApp({ ...options, outputs });
  await app.uploadVhd("os.vhd");
  await app.uploadManifest("web.json", { properties: { storageProfile: { osDisk } } });
  return { app, images, thing };
}

function statesOf({ app }: Pair): Record<string, OutputProgress["state"]> {
  const { outputs } = app.recordOf("web.json");
  return Object.fromEntries(outputs.map(({ kind, state }) => [kind, state]));
}

const changesOf = ({ app }: Pair) => app.recordOf("web.json").events.map(({ state }) => state);

describe("a request with two outputs", () => {
  it("succeeds when both do, each requested once", async () => {
    const pair = await requestBoth();
    pair.thing.nextOutcomes.push({ state: "working", progress: { percent: 40 } });
    await pair.app.run();
    expect(changesOf(pair)).toEqual(["received", "waiting", "submitting", "creating", "succeeded"]);
    expect(pair.images.puts).toHaveLength(1);
    expect(pair.thing.calls).toEqual(["put"]);
    expect(toStatusView(pair.app.recordOf("web.json"))).toMatchObject({
      image: { id: pair.images.puts[0]?.id },
      outputs: [
        { kind: "managedImage", state: "succeeded", id: pair.images.puts[0]?.id, error: null },
        { kind: "thing", state: "succeeded", id: SCRIPTED_ID, number: 7, percent: 40, error: null },
      ],
    });
  });

  it("fails after both have ended, with the error of the one that failed", async () => {
    const pair = await requestBoth();
    pair.images.nextPuts.push(serviceError({ status: 400, code: "InvalidParameter" }));
    pair.thing.nextOutcomes.push({ state: "working" }, { state: "working" });
    await pair.app.run(() => statesOf(pair).managedImage === "failed");
    expect(pair.app.recordOf("web.json").state).toBe("submitting");
    await pair.app.run();
    expect(statesOf(pair)).toEqual({ managedImage: "failed", thing: "succeeded" });
    expect(pair.app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: { code: "InvalidParameter" },
      outputs: [{ error: { code: "InvalidParameter" } }, { error: null, id: SCRIPTED_ID }],
    });
  });

  it("fails with the error of the first that failed, whatever their order", async () => {
    const pair = await requestBoth();
    pair.images.nextPolls.push(
      { status: "running", retryAfterSeconds: 300 },
      { status: "failed", error: serviceError({ code: "Second" }).parts },
    );
    pair.thing.nextOutcomes.push({ state: "failed", failure: failed("First") });
    await pair.app.run();
    expect(pair.app.recordOf("web.json").error?.code).toBe("First");
    expect(pair.app.recordOf("web.json").outputs.map(({ error }) => error?.code)).toEqual([
      "Second",
      "First",
    ]);
  });

  it("goes on with one while Azure makes the other wait", async () => {
    const pair = await requestBoth();
    const throttle = serviceError({ status: 429, code: "TooManyRequests", retryAfterSeconds: 900 });
    pair.images.nextPuts.push(throttle);
    await pair.app.run(() => statesOf(pair).thing === "succeeded");
    expect(statesOf(pair).managedImage).toBe("pending");
    expect(toStatusView(pair.app.recordOf("web.json")).retrying).toMatchObject({
      code: "TooManyRequests",
      attempts: 1,
    });
    await pair.app.run();
    expect(pair.app.recordOf("web.json")).toMatchObject({ state: "succeeded", error: null });
  });

  it("is canceled when one is and none failed", async () => {
    const pair = await requestBoth();
    pair.thing.nextOutcomes.push({ state: "canceled" });
    await pair.app.run();
    expect(pair.app.recordOf("web.json").state).toBe("canceled");
    expect(statesOf(pair)).toEqual({ managedImage: "succeeded", thing: "canceled" });
  });

  it("gives each kind the time that it may take", async () => {
    const timing = { createDeadlineSeconds: 600 };
    const pair = await requestBoth({ timing }, createScriptedOutput(3 * 3600));
    const running = { status: "running", retryAfterSeconds: null } as const;
    pair.images.nextPolls.push(...Array.from({ length: 99 }, () => running));
    pair.thing.nextOutcomes.push(
      ...Array.from({ length: 60 }, () => ({ state: "working" }) as const),
    );
    await pair.app.run();
    expect(statesOf(pair)).toEqual({ managedImage: "failed", thing: "succeeded" });
    expect(pair.app.recordOf("web.json").error?.code).toBe("CreateTimedOut");
  });

  it("ends both at the deadline of asking for them", async () => {
    const pair = await requestBoth({ timing: { createDeadlineSeconds: 600 } });
    pair.thing.nextPuts.push(...Array.from({ length: 99 }, () => serviceError({ status: 503 })));
    await pair.app.run();
    expect(statesOf(pair)).toEqual({ managedImage: "succeeded", thing: "failed" });
    expect(pair.app.recordOf("web.json").error).toMatchObject({
      code: "CreateTimedOut",
      message: expect.stringContaining("The thing was not ready"),
    });
  });

  it("leaves no output open when poison ends it", async () => {
    const pair = await requestBoth();
    pair.thing.nextOutcomes.push(
      ...Array.from({ length: 9 }, () => ({ state: "working" }) as const),
    );
    await pair.app.run(() => statesOf(pair).managedImage === "succeeded");
    await failPoisonedStep(pair.app.recordOf("web.json").requestId, pair.app.context);
    expect(statesOf(pair)).toEqual({ managedImage: "succeeded", thing: "failed" });
  });

  it("fails in what was not requested when a disk changes after the other was", async () => {
    const pair = await requestBoth();
    pair.thing.nextPuts.push(serviceError({ status: 503 }));
    await pair.app.run(() => pair.thing.nextPuts.length === 0);
    pair.app.blobs.writePage(OS_BLOB);
    await pair.app.run();
    expect(pair.app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: { code: "SourceChangedDuringCreate" },
    });
    expect(pair.thing.calls).toEqual([]);
  });
});

describe("an output", () => {
  it("that is refused by its check is not requested", async () => {
    const pair = await requestBoth();
    pair.thing.nextChecks.push({ refuse: failed("WrongDefinition") });
    await pair.app.run();
    expect(pair.app.recordOf("web.json").error?.code).toBe("WrongDefinition");
    expect(pair.thing.calls).toEqual([]);
    expect(statesOf(pair).managedImage).toBe("succeeded");
  });

  it("whose check says later waits, and the status says for what", async () => {
    const pair = await requestBoth();
    pair.thing.nextChecks.push({ wait: failed("NumberTaken") });
    await pair.app.run(() => pair.thing.nextChecks.length === 0);
    await pair.app.run(() => pair.app.recordOf("web.json").outputs[1]?.error !== null);
    expect(toStatusView(pair.app.recordOf("web.json")).retrying?.code).toBe("NumberTaken");
    await pair.app.run();
    expect(pair.app.recordOf("web.json").state).toBe("succeeded");
  });

  it("in whose way something must be cleared first is put afterwards", async () => {
    const pair = await requestBoth();
    pair.thing.nextPuts.push(20);
    await pair.app.run();
    expect(pair.thing.calls).toEqual(["clear", "put"]);
    expect(pair.app.recordOf("web.json").state).toBe("succeeded");
  });

  it("that must be repeated is requested again", async () => {
    const pair = await requestBoth();
    pair.thing.nextOutcomes.push({ state: "again" });
    await pair.app.run();
    expect(pair.thing.calls).toEqual(["put", "put"]);
    expect(changesOf(pair).slice(-2)).toEqual(["creating", "succeeded"]);
  });

  it("that exists and nobody noted fails by its own code", async () => {
    const pair = await requestBoth();
    pair.thing.existing.found = { id: SCRIPTED_ID, state: "succeeded", differences: [] };
    await pair.app.run();
    expect(pair.app.recordOf("web.json").error?.code).toBe("ThingExists");
  });

  it("of a kind that this version does not know is a mistake of ours", async () => {
    const pair = await requestBoth();
    await pair.app.run(() => pair.app.recordOf("web.json").state === "submitting");
    const { app } = createdWithout(pair);
    await expect(app()).rejects.toThrow("thing is not a kind of output");
  });
});

/** The same request in an app that does not have the second kind. */
function createdWithout({ app, images }: Pair): { app: () => Promise<void> } {
  const outputs = joinKinds([createManagedImageKind(images)]);
  const { requestId } = app.recordOf("web.json");
  const step = () => advance({ requestId }, { ...app.context, outputs });
  return {
    app: async () => {
      await step();
      await step();
    },
  };
}
