import { describe, expect, it } from "vitest";
import { ServiceError } from "../../../../shared/errors.ts";
import { advance } from "../../../../shared/flow/advance.ts";
import { ingest } from "../../../../shared/flow/ingest.ts";
import { failPoisonedStep } from "../../../../shared/flow/poison.ts";
import { sweep } from "../../../../shared/flow/sweep.ts";
import { makeServiceErrorParts } from "../../../factories.ts";
import { CONTAINER, createFakeApp, type FakeApp } from "../../../fakes/app.ts";
import { traceOf } from "../../../fakes/telemetry.ts";

const SNAPSHOT =
  "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/images-rg/providers/Microsoft.Compute/snapshots/s";
const MANIFEST = {
  properties: {
    storageProfile: {
      osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT } },
    },
  },
};
const ref = (name: string) => ({ container: CONTAINER, name });
const steps = (app: FakeApp) =>
  app.telemetry.spans.filter(({ name }) => name.startsWith("advance "));
const statesOf = (app: FakeApp) =>
  app.telemetry.labelsOf("vhd_to_image.requests").map(({ state }) => state);

/** An app with one manifest that has become an image. */
async function runOne(): Promise<FakeApp> {
  const app = createFakeApp();
  await app.uploadManifest("web.json", MANIFEST);
  await app.run();
  expect(app.recordOf("web.json").state).toBe("succeeded");
  return app;
}

describe("the trace of an upload", () => {
  it("begins with the span that opens the request, which the record keeps", async () => {
    const app = await runOne();
    const [opening] = app.telemetry.named("ingest");
    const { requestId, traceparent } = app.recordOf("web.json");
    expect(traceparent).toBe(opening?.traceparent);
    expect(opening?.attributes).toEqual({
      "vhd_to_image.source": "web.json",
      "vhd_to_image.request.id": requestId,
      "vhd_to_image.request.kind": "manifest",
    });
  });

  it("has every step as a span below that one", async () => {
    const app = await runOne();
    const [opening] = app.telemetry.named("ingest");
    expect(steps(app).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["advance received", "advance waiting", "advance submitting"]),
    );
    expect(new Set(steps(app).map(({ parent }) => parent))).toEqual(
      new Set([opening?.traceparent]),
    );
  });

  it("says what a step did", async () => {
    const app = await runOne();
    const [first] = app.telemetry.named("advance received");
    expect(first?.attributes).toMatchObject({
      "vhd_to_image.state.before": "received",
      "vhd_to_image.state.after": "waiting",
      "vhd_to_image.image": "web",
      "vhd_to_image.step": 1,
      "vhd_to_image.attempts": 0,
      "vhd_to_image.retries": 0,
    });
    expect(first?.failure).toBeNull();
  });

  it("ends with the step that a poison handler takes", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    const { requestId, traceparent } = app.recordOf("web.json");

    await failPoisonedStep(requestId, app.context);

    const last = steps(app).at(-1);
    expect(last).toMatchObject({ parent: traceparent, failure: "StepFailed" });
    expect(last?.attributes).toMatchObject({
      "vhd_to_image.state.before": "received",
      "vhd_to_image.state.after": "failed",
      "error.type": "StepFailed",
    });
  });

  it("is in every message of the work queue and on the status queue", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    const { traceparent } = app.recordOf("web.json");
    expect(app.workQueue.pending.map(({ message }) => message.traceparent)).toEqual([traceparent]);
    await app.run();
    expect(new Set(app.statusQueue.published.map((event) => event.traceparent))).toEqual(
      new Set([traceparent]),
    );
  });

  it("is another one for each upload that the sweep finds", async () => {
    const app = createFakeApp();
    for (const name of ["a.json", "b.json"]) app.blobs.putText(ref(name), "{}");
    await app.telemetry.span("invocation", {}, () => sweep(app.context));
    const traces = ["a.json", "b.json"].map((name) => app.recordOf(name).traceparent);
    const [invocation] = app.telemetry.named("invocation");
    const all = [...traces, invocation?.traceparent].map((parent) => traceOf(parent ?? ""));
    expect(new Set(all).size).toBe(3);
  });

  it("is the message's when the record has none, and the record keeps it", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    const stored = await app.records.get(app.recordOf("web.json").requestId);
    if (stored === null) throw new Error("the record is there");
    await app.records.save({ ...stored.record, traceparent: null }, stored);
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const message = { requestId: stored.record.requestId, step: 1, traceparent };
    await advance(message, app.context);
    expect(app.recordOf("web.json").traceparent).toBe(traceparent);
    expect(steps(app).map(({ parent }) => parent)).toEqual([traceparent]);
  });

  it("begins with the first step of a request that was opened before there was telemetry", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    const stored = await app.records.get(app.recordOf("web.json").requestId);
    if (stored === null) throw new Error("the record is there");
    await app.records.save({ ...stored.record, traceparent: null }, stored);
    app.workQueue.pending.length = 0;
    await advance({ requestId: stored.record.requestId, step: 1 }, app.context);
    await app.run();
    const [first, ...others] = steps(app);
    expect(app.recordOf("web.json").traceparent).toBe(first?.traceparent);
    expect(new Set(others.map(({ parent }) => parent))).toEqual(new Set([first?.traceparent]));
  });
});

