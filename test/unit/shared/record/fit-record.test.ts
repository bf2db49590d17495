import { describe, expect, it } from "vitest";
import { toProperties } from "../../../../shared/azure/storage/record-entity.ts";
import { failure } from "../../../../shared/errors.ts";
import { advance } from "../../../../shared/flow/advance.ts";
import { sweep } from "../../../../shared/flow/sweep.ts";
import { LIMITS } from "../../../../shared/limits.ts";
import { fitRecord, KEPT, measureRecord } from "../../../../shared/record/fit-record.ts";
import type { DiskProgress, RequestRecord } from "../../../../shared/record/record.ts";
import { addSeconds } from "../../../../shared/record/transitions.ts";
import {
  makeDisk,
  makeEvent,
  makeImageRequest,
  makeInspection,
  makeOutput,
  makeRecord,
  makeTiming,
  NOW,
} from "../../../factories.ts";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";
import { CrashError, installCrashPoints } from "../../../fakes/crash-points.ts";

/** More than is kept, and less than a row holds, so that a test can plant it. */
const MUCH = "盤".repeat(LIMITS.savedRecord.limit);
const SMALL_CHARACTERS = 160 * 1024;
const moment = { now: NOW, timing: makeTiming() };

const disksWith = (parts: Partial<DiskProgress>): Partial<RequestRecord> => ({
  disks: [makeDisk(parts)],
});
const imageOf = (parts: object): Partial<RequestRecord> => ({
  image: {
    name: "web",
    resourceGroup: "rg",
    subscriptionId: "s",
    location: "westeurope",
    id: null,
    ...parts,
  },
});

/** Every part of a record that can grow, grown past what is kept. */
const GROWN: Readonly<Record<string, Partial<RequestRecord>>> = {
  "many disks": { disks: Array.from({ length: 5_000 }, () => makeDisk()) },
  "names of disks": disksWith({ ref: { container: "c", name: MUCH } }),
  "disks elsewhere": disksWith({ external: MUCH }),
  "what is said of a disk": disksWith({ detail: MUCH }),
  "warnings of a disk": disksWith({ warnings: [MUCH] }),
  "what is found on a disk": disksWith({ inspection: makeInspection({ reasons: [MUCH] }) }),
  "what was seen of a disk": disksWith({
    observed: {
      etag: MUCH,
      firstReadAt: NOW.toISOString(),
      lastModified: NOW.toISOString(),
      createdOn: NOW.toISOString(),
      md5FromStart: false,
    },
  }),
  warnings: { warnings: [MUCH] },
  "many warnings": { warnings: Array.from({ length: 200_000 }, () => "w") },
  "the message of an event": { events: [makeEvent({ message: MUCH })] },
  request: { request: makeImageRequest({ tags: { a: MUCH } }) },
  decided: {
    decided: { osType: MUCH, hyperVGeneration: null } as unknown as RequestRecord["decided"],
  },
  "the image's name": imageOf({ name: MUCH }),
  "the image's id": imageOf({ id: MUCH }),
  "the progress of an output": { outputs: [makeOutput({ progress: { replication: MUCH } })] },
  "the id of an output": { outputs: [makeOutput({ id: MUCH })] },
  "the error of an output": {
    outputs: [makeOutput({ error: failure({ code: "A", message: MUCH, fix: MUCH }) })],
  },
  "the error": { error: failure({ code: MUCH, message: MUCH, fix: MUCH, target: MUCH }) },
  "the details of an error": {
    error: failure({
      code: "A",
      message: "b",
      fix: null,
      details: Array.from({ length: 20_000 }, () => ({ code: "A", message: "b", target: null })),
    }),
  },
};
const grown = Object.entries(GROWN).map(([what, parts]) => ({ what, parts }));

