import { expect, test } from "vitest";
import { labelRuns } from "../../../../bench/costs/label-runs.ts";
import { RUN_LINE, type Run, readRuns } from "../../../../bench/costs/run.ts";

function advance(step: number, change?: [from: string | null, to: string], source = "alone-1.vhd") {
  const [from = null, to = ""] = change ?? [];
  const transitions = change === undefined ? [] : [{ requestId: "r", source, from, to }];
  return makeRun({ function: "advance", requestId: "r", step, transitions });
}

function makeRun(run: Partial<Run>): Run {
  const nothing = { requestId: null, step: null, blob: null, transitions: [], races: 0 };
  return { id: "i", function: "sweep", startedAtMs: 0, durationMs: 1, ...nothing, ...run };
}

function labelsOf(runs: readonly Run[]): readonly string[] {
  return labelRuns(runs).map(({ label }) => label);
}

test("a run that changes a request's state is labelled with the change", () => {
  expect(labelsOf([advance(1, ["received", "waiting"])])).toEqual(["alone: received → waiting"]);
});

test("the first announcement, which comes with the first step, is not taken for a change", () => {
  const first = advance(1, ["received", "waiting"]);
  const opening = { requestId: "r", source: "alone-1.vhd", from: null, to: "received" };
  const run = { ...first, transitions: [opening, ...first.transitions] };
  expect(labelsOf([run])).toEqual(["alone: received → waiting"]);
});

test("a run that changes nothing is labelled with the state that the runs before it left", () => {
  const runs = [advance(1, ["received", "waiting"]), advance(2), advance(3, ["waiting", "failed"])];
  expect(labelsOf(runs)[1]).toBe("alone: waiting, checks again");
});

test("a run for an earlier step than one before it found nothing to do", () => {
  const runs = [advance(5, ["submitting", "creating"]), advance(7), advance(6)];
  expect(labelsOf(runs).slice(1)).toEqual([
    "alone: creating, checks again",
    "alone: nothing to do",
  ]);
});

test("an upload's event is labelled by the blob", () => {
  const ingest = (blob: string): Run => makeRun({ function: "ingest", blob });
  expect(labelsOf([ingest("disk-3.vhd"), ingest("image-3.json")])).toEqual([
    "disk: ingest",
    "manifest: ingest",
  ]);
});

test("runs for other uploads and other functions are left out", () => {
  const warmUp = advance(1, ["received", "waiting"], "warm-up-alone-1.vhd");
  expect(labelsOf([makeRun({}), warmUp, advance(2)])).toEqual([]);
});

test("runs are read from between the app's own lines, in the order of their start", () => {
  const [early, late] = [
    makeRun({ id: "a", startedAtMs: 1 }),
    makeRun({ id: "b", startedAtMs: 2 }),
  ];
  const lines = [late, early].map((run) => `${RUN_LINE}${JSON.stringify(run)}`);
  expect(readRuns(["{}", ...lines, "bench-runs"])).toEqual([early, late]);
});
