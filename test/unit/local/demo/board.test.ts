import { expect, test } from "vitest";
import { createBoard } from "../../../../local/demo/board.ts";
import { describe } from "../../../../local/demo/detail.ts";
import { endedAsExpected } from "../../../../local/demo/expectation.ts";
import type { DemoRequest } from "../../../../local/demo/plan.ts";
import type { StatusView } from "../../../../shared/http/status-view.ts";
import { CONVERTED, createStatus, inRegions, REFUSED, SUCCEEDED } from "./sample-status.ts";

const WEB: DemoRequest = { source: "web.json", title: "OS disk", expected: "succeeded" };
const LEGACY: DemoRequest = { source: "legacy.json", title: "broken", expected: "failed" };
const SERVER: DemoRequest = { ...WEB, source: "server.vhdx", convertedFrom: "vhdx" };
const GOLDEN: DemoRequest = { ...WEB, source: "golden.json", regions: 2 };
/** What is shown where the terminal is wide. */
const say = (status: StatusView) => describe(status).text;

test("a row follows its uploads, then the app, and its clock stops at the end", () => {
  let now = 0;
  const board = createBoard([WEB], () => now);
  const row = () => board.rows()[0];
  expect(row()).toMatchObject({ state: "to upload", seconds: undefined });
  now = 1_000;
  board.uploadStarted("web.json");
  expect(row()?.state).toBe("uploading");
  now = 3_000;
  board.uploadEnded("web.json");
  expect(row()).toMatchObject({ state: "uploaded", seconds: 2 });
  board.update([createStatus("web.json", SUCCEEDED)]);
  now = 9_000;
  expect(row()).toMatchObject({ state: "succeeded", seconds: 2 });
  expect(board.isDone()).toBe(true);
});

test("requests of others, such as a VHD that a manifest names, are left out", () => {
  const board = createBoard([WEB], () => 0);
  board.update([createStatus("web-os.vhd", { state: "canceled" })]);
  expect(board.rows().map(({ source }) => source)).toEqual(["web.json"]);
  expect(board.isDone()).toBe(false);
});

test("says for which blob a request waits and why", () => {
  const seen = { inspection: null, warnings: [] } as const;
  const disk = { role: "os", blob: "os.vhd", state: "complete", detail: null, ...seen } as const;
  const missing = {
    role: "data",
    lun: 1,
    blob: "data.vhd",
    state: "missing",
    detail: null,
    ...seen,
  } as const;
  const uploading = { ...missing, state: "uploading", detail: "last written 2 s ago" } as const;
  expect(say(createStatus("a", { disks: [disk, missing] }))).toBe("data.vhd: missing");
  expect(say(createStatus("a", { disks: [disk, uploading] }))).toBe(
    "data.vhd: last written 2 s ago",
  );
  expect(say(createStatus("a", { disks: [disk] }))).toBe("");
});

test("says which error ended a request, or is being retried", () => {
  expect(say(createStatus("a", REFUSED))).toBe("InvalidVhd");
  const retrying = { code: "TooManyRequests", message: "slow down", attempts: 2 };
  expect(say(createStatus("a", { state: "creating", retrying }))).toBe(
    "retrying after TooManyRequests",
  );
});

test("says how much of a disk is converted, in two lengths", () => {
  const [disk] = CONVERTED.disks ?? [];
  const conversion = { ...disk?.conversion, bytesDone: 12 * 2 ** 20, percent: 30 };
  const disks = [{ ...disk, conversion }] as StatusView["disks"];
  expect(describe(createStatus("a", { state: "converting", disks }))).toEqual({
    text: "30 %, 12.0 MiB of 40.0 MiB",
    brief: "30 % of 40.0 MiB",
  });
  const retrying = { code: "ServerBusy", message: "slow down", attempts: 1 };
  expect(say(createStatus("a", { state: "converting", disks, retrying }))).toBe(
    "30 %, 12.0 MiB of 40.0 MiB, retrying after ServerBusy",
  );
});

test("says how far an image version is in each region, in two lengths", () => {
  const output = { kind: "galleryVersion", state: "creating", id: null, error: null } as const;
  const creating = createStatus("a", { state: "creating", outputs: [output] });
  expect(say(creating)).toBe("Azure is building the image version");
  expect(describe({ ...creating, ...inRegions(100, 42), state: "creating" })).toEqual({
    text: "West US 100 %, North Europe 42 %",
    brief: "100 %, 42 %",
  });
  expect(say(createStatus("a", { state: "creating" }))).toBe("Azure is building the image");
});

test.each([
  ["an image where one was expected", WEB, SUCCEEDED, true],
  ["success without an image id", WEB, { state: "succeeded" }, false],
  ["a refusal where an image was expected", WEB, REFUSED, false],
  ["a refusal where one was expected", LEGACY, REFUSED, true],
  ["a failure that names no fix", LEGACY, { state: "failed" }, false],
  ["an image where a refusal was expected", LEGACY, SUCCEEDED, false],
  ["a disk that was converted", SERVER, { ...SUCCEEDED, ...CONVERTED }, true],
  ["an image from a disk that was not converted", SERVER, SUCCEEDED, false],
  ["a version in all regions", GOLDEN, inRegions(100, 100), true],
  ["a version that one region lacks", GOLDEN, inRegions(100, 99), false],
  ["a version in fewer regions", GOLDEN, inRegions(100), false],
  ["an image where a version was expected", GOLDEN, SUCCEEDED, false],
  ["a version where an image was expected", WEB, inRegions(100, 100), false],
  ["a request still under way", WEB, { state: "creating" }, false],
] as const)("%s", (_, request, changes, expected) => {
  const board = createBoard([request], () => 0);
  board.update([createStatus(request.source, changes)]);
  expect(board.rows().map(endedAsExpected)).toEqual([expected]);
});
