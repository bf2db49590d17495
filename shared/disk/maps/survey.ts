import type { Extent, MapSurvey, SurveyLimits } from "./extent.ts";
import type { RangeGuard } from "./range-guard.ts";
import { refuse } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";

/** What a survey may cost. Ordinary disks need one pass; see docs/conversion.md for figures. */
export const SURVEY_LIMITS: SurveyLimits = { passes: 32, reads: 32_768, bytes: 4 * 1024 ** 3 };

/** One pass over all extents, in which ranges of the file from `start` on are compared. */
export type StartPass = (
  start: number,
  /** Called after each piece of a table. */
  onBatch: () => void,
) => {
  readonly guard: RangeGuard;
  readonly extents: AsyncIterable<Extent>;
};

/**
 * Sums up all extents. Where a file is so scattered that the guard's memory does not cover it, further
 * passes compare the rest of the file.
 */
export async function surveyMap(
  startPass: StartPass,
  tables: TableReader,
  limits: SurveyLimits,
  onExtent: (extent: Extent) => void,
): Promise<MapSurvey> {
  const before = tables.spent();
  const checkBudget = (passes: number): void => {
    const { reads, bytes } = tables.spent();
    const isOver =
      passes > limits.passes ||
      reads - before.reads > limits.reads ||
      bytes - before.bytes > limits.bytes;
    if (!isOver) return;
    refuse(
      "too-large",
      "is so scattered that checking its tables takes too long",
      null,
      "Rewrite it in order, with larger blocks: 'qemu-img convert -O qcow2 -o cluster_size=2M SOURCE TARGET.qcow2'.",
    );
  };
  const survey = { ...NOTHING };
  for (let start = 0, pass = 1; start !== Number.POSITIVE_INFINITY; pass++) {
    checkBudget(pass);
    const { guard, extents } = startPass(start, () => checkBudget(pass));
    for await (const extent of extents) {
      if (pass > 1) continue;
      count(survey, extent);
      onExtent(extent);
    }
    start = guard.end;
  }
  return survey;
}

const NOTHING: MapSurvey = {
  copyBytes: 0,
  copyExtents: 0,
  unpackedBytes: 0,
  compressedExtents: 0,
  packedBytes: 0,
  zeroBytes: 0,
};

function count(survey: { -readonly [Key in keyof MapSurvey]: number }, extent: Extent): void {
  if (extent.kind === "zero") survey.zeroBytes += extent.length;
  else if (extent.kind === "copy") {
    survey.copyBytes += extent.length;
    survey.copyExtents += 1;
  } else {
    survey.unpackedBytes += extent.length;
    survey.packedBytes += extent.fileLength;
    survey.compressedExtents += 1;
  }
}
