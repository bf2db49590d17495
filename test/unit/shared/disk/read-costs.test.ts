import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { buildSampleVhd, readImage, SAMPLE_NAMES } from "../../../../local/sample-vhds/index.ts";
import { READ_LIMITS } from "../../../../shared/disk/disk-reader.ts";
import { inspectDisk } from "../../../../shared/disk/inspect-disk.ts";
import { loadFixture, openFixture } from "../../../disks/disk-fixture.ts";
import { DAMAGED_RECIPES } from "../../../disks/recipes/damaged.ts";
import { DATA_RECIPES } from "../../../disks/recipes/data.ts";
import { LINUX_RECIPES } from "../../../disks/recipes/linux.ts";
import type { DiskRecipe } from "../../../disks/recipes/recipe.ts";
import { WINDOWS_RECIPES } from "../../../disks/recipes/windows.ts";
import { WRONG_FORMAT_RECIPES } from "../../../disks/recipes/wrong-formats.ts";
import { NOW } from "../../../factories.ts";
import { GIB, readerOf, sample } from "./disk-readers.ts";

const KIB = 1024;
/** The app has 64 KiB for all that it reads of a healthy disk; the footer is read by others too. */
const ORDINARY_BYTES = 40 * KIB;
const ANY_BYTES = 64 * KIB;

const INTACT_SAMPLES = SAMPLE_NAMES.filter((name) => !name.startsWith("broken-"));

async function measure({ name, role }: DiskRecipe) {
  const reader = openFixture(await loadFixture(name));
  await inspectDisk(reader, { role });
  return reader.count;
}

function sumBytes(reads: readonly (readonly [offset: number, count: number])[]): number {
  return reads.reduce((sum, [, count]) => sum + count, 0);
}

describe("an inspection", () => {
  it.each([...LINUX_RECIPES, ...WINDOWS_RECIPES, ...DATA_RECIPES])(
    "of the ordinary disk $name costs at most 40 KiB",
    async (recipe) => {
      const { reads, bytes } = await measure(recipe);

      expect(bytes).toBeLessThanOrEqual(ORDINARY_BYTES);
      expect(reads).toBeLessThanOrEqual(READ_LIMITS.reads);
    },
  );

  it.each([...DAMAGED_RECIPES, ...WRONG_FORMAT_RECIPES])(
    "of $name, which is not an ordinary disk, costs at most 64 KiB",
    async (recipe) => {
      expect((await measure(recipe)).bytes).toBeLessThanOrEqual(ANY_BYTES);
    },
  );

  it.each(INTACT_SAMPLES)(
    "of the sample %s costs the same for 1 TiB as for 2 GiB",
    async (name) => {
      const uuid = "8f14e45f-ceea-467f-9575-6f1c6f4b3a10";
      const options = { virtualSizeBytes: 1024 * GIB, uuid, createdAt: NOW };
      const large = readerOf(buildSampleVhd(name, options));
      const small = readerOf(sample(name));

      await inspectDisk(large, { role: "os" });
      await inspectDisk(small, { role: "os" });

      expect(sumBytes(large.reads)).toBe(sumBytes(small.reads));
      expect(large.reads.length).toBe(small.reads.length);
      expect(sumBytes(large.reads)).toBeLessThanOrEqual(ORDINARY_BYTES);
    },
  );

  it.each([
    ["linux-gen1", 2], // both ends; the partitions
    ["linux-gen2", 3], // … and the directories of the EFI system partition
    ["windows-gen2", 3],
  ] as const)("of the sample %s waits for its reads %i times", async (name, expected) => {
    const image = sample(name);
    const rounds = new Set<object>();
    let round = {};
    const read = async (offset: number, count: number): Promise<Uint8Array> => {
      const own = round;
      rounds.add(own);
      await setImmediate();
      round = own === round ? {} : round;
      return readImage(image, offset, count);
    };

    await inspectDisk({ length: image.sizeBytes, read }, { role: "os" });

    expect(rounds.size).toBe(expected);
  });
});
