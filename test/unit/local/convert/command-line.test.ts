import { describe, expect, it } from "vitest";
import { readConvertCommand } from "../../../../local/convert/command-line.ts";
import { renderProgress, startProgress } from "../../../../local/convert/progress.ts";
import { renderRefusal } from "../../../../local/convert/report.ts";

describe("the command line of convert", () => {
  it("takes a file and a target", () => {
    expect(readConvertCommand(["a.vhdx", "b.vhd", "--overwrite", "--data"])).toEqual({
      kind: "convert",
      source: "a.vhdx",
      target: "b.vhd",
      role: "data",
      overwrite: true,
    });
  });

  it("takes a file alone with --check", () => {
    expect(readConvertCommand(["a.vhdx", "--check"])).toEqual({
      kind: "check",
      source: "a.vhdx",
      role: "os",
    });
  });

  it.each([
    [[], "IN is missing"],
    [["a"], "OUT.vhd is missing"],
    [["a", "b", "c"], "too many files"],
    [["a", "b", "--check"], "--check takes IN only"],
    [["a", "b", "--force"], "--force"],
  ])("refuses %j", (args, message) => {
    expect(() => readConvertCommand(args)).toThrow(message);
  });
});

describe("the progress of a conversion", () => {
  it("has percent, bytes, rate and time left", () => {
    expect(renderProgress("converting", 2 ** 30, 3 * 2 ** 30, 8)).toBe(
      "converting 33 %, 1 GiB of 3 GiB, 128 MiB/s, 16 s left",
    );
    expect(renderProgress("converting", 1, 2 ** 40, 1)).toMatch(/ h \d+ min left$/);
    expect(renderProgress("converting", 0, 10, 0)).toBe("converting 0 %, 0 B of 10 B, 0 B/s, …");
  });

  it.each([
    [true, 100, "\r\x1b[Kconverting 50 %, 5 B of 10 B, 50 B/s, 1 s left", "\r\x1b[K"],
    [false, 5_000, "converting 50 %, 5 B of 10 B, 1 B/s, 5 s left\n", ""],
  ])(
    "is rewritten on a terminal (%s), and a line now and then elsewhere",
    (isTTY, after, line, end) => {
      const written: string[] = [];
      let at = 0;
      const stream = { isTTY, write: (text: string) => written.push(text) };
      const progress = startProgress("converting", 10, stream, () => at);
      at = after - 1;
      progress.update(4);
      expect(written).toEqual([]);
      at = after;
      progress.update(5);
      progress.end();
      expect(written.join("")).toBe(line + end);
    },
  );
});

describe("a refusal in words", () => {
  it("says what, where, and what to do", () => {
    const refusal = {
      reason: "dirty",
      message: "has changes",
      offset: 5,
      fix: "Mend it.",
    } as const;
    expect(renderRefusal("a\nb.vhdx", refusal)).toBe(
      "a?b.vhdx has changes (byte 5 of the file).\nMend it.\n",
    );
  });
});