describe("fitRecord", () => {
  it("leaves a record alone that fits", () => {
    const record = makeRecord();
    expect(fitRecord(record, moment)).toBe(record);
  });

  it.each(grown)(
    "ends a request that grew by $what as a small one, with the reason",
    ({ parts }) => {
      const large = makeRecord({ state: "waiting", ...parts });
      const small = fitRecord(large, moment);
      expect(measureRecord(small)).toBeLessThan(SMALL_CHARACTERS);
      const { requestId, kind, source, createdAt } = large;
      expect(small).toMatchObject({ requestId, kind, source, createdAt, state: "failed" });
      expect(small.error).toMatchObject({ code: "RequestTooLarge", target: "web.json" });
      expect(small.error?.message).toMatch(/came to \d+ characters; 491520 can be kept/);
      expect(small.events.at(-1)).toMatchObject({ state: "failed", sequence: 2 });
      expect(small.deadlineAt).toBeNull();
    },
  );

  it.each(grown)("keeps the end of one that has ended and grew by $what", ({ parts }) => {
    const large = makeRecord({ state: "succeeded", ...parts });
    const small = fitRecord(large, moment);
    expect(measureRecord(small)).toBeLessThan(SMALL_CHARACTERS);
    expect(small.state).toBe("succeeded");
    expect(small.events).toHaveLength(large.events.length);
    expect(small.warnings).toEqual([expect.stringContaining("was left out")]);
  });

  it("ends a request whose disks change again and again, small and with every event", () => {
    const events = Array.from({ length: LIMITS.events.limit + 1 }, (_, index) =>
      makeEvent({ sequence: index + 1, message: "m".repeat(2_000) }),
    );
    const small = fitRecord(makeRecord({ state: "waiting", events }), moment);
    expect(small.error?.message).toContain("its disks kept changing");
    expect(small.events.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: events.length + 1 }, (_, index) => index + 1),
    );
    expect(measureRecord(small)).toBeLessThan(SMALL_CHARACTERS);
  });

  it.each([
    [
      "disks",
      KEPT.disks,
      (room: number) => disksWith({ ref: { container: "c", name: "n".repeat(room) } }),
    ],
    ["image", KEPT.image, (room: number) => imageOf({ name: "n".repeat(room) })],
  ] as const)("keeps of the %s what is not longer than its part", (part, limit, grow) => {
    const small = (size: number) => {
      const empty = fitRecord(makeRecord({ warnings: [MUCH], ...grow(0) }), moment)[part];
      const room = size - JSON.stringify(empty).length;
      return fitRecord(makeRecord({ warnings: [MUCH], ...grow(room) }), moment)[part];
    };
    const nothing = part === "disks" ? [] : null;
    expect(JSON.stringify(small(limit - 1))).toHaveLength(limit - 1);
    expect(JSON.stringify(small(limit))).toHaveLength(limit);
    expect(small(limit + 1)).toEqual(nothing);
  });

  it("keeps the id of an output as long as a resource id may be", () => {
    const idOf = (length: number) =>
      fitRecord(
        makeRecord({ warnings: [MUCH], outputs: [makeOutput({ id: "i".repeat(length) })] }),
        moment,
      ).outputs[0]?.id;
    const { limit } = LIMITS.resourceId;
    expect(idOf(limit)).toHaveLength(limit);
    expect(idOf(limit + 1)).toBeNull();
  });

  it("keeps the messages of twelve events whole, and cuts those of more", () => {
    const lengthsOf = (count: number) => {
      const events = Array.from({ length: count }, (_, index) =>
        makeEvent({ sequence: index + 1, message: "m".repeat(2_000) }),
      );
      const { events: kept } = fitRecord(makeRecord({ warnings: [MUCH], events }), moment);
      return new Set(kept.slice(0, count).map(({ message }) => message.length));
    };
    expect(lengthsOf(KEPT.wholeMessages)).toEqual(new Set([2_000]));
    expect(lengthsOf(KEPT.wholeMessages + 1)).toEqual(new Set([80]));
  });

  it("leaves room in a row for the error of a step that fails", () => {
    const record = makeRecord({ warnings: [""] });
    const room = LIMITS.savedRecord.limit - measureRecord(record);
    const error = failure({ code: "StepFailed", message: "m".repeat(4_000), fix: null });
    const properties = toProperties({ ...record, warnings: ["w".repeat(room)], error });
    const characters = Object.entries(properties).reduce(
      (sum, [name, value]) => sum + name.length + String(value).length + 8,
      0,
    );
    expect(characters * 2).toBeLessThan(1024 * 1024);
  });
});

