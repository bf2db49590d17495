import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCompressed } from "../../../../../shared/disk/maps/map-reader.ts";
import { unpackBlock } from "../../../../../shared/unpack.ts";
import { buildQcow2 } from "../../../../disks/maps/build-two-level-formats.ts";
import {
  checkAnyFile,
  countFile,
  expectSoundExtents,
  mapFile,
} from "../../../../disks/maps/check-map.ts";
import { TEST_FORMATS, type TestFormat } from "../../../../disks/maps/formats.ts";
import { contentOf, type DiskPlan } from "../../../../disks/maps/placement.ts";

const RUNS = 30;

function planOf({ slots, maxBlocks, blockBytes }: TestFormat): fc.Arbitrary<DiskPlan> {
  return fc
    .array(fc.constantFrom(...slots), { minLength: 1, maxLength: maxBlocks })
    .chain((chosen) =>
      fc.record({
        slots: fc.constant(chosen),
        order: fc.array(fc.nat(9), { minLength: chosen.length, maxLength: chosen.length }),
        // The last block reaches over the end of the disk in every third one.
        cut: fc.constantFrom(0, 0, blockBytes > 512 ? 512 : 0),
      }),
    );
}

describe.each(TEST_FORMATS)("a map of random $name", (format) => {
  it("agrees with a reader that looks up byte by byte, from any offset on", async () => {
    await fc.assert(
      fc.asyncProperty(
        planOf(format),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        async (plan, share) => {
          const outcome = await checkAnyFile(
            format.build(plan),
            format.format,
            format.naive,
            share,
          );
          expect(outcome.kind).toBe("map");
          expect(outcome.kind === "map" && outcome.map.format).toBe(format.format);
        },
      ),
      { numRuns: format.format === "vhdx" ? 10 : RUNS, seed: 15 },
    );
  });

  it("gives every block its own content, and zeros to the others", async () => {
    await fc.assert(
      fc.asyncProperty(planOf(format), async (plan) =>
        expectContent(format, format.build(plan), plan),
      ),
      { numRuns: format.format === "vhdx" ? 5 : RUNS, seed: 16 },
    );
  });
});

describe("a map of random qcow2 images with Zstandard", () => {
  const format = TEST_FORMATS.find((candidate) => candidate.format === "qcow2");
  it("gives every block its own content, although frames stand side by side", async () => {
    if (format === undefined) throw new Error("no qcow2");
    await fc.assert(
      fc.asyncProperty(planOf(format), (plan) =>
        expectContent(format, buildQcow2(plan, "zstd"), plan),
      ),
      { numRuns: RUNS, seed: 17 },
    );
  });
});

async function expectContent(format: TestFormat, file: Uint8Array, plan: DiskPlan): Promise<void> {
  const { reader } = countFile(file);
  const outcome = await mapFile(reader);
  if (outcome.kind !== "map") throw new Error(JSON.stringify(outcome.refusal));
  expectSoundExtents(outcome.extents, outcome.map, file.length);
  const { blockBytes } = format;
  // A VHDX's blocks of 1 MiB are known by their first sector.
  const shown = Math.min(blockBytes, 4096);
  const read = await Promise.all(
    plan.slots.map(async (slot, index) => {
      const extent = outcome.extents.findLast(
        ({ guestOffset }) => guestOffset <= index * blockBytes,
      );
      const skipped = index * blockBytes - (extent?.guestOffset ?? 0);
      if (extent?.kind === "zero") return slot === "none" || slot === "zero";
      const size = Math.min(blockBytes, outcome.map.virtualBytes - index * blockBytes);
      const bytes =
        extent?.kind === "compressed"
          ? await readCompressed(extent, reader, unpackBlock)
          : await reader.read((extent?.fileOffset ?? 0) + skipped, size);
      const length = blockBytes > shown ? 512 : bytes.length;
      return Buffer.from(bytes.subarray(0, length)).equals(contentOf(index, length));
    }),
  );
  expect(read).toEqual(plan.slots.map(() => true));
}
