import type { BlobLocator } from "../image/blob-uri.ts";
import type { ImageDefaults } from "../image/defaults.ts";
import type { Policy } from "../image/policy.ts";
import type { Outputs } from "../outputs/outputs.ts";
import type { PageTargets } from "../page-targets.ts";
import type { BlobStore, Clock, Logger, RecordStore, SourceService } from "../ports.ts";
import type { ConversionSettings } from "../record/conversion-settings.ts";
import type { RequestRecord } from "../record/record.ts";
import type { Timing } from "../record/timing.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** What the stages work with. */
export interface StageContext {
  readonly blobs: BlobStore;
  readonly outputs: Outputs;
  readonly sources: SourceService;
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  readonly locator: BlobLocator;
  readonly policy: Policy;
  readonly defaults: ImageDefaults;
  readonly timing: Timing;
  /** Page blobs that disks are converted to. */
  readonly targets: PageTargets;
  readonly conversion: ConversionSettings;
}

/** The record after a step, and in how many seconds the next step is due (nothing if terminal). */
export interface StageResult {
  readonly record: RequestRecord;
  readonly delaySeconds: number;
  /** Other requests whose next step is requested at once. */
  readonly wake?: readonly string[];
}

/** The hold that a step has on its record. */
export interface StepControl {
  /**
   * Claims the step before it does what must not be done twice at the same time. Of several processes
   * that take the same step one continues, with the record as returned; should it die, a message that was
   * sent before takes the step again after `overdueSeconds`.
   * @throws RecordConflictError for all the others.
   */
  claim(record: RequestRecord): Promise<RequestRecord>;
}

/** One short step of a request in one state. It reads and asks; what it saves and sends is its result. */
export type Stage = (
  record: RequestRecord,
  context: StageContext,
  control: StepControl,
) => Promise<StageResult>;

/** A result whose next step follows at once. */
export function proceed(record: RequestRecord): StageResult {
  return { record, delaySeconds: 0 };
}

/** A result that checks again later, in the same state. */
export function lookAgain(record: RequestRecord, delaySeconds: number): StageResult {
  return {
    record: { ...record, attempts: record.attempts + 1, retries: 0, refusals: 0, error: null },
    delaySeconds,
  };
}

/** The moment of a step, for transitions. */
export function momentOf(context: StageContext): { readonly now: Date; readonly timing: Timing } {
  return { now: context.clock(), timing: context.timing };
}
