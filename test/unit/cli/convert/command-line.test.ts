import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderProgress, startProgress } from "../../../../cli/convert/progress.ts";
import { renderRefusal } from "../../../../cli/convert/report.ts";
import { buildVhd } from "../build-vhd.ts";
import { runCommand } from "../run-command.ts";

describe("the command line of convert", () => {
  it.each([
    [[], "missing required argument 'FILE'"],
    [["a"], "missing required argument 'OUT.vhd'"],
    [["a", "b", "c"], "too many arguments"],
    [["a", "b", "--check"], "--check takes FILE only"],
    [["a", "b", "--force"], "unknown option '--force'"],
    [["absent.vhdx", "b.vhd"], "absent.vhdx cannot be read: the file does not exist.\n"],
  ])("ends with 2 for %j", async (args, message) => {
    const result = await runCommand(["convert", ...args]);
    expect(result).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(message) });
    expect(result.stderr).not.toMatch(/^\//); // the file as typed
  });

  it("checks and converts a disk, paths starting where npm was called", async () => {
    const folder = await mkdtemp(join(tmpdir(), "convert-"));
    try {
      await writeFile(join(folder, "disk.vhd"), buildVhd([["a", 2]]));
      const check = await runCommand(["convert", "disk.vhd", "--check", "--data"], { folder });
      expect(check).toMatchObject({ code: 0, stdout: expect.stringContaining("disk.vhd") });
      expect(await readdir(folder)).toEqual(["disk.vhd"]);

      const args = ["convert", "disk.vhd", "out.vhd", "--data"];
      expect(await runCommand(args, { folder })).toMatchObject({ code: 0 });
      expect(await readdir(folder)).toEqual(["disk.vhd", "out.vhd"]);
      expect(await runCommand(args, { folder })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("add --overwrite"),
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("ends with 1 for a disk that cannot be converted", async () => {
    const folder = await mkdtemp(join(tmpdir(), "convert-"));
    try {
      await writeFile(join(folder, "disk.iso.gz"), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]));
      const { code, stderr } = await runCommand(["convert", "disk.iso.gz", "--check"], { folder });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("disk.iso.gz") });
    } finally {
      await rm(folder, { recursive: true });
    }
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
      fix: "Fix it.",
    } as const;
    expect(renderRefusal("a\nb.vhdx", refusal)).toBe(
      "a?b.vhdx has changes (byte 5 of the file).\nFix it.\n",
    );
  });
});
