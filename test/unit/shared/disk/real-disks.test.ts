import { describe, expect, it } from "vitest";
import { READ_LIMITS } from "../../../../shared/disk/disk-reader.ts";
import { inspectDisk } from "../../../../shared/disk/inspect-disk.ts";
import { loadFixture, openFixture } from "../../../disks/disk-fixture.ts";
import type { DiskRecipe } from "../../../disks/recipes/recipe.ts";
import { DISK_RECIPES } from "../../../disks/recipes.ts";
import { EXPECTED } from "./expected-findings.ts";
import { summarize } from "./summarize-finding.ts";

async function inspectFixture(recipe: DiskRecipe) {
  const reader = openFixture(await loadFixture(recipe.name));
  const finding = await inspectDisk(reader, { role: recipe.role });
  return { finding, count: reader.count };
}

describe("disks that real tools wrote", () => {
  it("are all expected to be something", () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(DISK_RECIPES.map(({ name }) => name).sort());
  });

  it.each(DISK_RECIPES)("$name is what it was made as, within the budget", async (recipe) => {
    const { finding, count } = await inspectFixture(recipe);

    expect(summarize(finding)).toEqual(EXPECTED[recipe.name]);
    expect(count.reads).toBeLessThanOrEqual(READ_LIMITS.reads);
    expect(count.bytes).toBeLessThanOrEqual(READ_LIMITS.bytes);
  });

  it.each(DISK_RECIPES)("$name was made by the commands that its recipe has", async (recipe) => {
    const { script, role, tools } = await loadFixture(recipe.name);

    expect({ script, role, tools: Object.keys(tools) }).toEqual({
      script: recipe.script,
      role: recipe.role,
      tools: recipe.tools,
    });
  });
});

describe("a disk whose EFI system partition has Microsoft's loader", () => {
  it("is of Windows for that reason too", async () => {
    const reader = openFixture(await loadFixture("windows-gen2"));

    const { reasons } = await inspectDisk(reader, { role: "os" });

    expect(reasons).toContain(
      "Windows: Microsoft reserved, NTFS, Windows Boot Manager, nothing of Linux",
    );
  });
});
