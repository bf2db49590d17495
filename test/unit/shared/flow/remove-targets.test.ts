import { describe, expect, it } from "vitest";
import {
  TARGET_MARK,
  TARGET_MARK_VALUE,
  targetNoteKey,
} from "../../../../shared/conversion/target-name.ts";
import { removeTargets } from "../../../../shared/flow/remove-targets.ts";
import { PageCallError } from "../../../../shared/page-targets.ts";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";

const DAY = 24 * 3600;
const nameOf = (index: number) => `${index.toString(16).padStart(24, "0")}.vhd`;
const ref = (name: string) => ({ container: "converted", name });

/** A converted disk of which no request is known. */
function putTarget(app: FakeApp, index: number, metadata?: Record<string, string>): void {
  const mark = { [TARGET_MARK]: TARGET_MARK_VALUE };
  app.blobs.createPageBlob(ref(nameOf(index)), 1024, metadata ?? mark);
}

const left = async (app: FakeApp) =>
  (await app.blobs.list("converted", {})).blobs.map(({ name }) => name);

const putNote = (app: FakeApp, index: number, note: object) =>
  app.records.putNote(targetNoteKey({ to: ref(nameOf(index)) }), JSON.stringify(note));

describe("a sweep over the converted disks", () => {
  it("removes one that nobody uses once its writer would have noted itself", async () => {
    const app = createFakeApp();
    putTarget(app, 1);
    expect(await removeTargets(app.context)).toBe(0);
    app.clock.advance(121);
    expect(await removeTargets(app.context)).toBe(1);
    expect(await left(app)).toEqual([]);
  });

  it("leaves one alone that somebody writes by its note, and removes the note with it", async () => {
    const app = createFakeApp();
    putTarget(app, 1);
    app.clock.advance(DAY);
    const until = new Date(app.clock.now().getTime() + 60_000).toISOString();
    await putNote(app, 1, { users: ["gone"], writer: "gone", until });
    expect(await removeTargets(app.context)).toBe(0);
    app.clock.advance(61);
    expect(await removeTargets(app.context)).toBe(1);
    expect(await app.records.getNote(targetNoteKey({ to: ref(nameOf(1)) }))).toBeNull();
  });

  it("takes a note that cannot be read for none", async () => {
    const app = createFakeApp();
    putTarget(app, 1);
    await app.records.putNote(targetNoteKey({ to: ref(nameOf(1)) }), "{ not json");
    app.clock.advance(DAY);
    expect(await removeTargets(app.context)).toBe(1);
  });

  it("leaves blobs alone that only look like one", async () => {
    const app = createFakeApp();
    putTarget(app, 1, {});
    app.blobs.createPageBlob(ref("mine.vhd"), 1024, { [TARGET_MARK]: TARGET_MARK_VALUE });
    app.clock.advance(90 * DAY);
    expect(await removeTargets(app.context)).toBe(0);
    expect(await left(app)).toHaveLength(2);
  });

  it("goes on after one that storage does not remove, and tries that again the next time", async () => {
    const app = createFakeApp();
    for (const index of [1, 2]) putTarget(app, index);
    app.clock.advance(DAY);
    app.targets.onCall = (call, to) => (call === "remove" && to.name === nameOf(1) ? "busy" : null);
    expect(await removeTargets(app.context)).toBe(1);
    expect(await left(app)).toEqual([nameOf(1)]);
    app.targets.onCall = () => null;
    expect(await removeTargets(app.context)).toBe(1);
  });

  it("passes on an error that is not an answer of storage", async () => {
    const app = createFakeApp();
    putTarget(app, 1);
    app.clock.advance(DAY);
    app.targets.remove = () => Promise.reject(new TypeError("a mistake"));
    await expect(removeTargets(app.context)).rejects.toThrow(TypeError);
    app.targets.remove = () => Promise.reject(new PageCallError("busy", "503"));
    expect(await removeTargets(app.context)).toBe(0);
  });

  it("checks fifty at a time, and goes on where it was", async () => {
    const app = createFakeApp();
    for (let index = 0; index < 120; index += 1) putTarget(app, index, {});
    putTarget(app, 500);
    app.clock.advance(DAY);
    const removed = [];
    for (let sweep = 0; sweep < 3; sweep += 1) removed.push(await removeTargets(app.context));
    expect(removed).toEqual([0, 0, 1]);
    putTarget(app, 0);
    app.clock.advance(DAY);
    expect(await removeTargets(app.context)).toBe(1);
  });

  it("goes on with the next page of a container of many", async () => {
    const app = createFakeApp();
    for (let index = 0; index < 5001; index += 1) putTarget(app, index, {});
    putTarget(app, 9999);
    app.clock.advance(DAY);
    let sweeps = 0;
    while ((await removeTargets(app.context)) === 0) sweeps += 1;
    expect(sweeps).toBe(5000 / 50);
  });
});
