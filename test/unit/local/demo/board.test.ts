import { expect, test } from "vitest";
import { createBoard, describe, endedAsExpected } from "../../../../local/demo/board.ts";
import type { DemoRequest } from "../../../../local/demo/plan.ts";
import { createStatus, REFUSED, SUCCEEDED } from "./sample-status.ts";

const WEB: DemoRequest = { source: "web.json", title: "OS disk", expected: "succeeded" };
const LEGACY: DemoRequest = { source: "legacy.json", title: "broken", expected: "failed" };

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
  expect(describe(createStatus("a", { disks: [disk, missing] }))).toBe("data.vhd: missing");
  expect(describe(createStatus("a", { disks: [disk, uploading] }))).toBe(
    "data.vhd: last written 2 s ago",
  );
  expect(describe(createStatus("a", { disks: [disk] }))).toBe("");
});

test("says which error ended a request, or is being retried", () => {
  expect(describe(createStatus("a", REFUSED))).toBe("InvalidVhd");
  const retrying = { code: "TooManyRequests", message: "slow down", attempts: 2 };
  expect(describe(createStatus("a", { state: "creating", retrying }))).toBe(
    "retrying after TooManyRequests",
  );
});

test.each([
  ["an image where one was expected", WEB, SUCCEEDED, true],
  ["success without an image id", WEB, { state: "succeeded" }, false],
  ["a refusal where an image was expected", WEB, REFUSED, false],
  ["a refusal where one was expected", LEGACY, REFUSED, true],
  ["a failure that names no fix", LEGACY, { state: "failed" }, false],
  ["an image where a refusal was expected", LEGACY, SUCCEEDED, false],
  ["a request still under way", WEB, { state: "creating" }, false],
] as const)("%s", (_, request, changes, expected) => {
  const board = createBoard([request], () => 0);
  board.update([createStatus(request.source, changes)]);
  expect(board.rows().map(endedAsExpected)).toEqual([expected]);
});
