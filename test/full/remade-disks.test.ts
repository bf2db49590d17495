import { open } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { DiskReader } from "../../shared/disk/disk-reader.ts";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { judgeByTools, type ToolVerdict } from "../disks/judge-by-tools.ts";
import { findKnownDifference, KNOWN_DIFFERENCES } from "../disks/known-differences.ts";
import type { DiskRecipe } from "../disks/recipes/recipe.ts";
import { DISK_RECIPES } from "../disks/recipes.ts";
import { listMissing, makeDisk } from "../disks/run-recipe.ts";
import { isWeekly } from "../run/weekly.ts";
import { EXPECTED } from "../unit/shared/disk/expected-findings.ts";
import { summarize } from "../unit/shared/disk/summarize-finding.ts";

const REMAKE_MILLISECONDS = 120_000;

const toolsMissing = await listMissing({ tools: ["blkid", "sgdisk"] });
/** One in three, which has some of each file; all with WEEKLY=1. */
const isRemade = (_: DiskRecipe, index: number): boolean => isWeekly || index % 3 === 0;
const recipes = await Promise.all(
  DISK_RECIPES.filter(isRemade).map(async (recipe) => ({
    recipe,
    missing: await listMissing(recipe),
  })),
);

/** Each is made once, by the first test that needs it. */
const remade = new Map<DiskRecipe, ReturnType<typeof remake>>();

describe.concurrent("disks remade, where the tools are", () => {
  for (const { recipe, missing } of recipes) {
    const { name } = recipe;
    it.skipIf(missing.length > 0)(
      `${name} is what it was made as${explainMissing(missing)}`,
      async () => {
        const { finding } = await remakeOnce(recipe);

        expect(summarize(finding)).toEqual(EXPECTED[name]);
      },
      REMAKE_MILLISECONDS,
    );
  }
});

/** Those that are read to their partitions and file systems. */
const readThrough = recipes.filter(({ recipe }) => EXPECTED[recipe.name]?.format === "fixed VHD");

describe.concurrent.each(readThrough)(
  "$recipe.name, by judges that nobody here wrote",
  ({ recipe, missing }) => {
    const { name } = recipe;
    const lacks = [...missing, ...toolsMissing];
    it.skipIf(lacks.length > 0)(
      `holds what blkid says${explainMissing(lacks)}`,
      async () => {
        const { found, blkid } = await judged(recipe);

        if (findKnownDifference(name, "blkid")) expect(found).not.toEqual(blkid);
        else expect(found).toEqual(blkid);
        expect(recipe.blkid ?? {}).toEqual(
          findKnownDifference(name, "blkid") ? expect.anything() : expectedOf(recipe, blkid),
        );
      },
      REMAKE_MILLISECONDS,
    );

    if (EXPECTED[name]?.table !== "gpt") return;
    it.skipIf(lacks.length > 0)(
      `has warnings about its GPT if and only if sgdisk -v finds problems${explainMissing(lacks)}`,
      async () => {
        const { gpt } = await judged(recipe);
        const isWarned = (gpt?.warnings.length ?? 0) > 0;
        const hasProblems = (gpt?.problems ?? 0) > 0;

        expect(gpt).not.toBeNull();
        if (recipe.gptProblems !== undefined) expect(gpt?.problems).toBe(recipe.gptProblems);
        expect(isWarned).toBe(findKnownDifference(name, "sgdisk") ? !hasProblems : hasProblems);
      },
      REMAKE_MILLISECONDS,
    );
  },
);

describe("the differences on purpose", () => {
  it.each(KNOWN_DIFFERENCES)("are of disks that are made: $disk ($tool)", ({ disk }) => {
    const names = DISK_RECIPES.map(({ name }) => name.replace(/^(?:volume|partition)-/, ""));

    expect(names).toContain(disk);
  });
});

function explainMissing(missing: readonly string[]): string {
  return missing.length === 0 ? "" : ` (not tried: no ${missing.join(", ")} here)`;
}

/** What the recipe says about itself, in the words of blkid's answer to it. */
function expectedOf({ blkid: said = {} }: DiskRecipe, blkid: ToolVerdict["blkid"]) {
  const sectors = Object.keys(said).map(Number);
  return Object.fromEntries(
    sectors.map((sector) => {
      const { type = null, label = null } = blkid[sector] ?? {};
      return [sector, type === null ? null : { type, ...(label !== null && { label }) }];
    }),
  );
}

function remakeOnce(recipe: DiskRecipe): ReturnType<typeof remake> {
  const result = remade.get(recipe) ?? remake(recipe);
  remade.set(recipe, result);
  return result;
}

async function judged(recipe: DiskRecipe): Promise<ToolVerdict> {
  const { verdict } = await remakeOnce(recipe);
  if (verdict === null) throw new Error(`${recipe.name} was not judged`);
  return verdict;
}

function remake(recipe: DiskRecipe) {
  return makeDisk(recipe, async (path) => {
    const file = await open(path, "r");
    try {
      const { size: length } = await file.stat();
      const read = async (offset: number, count: number): Promise<Uint8Array> => {
        const { buffer } = await file.read(new Uint8Array(count), 0, count, offset);
        return buffer;
      };
      const disk: DiskReader = { length, read };
      const finding = await inspectDisk(disk, { role: recipe.role });
      const canJudge = finding.format === "fixed VHD" && toolsMissing.length === 0;
      return { finding, verdict: canJudge ? await judgeByTools(path, disk) : null };
    } finally {
      await file.close();
    }
  });
}
