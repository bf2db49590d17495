import { type Failure, failure } from "../errors.ts";
import { withDecision } from "../image/decide-image.ts";
import type { OutputOutcome } from "../outputs/output-kind.ts";
import { pollDelay } from "../record/delays.ts";
import type { OutputProgress } from "../record/output.ts";
import type { DiskProgress } from "../record/record.ts";
import { noteRegion } from "../record/transitions.ts";
import {
  dueIn,
  endOutput,
  failOutput,
  lookAtOutputAgain,
  type OutputResult,
  type OutputWork,
  resultOf,
  subjectOf,
} from "./output-step.ts";
import { findChangesDuringCreate, nameBlobs } from "./source-changes.ts";

/** Looks once how an output stands; when it is ready, whether it was made from what was checked. */
export async function followOutput(work: OutputWork): Promise<OutputResult> {
  const { record, request, output, kind, context } = work;
  const asked = withDecision(request, record.decided);
  const outcome = await kind.follow(asked, output, subjectOf(work));
  switch (outcome.state) {
    case "working": {
      const grown = pollDelay(output.attempts, context.timing.pollSeconds);
      const delay = Math.max(outcome.retryAfterSeconds ?? 0, grown);
      const looked = withRegions(work, outcome);
      return lookAtOutputAgain(looked, looked.output, delay);
    }
    case "again": {
      const dueAt = dueIn(outcome.retryInSeconds, context);
      const again = { ...outcome.output, state: "pending", operation: null, dueAt } as const;
      return resultOf(record, again, "");
    }
    case "canceled": {
      const message = "Azure canceled the operation";
      return endOutput(work, output, { state: "canceled", message });
    }
    case "failed": {
      const looked = withRegions(work, outcome);
      return failOutput(looked, looked.output, outcome.failure);
    }
    case "succeeded":
      return finish(withRegions(work, outcome), outcome.id);
  }
}

/** The work with the output as it was seen, and an event for every region that has ended. */
function withRegions(
  work: OutputWork,
  {
    output = work.output,
    regions = [],
  }: Pick<OutputOutcome & { state: "working" }, "regions"> & {
    readonly output?: OutputProgress;
  },
): OutputWork {
  const { kind, context } = work;
  const record = regions.reduce(
    (current, region) => noteRegion(current, { kind, region }, context.clock()),
    work.record,
  );
  return { ...work, record, output };
}

/**
 * What was made from a disk that changed meanwhile is not a success, whatever Azure says. A disk that is
 * gone may have changed before it went: the success says so.
 */
async function finish(work: OutputWork, id: string): Promise<OutputResult> {
  const { record, kind, context } = work;
  const output = { ...work.output, id };
  const { changed, gone, unknown } = await findChangesDuringCreate(record, context);
  if (changed.length > 0) return failOutput(work, output, sourceChanged(nameBlobs(changed), id));
  const doubts = [
    ...gone.map((disk) => describeGone(disk, kind.noun)),
    ...unknown.map((disk) => describeUnknown(disk, kind.noun)),
  ];
  const warnings = [...record.warnings, ...doubts.map((doubt) => `${doubt}.`)];
  const message = [`the ${kind.noun} ${id} is ready`, ...doubts].join("; ");
  return endOutput({ ...work, record: { ...record, warnings } }, output, {
    state: "succeeded",
    message,
  });
}

function describeGone({ ref }: DiskProgress, noun: string): string {
  return `${ref?.name} was deleted while the ${noun} was being created: whether it had changed before cannot be checked`;
}

function describeUnknown({ ref }: DiskProgress, noun: string): string {
  return `whether ${ref?.name} changed while the ${noun} was being created cannot be checked`;
}

function sourceChanged(blobs: string, id: string): Failure {
  return failure({
    code: "SourceChangedDuringCreate",
    message: `${blobs} changed while Azure created ${id} from it; the image may hold a half-written disk.`,
    fix: "Delete the image, finish the upload, and upload the manifest (or the VHD) again.",
    target: id,
  });
}
