import { describe, expect, it } from "vitest";
import { targetNoteKey } from "../../../../shared/conversion/target-name.ts";
import { cancelRequest } from "../../../../shared/flow/cancel-request.ts";
import { failPoisonedStep } from "../../../../shared/flow/poison.ts";
import { PageCallError } from "../../../../shared/page-targets.ts";
import { discardTarget } from "../../../../shared/stages/discard-target.ts";
import { createFakeApp, type FakeApp, type FakeAppOptions } from "../../../fakes/app.ts";
import {
  disk,
  file,
  isUnderWay,
  METADATA,
  manifest,
  ref,
  slow,
  targetsOf,
  uploadFile,
} from "./conversion-app.ts";

/** An app in the middle of the conversion for the manifest one.json. */
async function startOne(options: FakeAppOptions = {}): Promise<FakeApp> {
  const app = createFakeApp(options);
  slow(app, 3);
  uploadFile(app, "web.qcow2", file);
  await app.uploadManifest("one.json", manifest());
  await app.run(() => isUnderWay(app, "one.json"));
  expect(await targetsOf(app)).toHaveLength(1);
  return app;
}

const cancel = (app: FakeApp, name: string) =>
  cancelRequest(app.recordOf(name).requestId, app.context);

/** Two manifests for one disk: the one that converts, and the one that waits. */
async function startTwo(): Promise<{ app: FakeApp; writer: string; waiting: string }> {
  const app = createFakeApp();
  slow(app, 3);
  uploadFile(app, "web.qcow2", file);
  const names = ["one.json", "two.json"];
  for (const name of names) await app.uploadManifest(name, manifest());
  const waits = (name: string) =>
    app.recordOf(name).disks[0]?.detail?.includes("is converting the same disk") === true;
  await app.run(() => names.some((name) => waits(name)) && names.some((n) => isUnderWay(app, n)));
  const waiting = names.find(waits) ?? "none";
  return { app, waiting, writer: names.find((name) => name !== waiting) ?? "none" };
}

async function expectOneTarget(app: FakeApp): Promise<void> {
  const [blob, ...others] = (await app.blobs.list("converted", {})).blobs;
  expect(others).toEqual([]);
  const range = { offset: 0, count: disk.length, etag: blob?.etag ?? "" };
  expect(disk.equals(await app.blobs.read(ref2(blob?.name ?? ""), range))).toBe(true);
}
const ref2 = (name: string) => ({ container: "converted", name });

describe("the target of a conversion that ends midway goes at once", () => {
  it.each<[string, (app: FakeApp) => unknown, FakeAppOptions?]>([
    ["by a cancellation", (app) => cancel(app, "one.json")],
    [
      "by a step that failed again and again",
      (app) => failPoisonedStep(app.recordOf("one.json").requestId, app.context),
    ],
    ["by a newer manifest", (app) => app.blobs.putText(ref("one.json"), "{}")],
    ["by a manifest that was deleted", (app) => app.blobs.remove(ref("one.json"))],
    ["by a source that was deleted", (app) => app.blobs.remove(ref("web.qcow2"))],
    [
      "by its deadline",
      (app) => {
        app.targets.onCall = (call) => (call === "copy" ? "busy" : null);
      },
      { timing: { waitDeadlineSeconds: 3600 } },
    ],
  ])("%s", async (_, end, options) => {
    const app = await startOne(options);
    await end(app);
    await app.run();
    expect(["canceled", "failed"]).toContain(app.recordOf("one.json").state);
    expect(await targetsOf(app)).toEqual([]);
    const to = app.targets.calls.find(({ call }) => call === "create")?.ref ?? ref2("none");
    expect(await app.records.getNote(targetNoteKey({ to }))).toBeNull();
  });

  it("although a slice is under way, and would create it again", async () => {
    const app = createFakeApp();
    uploadFile(app, "web.qcow2", file);
    await app.uploadManifest("one.json", manifest());
    const { create } = app.targets;
    app.targets.create = async (...parameters) => {
      app.targets.create = create;
      await cancel(app, "one.json");
      return create(...parameters);
    };
    await app.run();
    expect(app.recordOf("one.json").state).toBe("canceled");
    expect(await targetsOf(app)).toEqual([]);
  });

  it("but not what is complete, which its requests keep", async () => {
    const app = createFakeApp();
    uploadFile(app, "web.qcow2", file);
    await app.uploadManifest("one.json", manifest());
    await app.run(() => app.recordOf("one.json").state === "submitting");
    await cancel(app, "one.json");
    await app.run();
    expect(app.recordOf("one.json").state).toBe("canceled");
    await expectOneTarget(app);
  });

  it("unless storage does not remove it: the request ends all the same, and the sweep takes it", async () => {
    const app = await startOne();
    app.targets.remove = () => Promise.reject(new PageCallError("busy", "503"));
    expect((await cancel(app, "one.json")).outcome).toBe("canceled");
    expect(await targetsOf(app)).toHaveLength(1);
    expect(app.log.lines.map(({ event }) => event)).toContain("convert.target.kept");
  });
});

describe("a target that another request needs stays", () => {
  it("when the one that converts is canceled: the other goes on with it", async () => {
    const { app, writer, waiting } = await startTwo();
    await cancel(app, writer);
    expect(await targetsOf(app)).toHaveLength(1);
    await app.run();
    expect(app.recordOf(waiting).state).toBe("succeeded");
    expect(app.targets.calls.filter(({ call }) => call === "create")).toHaveLength(1);
    await expectOneTarget(app);
  });

  it("when the one that waits is canceled", async () => {
    const { app, writer, waiting } = await startTwo();
    await cancel(app, waiting);
    expect(await targetsOf(app)).toHaveLength(1);
    await app.run();
    expect(app.recordOf(writer).state).toBe("succeeded");
    expect(app.targets.calls.filter(({ call }) => call === "create")).toHaveLength(1);
    await expectOneTarget(app);
  });

  it("when it is complete for one, and the source changes before the other has seen that", async () => {
    const { app, writer, waiting } = await startTwo();
    await app.run(() => app.recordOf(writer).state !== "converting");
    expect(app.recordOf(waiting).state).toBe("converting");
    const before = await targetsOf(app);
    app.blobs.setMetadata(ref("web.qcow2"), { ...METADATA, note: "changed" });
    await app.run(() => app.recordOf(waiting).state === "waiting");
    expect(await targetsOf(app)).toEqual(before);
  });

  it("while a slice of a request writes it whose record is gone", async () => {
    const app = await startOne();
    const [target] = await targetsOf(app);
    const { requestId, disks } = app.recordOf("one.json");
    const to = disks[0]?.conversion?.to ?? ref2("none");
    const key = targetNoteKey({ to });
    const writeUntil = async (until: string): Promise<void> => {
      const note = JSON.stringify({ users: [], writer: "other", until });
      expect(await app.records.swapNote(key, await app.records.getNote(key), note)).toBe(true);
    };
    const now = app.context.clock().getTime();
    await writeUntil(new Date(now + 1).toISOString());
    await discardTarget({ to }, requestId, app.context);
    expect(await targetsOf(app)).toEqual([target]);

    await writeUntil(new Date(now).toISOString());
    await discardTarget({ to }, requestId, app.context);
    expect(await targetsOf(app)).toEqual([]);
  });

  it("but goes with the last of them", async () => {
    const { app, writer, waiting } = await startTwo();
    await cancel(app, writer);
    await cancel(app, waiting);
    await app.run();
    expect(await targetsOf(app)).toEqual([]);
  });
});
