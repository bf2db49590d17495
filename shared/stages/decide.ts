import type { Failure } from "../errors.ts";
import { decideImage, explainUndecided } from "../image/decide-image.ts";
import { HOW_TO_SET } from "../image/how-to-set.ts";
import type { ImageDraft } from "../image/image-request.ts";
import { findDecidedSizeProblem } from "../record/decided-size.ts";
import type { RequestRecord } from "../record/record.ts";
import { checkSources } from "./check-sources.ts";
import type { StageContext } from "./stage.ts";

/** A record with everything decided that can be, and why no image may be made from its sources. */
export interface Look {
  readonly record: RequestRecord;
  readonly failure: Failure | null;
}

/**
 * Reads the sources that are not blobs, and decides what the request leaves open by what the OS disk
 * is. What has been decided before stays.
 * @throws ServiceError when the service cannot say now what a source is.
 */
export async function decide(
  record: RequestRecord,
  request: ImageDraft,
  context: StageContext,
): Promise<Look> {
  if (record.decided !== null) return { record, failure: null };
  const sources = await checkSources(request, context);
  const name = nameOsSource(record);
  const { decided, undecided, warnings } = decideImage({
    given: {
      osType: request.osDisk?.osType ?? null,
      hyperVGeneration: request.hyperVGeneration ?? null,
    },
    isMachine: request.sourceVirtualMachine !== undefined || request.gallery?.source !== undefined,
    finding: osDiskOf(record)?.inspection ?? sources.finding,
    mode: record.inspect,
    defaults: context.defaults,
    howToSet: HOW_TO_SET.manifest,
  });
  const failure =
    sources.failure ??
    (undecided.length > 0
      ? explainUndecided(name, undecided)
      : findDecidedSizeProblem(record.disks, decided));
  return {
    record: {
      ...record,
      decided: failure === null ? decided : null,
      warnings: [
        ...new Set([
          ...record.warnings,
          ...sources.warnings,
          ...warnings.map((warning) => `${name}: ${warning}`),
        ]),
      ],
    },
    failure,
  };
}

function osDiskOf(record: RequestRecord): RequestRecord["disks"][number] | undefined {
  return record.disks.find(({ role }) => role !== "data");
}

function nameOsSource(record: RequestRecord): string {
  const disk = osDiskOf(record);
  return disk?.ref?.name ?? disk?.external ?? record.source.name;
}
