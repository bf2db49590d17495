import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { GENERATION_RULES } from "../../../../shared/disk/conclude/generation-rules.ts";
import { OS_TYPE_RULES } from "../../../../shared/disk/conclude/os-type-rules.ts";
import { READ_LIMITS } from "../../../../shared/disk/disk-reader.ts";
import { judgeDisks, tabulate } from "../../../disks/judge-disks.ts";
import { measureReads } from "../../../disks/measure-reads.ts";

const document = await readFile(new URL("../../../../docs/inspection.md", import.meta.url), "utf8");

/** The cells of the table after a heading, without its head. */
function readTable(heading: string): readonly (readonly string[])[] {
  const [, section = ""] = document.split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  const rows = own.split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("docs/inspection.md", () => {
  it("has the figures that are measured", async () => {
    expect(document.split("\n")).toEqual(expect.arrayContaining([...(await measureReads())]));
  });

  it("says how often the answers are right, as it is", async () => {
    const rows = tabulate(await judgeDisks());

    expect(document.split("\n")).toEqual(expect.arrayContaining([...rows]));
  });

  it("has the limits of the reads", () => {
    expect(document).toContain(
      `At most ${READ_LIMITS.reads} reads and ${READ_LIMITS.bytes / 1024} KiB of a disk`,
    );
  });

  it("has every rule of the generation, in order", () => {
    expect(
      readTable("Generation").map(([, generation, confidence]) => [generation, confidence]),
    ).toEqual(GENERATION_RULES.map((rule) => [rule.generation ?? "none", rule.confidence]));
  });

  it("has every rule of the system, in order", () => {
    expect(
      readTable("Operating system").map(([, system = "", confidence]) => [
        system.replace(/,.*/, ""),
        confidence,
      ]),
    ).toEqual(OS_TYPE_RULES.map((rule) => [rule.osType ?? "none", rule.confidence]));
  });
});
