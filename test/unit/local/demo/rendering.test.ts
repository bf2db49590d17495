import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { createBoard } from "../../../../local/demo/board.ts";
import {
  formatBytes,
  renderProgress,
  renderUploaded,
} from "../../../../local/demo/progress-bar.ts";
import { buildReport } from "../../../../local/demo/report.ts";
import { createPlan } from "../../../../local/demo/sample-plan.ts";
import { createPaint, wantsColours } from "../../../../local/demo/style.ts";
import { renderSummary } from "../../../../local/demo/summary.ts";
import { renderTable } from "../../../../local/demo/table.ts";
import type { StatusView } from "../../../../shared/http/status-view.ts";
import { makeInspection } from "../../../factories.ts";
import { CONVERTED, createStatus, inRegions, REFUSED, SUCCEEDED } from "./sample-status.ts";

const PLAIN = createPaint(false);
const COLOURED = createPaint(true);

function createRows() {
  const board = createBoard(createPlan().requests, () => 0);
  board.update([
    createStatus("ubuntu.vhd", SUCCEEDED),
    createStatus("server.vhdx", { ...SUCCEEDED, ...CONVERTED }),
    createStatus("web.json", SUCCEEDED),
    createStatus("golden.json", inRegions(100, 100)),
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
  expect(headings(100)).toMatch(/UPLOAD.*IMAGE FROM.*STATE.*DETAIL.*TIME/);
  expect(headings(60)).toMatch(/UPLOAD.*STATE.*DETAIL.*TIME/);
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
  const line = renderTable(board.rows(), PLAIN, 90)[3] ?? "";
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
  expect(text.match(/Microsoft\.Compute\/images\/web/g)).toHaveLength(6);
  expect(text).toContain("cause  it is a dynamic VHD");
  expect(text).toContain("fix    convert it");
  expect(text).toContain("All 8 requests ended as expected, in 20.0 s.");
});

test("every line of a fix is indented to the column of the first", () => {
  const board = createBoard(createPlan().requests.slice(0, 1), () => 0);
  const error = {
    code: "InvalidVhd",
    message: "it is a dynamic VHD",
    fix: "Convert it:\n  qemu-img convert a b\nUpload b.",
    retryable: false,
    target: null,
    details: [],
  };
  board.update([createStatus("ubuntu.vhd", { state: "failed", error })]);
  const lines = renderSummary(board.rows(), 5, PLAIN);
  const at = lines.findIndex((line) => line.includes("fix    Convert it:"));
  const column = lines[at]?.indexOf("Convert") ?? 0;
  expect(lines.slice(at + 1, at + 3)).toEqual([
    `${" ".repeat(column)}  qemu-img convert a b`,
    `${" ".repeat(column)}Upload b.`,
  ]);
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

test("the summary has the image version with its regions, and the conversion", () => {
  const text = renderSummary(createRows(), 20, PLAIN).join("\n");
  expect(text).toContain("✓ golden.json, version 1.0.0");
  expect(text).toContain("galleries/shared/images/golden/versions/1.0.0");
  expect(text).toContain("in its regions: West US 100 %, North Europe 100 %");
  expect(text).toContain("converted from vhdx: 40.0 MiB of data, to converted/0123.vhd");
});

test.each([
  [100, /converting +30 %, 12\.0 MiB of 40\.0 MiB/, /creating +West US 100 %, North Europe 42 %/],
  [60, /converting +30 % of 40\.0 MiB/, /creating +100 %, 42 %/],
])("the progress of a disk and of both regions fits %i columns", (columns, disk, version) => {
  const board = createBoard(createPlan().requests, () => 0);
  const disks = (CONVERTED.disks ?? []).map((each) => ({
    ...each,
    conversion: { ...each.conversion, bytesDone: 12 * 2 ** 20, percent: 30 },
  })) as StatusView["disks"];
  board.update([
    createStatus("server.vhdx", { state: "converting", disks }),
    createStatus("golden.json", { ...inRegions(100, 42), state: "creating" }),
  ]);
  const lines = renderTable(board.rows(), PLAIN, columns);
  expect(lines.every(({ length }) => length < columns)).toBe(true);
  expect(lines.join("\n")).toMatch(disk);
  expect(lines.join("\n")).toMatch(version);
  expect(lines.join("\n")).not.toContain("…  ");
});

test("a file that is sent whole has no zero ranges that were skipped", () => {
  const progress = { sizeBytes: 2 ** 20, totalBytes: 2 ** 20, doneBytes: 2 ** 20 };
  const render = (sentBytes: number) => renderUploaded("a", { ...progress, sentBytes }, 1);
  expect(render(2 ** 20)).toBe("uploaded a: 1.0 MiB, 1.0 s");
  expect(render(2 ** 10)).toBe("uploaded a: 1.0 MiB, 1.0 KiB sent, zero ranges skipped, 1.0 s");
});

test("the summary says which request ended how, and what was expected", () => {
  const board = createBoard(createPlan().requests.slice(0, 4), () => 0);
  board.update([
    createStatus("ubuntu.vhd", SUCCEEDED),
    createStatus("server.vhdx", SUCCEEDED),
    createStatus("golden.json", inRegions(100, 99)),
  ]);
  const text = renderSummary(board.rows(), 60, PLAIN).join("\n");
  expect(text).toContain("web.json: to upload");
  expect(text).toContain("Unexpected result after 60.0 s:");
  expect(text).toContain("web.json was never detected by the app (to upload); expected: succeeded");
  expect(text).toContain("server.vhdx ended succeeded but not converted from vhdx; expected");
  expect(text).toContain("golden.json ended succeeded but not in 2 regions; expected");
  expect(text).not.toContain("ubuntu.vhd ended");
});

test("the report is about each request and the whole", () => {
  expect(buildReport(createRows(), 20.04)).toMatchObject({
    ok: true,
    seconds: 20,
    requests: [
      { source: "ubuntu.vhd", requestId: "id-of-ubuntu.vhd", state: "succeeded", ok: true },
      { source: "server.vhdx", ok: true, conversions: [{ from: "vhdx", percent: 100 }] },
      {},
      { source: "golden.json", ok: true, outputs: [{ kind: "galleryVersion" }] },
      {},
      {},
      {},
      { source: "legacy.json", expected: "failed", ok: true, error: { code: "InvalidVhd" } },
    ],
  });
});
