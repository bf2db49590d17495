import { open } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import type { DiskRecipe } from "../disks/recipes/recipe.ts";
import { DISK_RECIPES } from "../disks/recipes.ts";
import { canRun, makeDisk } from "../disks/run-recipe.ts";
import { EXPECTED } from "../unit/shared/disk/expected-findings.ts";
import { summarize } from "../unit/shared/disk/summarize-finding.ts";

const REMAKE_MILLISECONDS = 60_000;

const makeable = await Promise.all(
  DISK_RECIPES.map(async (recipe) => ({ recipe, isMakeable: await canRun(recipe) })),
);

describe("disks made anew, where the tools are", () => {
  for (const { recipe, isMakeable } of makeable) {
    it.runIf(isMakeable)(
      `${recipe.name} is what it was made as`,
      async () => {
        const made = await makeDisk(recipe, (path) => inspectFile(path, recipe.role));

        expect(summarize(made)).toEqual(EXPECTED[recipe.name]);
      },
      REMAKE_MILLISECONDS,
    );
  }
});

async function inspectFile(path: string, role: DiskRecipe["role"]) {
  const file = await open(path, "r");
  try {
    const { size: length } = await file.stat();
    const read = async (offset: number, count: number): Promise<Uint8Array> => {
      const { buffer } = await file.read(new Uint8Array(count), 0, count, offset);
      return buffer;
    };
    return await inspectDisk({ length, read }, { role });
  } finally {
    await file.close();
  }
}
