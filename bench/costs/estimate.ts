import { parseSchedule } from "../../local/functions-host/timer/schedule.ts";
import type { Settings } from "../../shared/settings/settings.ts";
import {
  type Course,
  countStepsOfManifest,
  countStepsOfVhd,
  countSweepLooks,
  type StepCounts,
} from "./count-steps.ts";
import type { Measured } from "./measure.ts";
import { addUsage, NO_USAGE, scaleUsage, type Usage } from "./usage.ts";

/** What is assumed of uploads and of the service. Seconds. */
export type Assumptions = Pick<Course, "uploadSeconds" | "operationSeconds">;

/** What something costs, apart by who asks storage. */
export interface Cost {
  readonly app: Usage;
  /** Storage operations that the Functions host makes for it. */
  readonly host: Usage;
}

/** What is derived from the measured steps for some settings. */
export interface Estimate {
  /** How often each kind of run comes for one image. */
  readonly runsPerImage: StepCounts;
  /** For one image of a VHD that no manifest names. */
  readonly vhd: Cost;
  /** For one image of a manifest and its VHD. */
  readonly manifest: Cost;
  /** For an hour without uploads, with one instance listening to each queue. */
  readonly idleHour: Cost;
}

const SECONDS_PER_HOUR = 3600;

/** A step: its message is received, perhaps with others, and deleted. */
const HOST_PER_STEP = hostUsage({ queueClass1: 1, queueClass2: 1 });
/** An event: put on the host's own queue, received, deleted; the blob's properties are checked. */
const HOST_PER_EVENT = hostUsage({ queueClass1: 2, queueClass2: 1, blobOther: 1 });
/** A timer's run: its status is written down. */
const HOST_PER_SWEEP = hostUsage({ blobWrite: 1 });
/** `image-work`, the two poison queues, and the host's own queue of upload events. */
const QUEUES_LISTENED_TO = 4;

/** Joins what a step uses to how often it comes. @param pollingSeconds `maxPollingInterval` of the host */
export function estimate(
  measured: Measured,
  settings: Pick<Settings, "timing" | "sweepSchedule">,
  assumptions: Assumptions,
  pollingSeconds: number,
): Estimate {
  const sweepSeconds = intervalOf(settings.sweepSchedule);
  const course = { ...assumptions, sweepSeconds, timing: settings.timing };
  const sweepsPerHour = SECONDS_PER_HOUR / sweepSeconds;
  const looksPerHour = (QUEUES_LISTENED_TO * SECONDS_PER_HOUR) / pollingSeconds;
  const ofVhd = countStepsOfVhd(course);
  const ofManifest = countStepsOfManifest(course);
  const looksAtVhd = countSweepLooks(course);
  const looksAtManifest = countSweepLooks({ ...course, uploadSeconds: 0 });
  return {
    runsPerImage: new Map([...ofVhd, ...ofManifest]),
    vhd: costOfSteps(measured, ofVhd, looksAtVhd),
    manifest: costOfSteps(measured, ofManifest, looksAtVhd + looksAtManifest),
    idleHour: {
      app: scaleUsage(measured.sweep.usage, sweepsPerHour),
      host: addUsage([
        scaleUsage(HOST_PER_SWEEP, sweepsPerHour),
        scaleUsage(hostUsage({ queueClass2: 1 }), looksPerHour),
      ]),
    },
  };
}

/** A kind of run that has to be counted was not among those measured. */
export class UnmeasuredStepError extends Error {
  override readonly name = "UnmeasuredStepError";
}

function costOfSteps(measured: Measured, counts: StepCounts, sweepLooks: number): Cost {
  const app = [...counts].map(([label, count]) => {
    const step = measured.steps.get(label);
    if (step !== undefined) return scaleUsage(step.usage, count);
    throw new UnmeasuredStepError(`no run of "${label}" was measured`);
  });
  const host = [...counts].map(([label, count]) =>
    scaleUsage(label.endsWith(": ingest") ? HOST_PER_EVENT : HOST_PER_STEP, count),
  );
  const sweeps = scaleUsage(measured.sweepPerBlob, sweepLooks);
  return { app: addUsage([...app, sweeps]), host: addUsage(host) };
}

/** Seconds between two runs of a timer. */
function intervalOf(schedule: string): number {
  const start = new Date(0);
  const { next } = parseSchedule(schedule, start);
  const first = next(start) ?? start;
  const second = next(first) ?? first;
  return (second.getTime() - first.getTime()) / 1000;
}

function hostUsage(operations: Partial<Usage["operations"]>): Usage {
  return { ...NO_USAGE, operations: { ...NO_USAGE.operations, ...operations } };
}
