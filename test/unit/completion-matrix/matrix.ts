import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Chance, type Course, MANIFEST_PLACES, planUpload } from "../../uploaders/plan.ts";
import { findTool, UPLOAD_TOOLS, type UploadTool } from "../../uploaders/tools.ts";
import { makeDisk } from "./disk.ts";
import {
  expectNoEarlyPut,
  expectOneImage,
  expectPromptPut,
  expectUploadIncomplete,
  type Situation,
} from "./expectations.ts";
import { runScenario } from "./scenario.ts";
import { TRIGGER_MODES } from "./triggers.ts";

const SEED = 20_261_123;
const HOUR_SECONDS = 3600;

const image = makeDisk();
const chance = fc.record({
  seed: fc.nat(),
  breakAt: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
const triggers = fc.constantFrom(...TRIGGER_MODES);

/** Seconds between two requests of an uploader. */
const QUICK = [0.05, 4] as const;
const SLOW = [12, 120] as const;

interface Variant {
  readonly what: string;
  readonly course: Course;
  readonly pace: readonly [number, number];
}

function variantsOf({ afterKill }: UploadTool): readonly Variant[] {
  return [
    { what: "straight through", course: { kind: "straight" }, pace: QUICK },
    { what: "over a slow line", course: { kind: "straight" }, pace: SLOW },
    { what: "with a pause of 1 min", course: { kind: "paused", seconds: 60 }, pace: QUICK },
    { what: "with a pause of 4 min 40 s", course: { kind: "paused", seconds: 280 }, pace: QUICK },
    ...afterKill.map(
      (recovery): Variant => ({
        what: `killed, and after 15 min: ${recovery}`,
        course: { kind: "killed", seconds: 900, recovery },
        pace: QUICK,
      }),
    ),
  ];
}

const cells = UPLOAD_TOOLS.flatMap((tool) =>
  variantsOf(tool).flatMap((variant) =>
    MANIFEST_PLACES.map((manifest) => ({ ...variant, tool, id: tool.id, manifest })),
  ),
);

/**
 * Every tool × course × place of the manifest.
 * @param runs draws per cell, each with its own order of arrival, middle and trigger mode
 */
export function testCompletionMatrix(runs: number): void {
  describe("an upload that is finished some time", () => {
    it.each(cells)(
      "becomes one image after its last write: $id, $what, manifest $manifest",
      async ({ tool, course, pace, manifest }) => {
        const property = fc.asyncProperty(chance, triggers, async (draw, mode) => {
          const situation = { tool, manifest, triggers: mode };
          const steps = planUpload(tool, image, { course, manifest }, draw);
          const outcome = await runScenario({
            steps,
            image,
            triggers: mode,
            pace,
            seed: draw.seed,
          });
          expectNoEarlyPut(outcome);
          expectOneImage(outcome, manifest);
          expectPromptPut(outcome, situation);
        });
        await fc.assert(property, { seed: SEED, numRuns: runs });
      },
    );
  });

  describe("an upload that is never finished", () => {
    /** Lets an upload be killed in the middle, and checks the end of its request. */
    async function abandon(
      { tool, manifest, triggers: mode }: Situation,
      draw: Chance,
      waitDeadlineSeconds: number,
    ): Promise<void> {
      const steps = planUpload(tool, image, { course: { kind: "abandoned" }, manifest }, draw);
      const timing = { waitDeadlineSeconds };
      const scenario = { steps, image, triggers: mode, pace: QUICK, seed: draw.seed, timing };
      const outcome = await runScenario(scenario);
      expect(outcome.puts).toEqual([]);
      await expectUploadIncomplete(outcome, manifest, waitDeadlineSeconds);
    }

    it.each(MANIFEST_PLACES)("fails after 24 hours: azcopy, manifest %s", async (manifest) => {
      const situation = { tool: findTool("azcopy"), manifest, triggers: "events" } as const;
      await abandon(situation, { seed: SEED, breakAt: 0.5 }, 24 * 3600);
    });

    const cut = UPLOAD_TOOLS.flatMap((tool) =>
      MANIFEST_PLACES.map((manifest) => ({ tool, id: tool.id, manifest })),
    );
    it.each(cut)("fails at its deadline: $id, manifest $manifest", async ({ tool, manifest }) => {
      const property = fc.asyncProperty(chance, triggers, (draw, mode) =>
        abandon({ tool, manifest, triggers: mode }, draw, HOUR_SECONDS),
      );
      await fc.assert(property, { seed: SEED, numRuns: runs });
    });
  });
}