it("a request that is opened is small, however long the name of its upload", async () => {
  const app = createFakeApp();
  const name = `${"盤".repeat(LIMITS.blobName.limit - 5)}.json`;
  await app.uploadManifest(name, "{");
  expect(measureRecord(app.recordOf(name))).toBeLessThan(8_192);
  await app.run();
  expect(app.recordOf(name)).toMatchObject({ state: "failed", error: { code: "InvalidManifest" } });
});

it("a request that a row cannot hold is opened as ended, announced, and not retried", async () => {
  const app = createFakeApp();
  const { getProperties } = app.blobs;
  app.blobs.getProperties = async (ref) => {
    const blob = await getProperties(ref);
    return blob && { ...blob, etag: `"${"e".repeat(LIMITS.savedRecord.limit)}"` };
  };
  await app.uploadManifest("web.json", "{}");
  expect(app.recordOf("web.json")).toMatchObject({
    state: "failed",
    error: { code: "RequestTooLarge" },
  });
  expect(measureRecord(app.recordOf("web.json"))).toBeLessThan(8_192);
  await app.run();
  expect(app.recordOf("web.json")).toMatchObject({ state: "failed", dueAt: null });
  expect(app.statusQueue.published).toHaveLength(2);
});

it("a failed step ends a request that a row cannot hold, when it notes its trouble", async () => {
  const app = createFakeApp();
  await app.uploadManifest("web.json", "{}");
  const { requestId } = app.recordOf("web.json");
  const { get } = app.records;
  const warnings = [MUCH];
  app.records.get = async (id) => {
    const stored = await get(id);
    if (stored === null || stored.record.state !== "received") return stored;
    return { ...stored, record: { ...stored.record, warnings } };
  };
  app.blobs.getProperties = async () => {
    throw new Error("no answer");
  };
  await expect(advance({ requestId }, app.context)).rejects.toThrow("no answer");
  expect(app.recordOf("web.json")).toMatchObject({
    state: "failed",
    error: { code: "RequestTooLarge" },
  });
  await app.run();
  expect(app.statusQueue.published).toHaveLength(2);
  expect(app.log.lines.filter(({ event }) => event === "request.trouble.unnoted")).toEqual([]);
});

describe("a step whose record cannot be saved", () => {
  const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };

  /** A request that has grown in a step whose disk is complete. */
  async function openGrown(): Promise<FakeApp> {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", { properties: { storageProfile: { osDisk } } });
    await app.run(() => app.recordOf("web.json").state === "submitting");
    const { requestId } = app.recordOf("web.json");
    const stored = await app.records.get(requestId);
    if (stored === null) throw new Error("the request is not there");
    const warnings = [MUCH.slice(0, LIMITS.savedRecord.limit)];
    await app.records.save({ ...stored.record, warnings }, stored);
    return app;
  }

  it("ends the request at its first try, before anything is asked of the service", async () => {
    const app = await openGrown();
    const { step } = app.recordOf("web.json");
    await app.run();
    const ended = app.recordOf("web.json");
    expect(ended).toMatchObject({ state: "failed", step: step + 1, dueAt: null });
    expect(ended.error?.code).toBe("RequestTooLarge");
    expect(app.images.puts).toEqual([]);
    expect(app.log.lines.filter(({ level }) => level === "error")).toEqual([]);
    const states = app.statusQueue.published.map(({ data }) => (data as { state: string }).state);
    expect(states.filter((state) => state === "failed")).toHaveLength(1);
  });

  it("ends it the same wherever the process dies", async () => {
    const whole = await openGrown();
    const { reached } = installCrashPoints(whole, null);
    await whole.run();
    expect(reached.length).toBeGreaterThan(2);
    for (const crashAt of reached.keys()) {
      const app = await openGrown();
      const { requestId } = app.recordOf("web.json");
      installCrashPoints(app, crashAt);
      await app.run().catch((error: unknown) => {
        if (!(error instanceof CrashError)) throw error;
      });
      // The host gives the message back, and the sweep looks for what is overdue.
      app.clock.advanceTo(addSeconds(app.clock.now(), 600));
      await advance({ requestId }, app.context);
      await sweep(app.context);
      await app.run();
      const ended = app.recordOf("web.json");
      expect(ended, `${reached[crashAt]}`).toMatchObject({ state: "failed", dueAt: null });
      expect(ended.announced).toBe(ended.events.length);
      expect(app.images.puts).toEqual([]);
    }
  });
});
