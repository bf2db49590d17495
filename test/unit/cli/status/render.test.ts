import { describe, expect, it } from "vitest";
import { renderDetail, renderList } from "../../../../cli/status/render.ts";
import { createPaint, wantsColours } from "../../../../cli/terminal.ts";
import { describeRaw } from "../../../../shared/disk/format/format-problems.ts";
import type { StatusView } from "../../../../shared/http/status-view.ts";

const plain = createPaint({ write: () => {} }, {});
const STATUS = {
  requestId: "abcdefghij2345672345",
  state: "succeeded",
  kind: "vhd",
  source: `${"long-folder/".repeat(10)}web.vhd`,
  image: {
    name: "web",
    resourceGroup: "rg",
    subscriptionId: "s",
    location: "l",
    id: "/images/web",
  },
  disks: [],
  warnings: [],
  error: null,
  retrying: null,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
  completedAt: null,
  events: [],
} as unknown as StatusView;

describe("the list of requests", () => {
  it.each([60, 79, 80, 120])("has no line wider than %d columns", (columns) => {
    const lines = renderList([STATUS], plain, columns);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
    expect(lines[1]).toContain(STATUS.requestId);
  });

  it("leaves the image and the time out below 80 columns", () => {
    expect(renderList([STATUS], plain, 80)[0]).toMatch(/^STATE +ID +SOURCE +IMAGE +UPDATED$/);
    expect(renderList([STATUS], plain, 79)[0]).toMatch(/^STATE +ID +SOURCE$/);
  });

  it("is not cut where the output is not a terminal", () => {
    expect(renderList([STATUS], plain, null)[1]).toContain(STATUS.source);
  });

  it("prints no control or direction characters of names", () => {
    const hostile = { ...STATUS, source: "a\u001b[31m\u202eb.vhd" };
    expect(renderList([hostile], plain, null)[1]).toContain("a?[31m?b.vhd");
  });
});

describe("one request", () => {
  it("shows the image's id, and the error with what to do", () => {
    const error = {
      code: "InvalidVhd",
      message: "is not a VHD",
      fix: "Convert it:\n  qemu-img",
      details: [],
    };
    const text = renderDetail({ ...STATUS, error } as unknown as StatusView, plain, null).join(
      "\n",
    );
    expect(text).toContain("image     /images/web");
    expect(text).toContain("error     InvalidVhd: is not a VHD");
    expect(text).toContain("to do     Convert it:\n            qemu-img");
  });

  it("breaks long texts at the width of the terminal", () => {
    const warnings = ["word ".repeat(60).trim()];
    const lines = renderDetail({ ...STATUS, warnings, source: "web.vhd" }, plain, 60);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60);
  });
});

it("commands of a fix stay whole, however narrow the terminal is", () => {
  const { fix } = describeRaw(1024 ** 2);
  const error = { code: "InvalidVhd", message: "is a raw disk", fix, details: [] };
  const lines = renderDetail({ ...STATUS, error } as unknown as StatusView, plain, 40);
  expect(lines.map((line) => line.trim())).toContain(
    "qemu-img convert -f raw -O vpc -o subformat=fixed,force_size {FILE} {TARGET}",
  );
});

describe("colours", () => {
  const write = () => {};
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: "1" }, false],
    [{ isTTY: true }, { NO_COLOR: "" }, true],
    [{ isTTY: true }, { TERM: "dumb" }, false],
    [{}, {}, false],
    [{}, { FORCE_COLOR: "1" }, true],
    [{ isTTY: true }, { FORCE_COLOR: "0" }, false],
    [{}, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  ])("on %j with %j: %j", (stream, environment, expected) => {
    expect(wantsColours({ write, ...stream }, environment)).toBe(expected);
  });
});
