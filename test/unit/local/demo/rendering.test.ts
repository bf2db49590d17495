import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { createBoard } from "../../../../local/demo/board.ts";
import { formatBytes, renderProgress } from "../../../../local/demo/progress-bar.ts";
import { buildReport } from "../../../../local/demo/report.ts";
import { createPlan } from "../../../../local/demo/sample-plan.ts";
import { createPaint, wantsColours } from "../../../../local/demo/style.ts";
import { renderSummary } from "../../../../local/demo/summary.ts";
import { renderTable } from "../../../../local/demo/table.ts";
import { makeInspection } from "../../../factories.ts";
import { createStatus, REFUSED, SUCCEEDED } from "./sample-status.ts";

const PLAIN = createPaint(false);
const COLOURED = createPaint(true);

function createRows() {
  const board = createBoard(createPlan().requests, () => 0);
  board.update([
    createStatus("ubuntu.vhd", SUCCEEDED),
    createStatus("web.json", SUCCEEDED),
    createStatus("restored.json", SUCCEEDED),
    createStatus("cloned.json", SUCCEEDED),
    createStatus("captured.json", SUCCEEDED),
    createStatus("legacy.json", REFUSED),
  ]);
  return board.rows();
}

test.each([140, 100, 80, 60, 40, 24])(
  "all lines of the table are equally wide and fit a terminal of %i columns",
  (columns) => {
    const lines = renderTable(createRows(), COLOURED, columns).map(stripVTControlCharacters);
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
    expect(lines[0]?.length).toBeLessThan(columns);
    expect(lines[1]).toContain("succeeded");
  },
);

test("a narrow terminal does without the title first, then without the time", () => {
  const headings = (columns: number) => renderTable(createRows(), PLAIN, columns)[0] ?? "";
  expect(headings(100)).toMatch(/UPLOAD.*IMAGE FROM.*STATE.*WAITS FOR.*TIME/);
  expect(headings(60)).toMatch(/UPLOAD.*STATE.*WAITS FOR.*TIME/);
  expect(headings(60)).not.toContain("IMAGE FROM");
  expect(headings(45)).not.toContain("TIME");
});

test("colours change nothing but the colour", () => {
  const coloured = renderTable(createRows(), COLOURED, 100);
  const plain = renderTable(createRows(), PLAIN, 100);
  expect(coloured.map(stripVTControlCharacters)).toEqual(plain);
  expect(coloured).not.toEqual(plain);
});

test("a long reason is cut, not wrapped", () => {
  const board = createBoard(createPlan().requests, () => 0);
  const disk = {
    role: "os",
    blob: "os.vhd",
    state: "uploading",
    detail: "x".repeat(200),
    inspection: null,
    warnings: [],
  } as const;
  board.update([createStatus("web.json", { disks: [disk] })]);
  const line = renderTable(board.rows(), PLAIN, 90)[2] ?? "";
  expect(line).toContain("x…");
  expect(line.length).toBeLessThan(90);
});

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: "1" }, false],
  [{ isTTY: true }, { TERM: "dumb" }, false],
  [{}, {}, false],
])("colours on %j with %j: %s", (stream, environment, expected) => {
  expect(wantsColours(stream, environment)).toBe(expected);
});

test("the bar shows the share that is done", () => {
  const progress = { sizeBytes: 4 * 2 ** 30, totalBytes: 8 * 2 ** 20, sentBytes: 0 };
  const view = { seconds: 2, columns: 120, paint: PLAIN };
  const half = renderProgress("a.vhd", { ...progress, doneBytes: 4 * 2 ** 20 }, view);
  expect(half.match(/█/g)?.length).toBe(half.match(/░/g)?.length);
  expect(half).toContain(" 50 %  2.0 MiB/s  2 s left  4.0 MiB of 8.0 MiB");
});

test.each([120, 80, 60, 40])("the bar is narrower than a terminal of %i columns", (columns) => {
  const progress = { sizeBytes: 2 ** 40, totalBytes: 2 ** 40, sentBytes: 0, doneBytes: 2 ** 39 };
  const line = renderProgress("a-name-that-is-too-long.vhd", progress, {
    seconds: 1_000,
    columns,
    paint: PLAIN,
  });
  expect(line.length).toBeLessThan(columns);
  expect(line).toContain("50 %");
});

test.each([
  [0, "0 B"],
  [512, "512 B"],
  [1024, "1.0 KiB"],
  [4 * 2 ** 30 + 512, "4.0 GiB"],
  [2 ** 40, "1.0 TiB"],
])("%i bytes are shown as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("the summary has every image id, and cause and fix of the refusal", () => {
  const text = renderSummary(createRows(), 20, PLAIN).join("\n");
  expect(text.match(/Microsoft\.Compute\/images\/web/g)).toHaveLength(5);
  expect(text).toContain("cause  it is a dynamic VHD");
  expect(text).toContain("fix    convert it");
  expect(text).toContain("All 6 requests ended as expected, in 20.0 s.");
});

test("the summary says what was found on an OS disk that was read", () => {
  const board = createBoard(createPlan().requests.slice(0, 1), () => 0);
  const disk = { role: "os", blob: "ubuntu.vhd", state: "complete", detail: null } as const;
  const disks = [{ ...disk, inspection: makeInspection(), warnings: [] }];
  board.update([createStatus("ubuntu.vhd", { ...SUCCEEDED, disks })]);
  expect(renderSummary(board.rows(), 5, PLAIN).join("\n")).toContain(
    "on the disk: Linux, V2, gpt (UEFI only)",
  );
});

test("the summary says which request ended how, and what was expected", () => {
  const board = createBoard(createPlan().requests.slice(0, 2), () => 0);
  board.update([createStatus("ubuntu.vhd", SUCCEEDED)]);
  const text = renderSummary(board.rows(), 60, PLAIN).join("\n");
  expect(text).toContain("web.json: to upload");
  expect(text).toContain("Unexpected result after 60.0 s:");
  expect(text).toContain("web.json was never detected by the app (to upload); expected: succeeded");
});

test("the report is about each request and the whole", () => {
  expect(buildReport(createRows(), 20.04)).toMatchObject({
    ok: true,
    seconds: 20,
    requests: [
      { source: "ubuntu.vhd", requestId: "id-of-ubuntu.vhd", state: "succeeded", ok: true },
      {},
      {},
      {},
      {},
      { source: "legacy.json", expected: "failed", ok: true, error: { code: "InvalidVhd" } },
    ],
  });
});