describe("the span of a step", () => {
  it("has failed when the request failed, and says with which code", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", "{");
    await app.run();
    expect(steps(app).map(({ failure }) => failure)).toEqual(["InvalidManifest"]);
  });

  it("has failed when the step was thrown out of", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    app.statusQueue.publish = () => Promise.reject(new Error("the queue is away"));
    await expect(app.run()).rejects.toThrow("the queue is away");
    expect(steps(app).map(({ failure }) => failure)).toEqual(["Error: the queue is away"]);
  });

  it("has not failed when somebody else was faster", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    app.records.loseRaces(1);
    await app.run(() => steps(app).length > 1);
    expect(steps(app)[0]).toMatchObject({
      failure: null,
      attributes: { "vhd_to_image.race_lost": true },
    });
  });
});

describe("a state change", () => {
  it("is counted by the state entered, in the order of the history", async () => {
    const app = await runOne();
    expect(statesOf(app)).toEqual(app.recordOf("web.json").events.map(({ state }) => state));
  });

  it.each([1, 2, 3, 4])("is counted once though %i save(s) lost a race", async (races) => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    app.records.loseRaces(races);
    await app.run();
    expect(statesOf(app)).toEqual(app.recordOf("web.json").events.map(({ state }) => state));
  });

  it("is counted once though its message was delivered twice at the same time", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    const { requestId } = app.recordOf("web.json");
    const message = { requestId, step: 1 };
    await Promise.all([advance(message, app.context), advance(message, app.context)]);
    await app.run();
    expect(statesOf(app)).toEqual(app.recordOf("web.json").events.map(({ state }) => state));
  });

  it("records how long the state that was left had lasted, in seconds", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    app.clock.advance(90);
    await app.run(() => app.recordOf("web.json").state === "waiting");
    const durations = app.telemetry.measurements.filter(
      ({ metric }) => metric === "vhd_to_image.state.duration",
    );
    expect(durations).toEqual([
      { metric: "vhd_to_image.state.duration", value: 90, labels: { state: "received" } },
    ]);
  });

  it("is one line of the log, with the states before and after", async () => {
    const app = await runOne();
    const { requestId, events } = app.recordOf("web.json");
    const lines = app.log.lines.filter(({ event }) => event === "request.state");
    expect(lines.map(({ fields }) => [fields.requestId, fields.from, fields.to])).toEqual(
      events.map(({ state }, index) => [requestId, events[index - 1]?.state ?? null, state]),
    );
  });
});

describe("what is counted besides", () => {
  it("are retries, by the service's code", async () => {
    const app = createFakeApp();
    const parts = makeServiceErrorParts({ status: 429, code: "TooManyRequests" });
    app.images.nextGets.push(new ServiceError(parts), new ServiceError(parts));
    await app.uploadManifest("web.json", MANIFEST);
    await app.run();
    expect(app.telemetry.labelsOf("vhd_to_image.retries")).toEqual([
      { code: "TooManyRequests" },
      { code: "TooManyRequests" },
    ]);
  });

  it("are overdue requests, once for each sweep that finds them, with a line each", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    app.workQueue.pending.length = 0;
    app.clock.advance(121);
    await sweep(app.context);
    await sweep(app.context);
    expect(app.telemetry.labelsOf("vhd_to_image.overdue")).toEqual([{}]);
    expect(app.log.lines.filter(({ event }) => event === "sweep.overdue")).toMatchObject([
      { fields: { requestId: app.recordOf("web.json").requestId, state: "received" } },
    ]);
  });

  it("are not uploads that are none of the app's", async () => {
    const app = createFakeApp();
    await ingest(ref("readme.txt"), app.context);
    expect(app.telemetry.measurements).toEqual([]);
  });
});
