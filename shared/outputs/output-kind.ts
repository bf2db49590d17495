import type { Failure } from "../errors.ts";
import type { ImageDraft, ImageRequest } from "../image/image-request.ts";
import type { Clock, FoundOutput, RecordStore, SourceService } from "../ports.ts";
import type { OutputProgress } from "../record/output.ts";
import type { RequestRecord } from "../record/record.ts";
import type { Timing } from "../record/timing.ts";

/** What a kind may want to know besides the request, and what it may ask and note. */
export interface OutputSubject {
  readonly record: RequestRecord;
  readonly records: RecordStore;
  readonly sources: SourceService;
  readonly clock: Clock;
  /** The setting POLL_SECONDS. */
  readonly pollSeconds: number;
}

/** A region that has just got an output, or will not get it. */
export interface RegionEnd {
  readonly region: string;
  readonly state: string;
  readonly details: string;
}

/** What every look at an output may bring besides its outcome. */
interface Looked {
  /** The output as it is now; when absent, as it was. */
  readonly output?: OutputProgress;
  /** Each becomes an event of its own. */
  readonly regions?: readonly RegionEnd[];
}

/** Whether an output can be requested. What `output` notes is saved before the PUT. */
export type OutputCheck =
  | {
      readonly verdict: "ready";
      readonly output: OutputProgress;
      /** What a user should know, as full sentences. */
      readonly warnings?: readonly string[];
    }
  | { readonly verdict: "refused"; readonly failure: Failure }
  | {
      readonly verdict: "later";
      readonly output: OutputProgress;
      /** What is in the way, as the status shows it meanwhile. */
      readonly reason: Failure;
    };

/** What came of a request to Azure: accepted, or something had to be cleared away first. */
export type OutputCreation =
  /** Null when the answer named no operation. */
  | { readonly operationUrl: string | null }
  | { readonly retryInSeconds: number }
  /** Azure did something else than it was asked, or somebody else was faster: the output has failed. */
  | { readonly failure: Failure };

/** How an output stands after one look. `again`: it is to be requested once more, from the start. */
export type OutputOutcome =
  | ({
      readonly state: "working";
      readonly output: OutputProgress;
      readonly retryAfterSeconds: number | null;
    } & Looked)
  | ({ readonly state: "succeeded"; readonly id: string } & Looked)
  | ({ readonly state: "failed"; readonly failure: Failure } & Looked)
  | { readonly state: "canceled" }
  | { readonly state: "again"; readonly output: OutputProgress; readonly retryInSeconds: number };

/**
 * One kind of thing that a request can make: all that the stages know of it. Each method looks or acts
 * once and returns; waiting is the stages' part, as are the claim before the PUT, retries, deadlines,
 * notes of who made what, and the comparison of the sources at the end. Every method may throw
 * ServiceError.
 */
export interface OutputKind {
  /** Its name in records and statuses. */
  readonly kind: string;
  /** What it is called in messages: "image". */
  readonly noun: string;
  /** Whether a request makes one. */
  isWanted(request: ImageDraft): boolean;
  /** The setting behind {@link deadlineSeconds}. */
  readonly deadlineSetting: string;
  /** How long Azure may take from the PUT to the end. */
  deadlineSeconds(timing: Timing): number;
  /** Whether it can be requested; names it where its name is not given. Repeated without harm. */
  check(request: ImageDraft, output: OutputProgress, subject: OutputSubject): Promise<OutputCheck>;
  /** Its resource id; null before it has a name. */
  idOf(request: ImageDraft, output: OutputProgress): string | null;
  /** Whether it gets another name when somebody else takes the one it has before its PUT. */
  mayRename(request: ImageDraft): boolean;
  /** What exists under its id, compared with the request; null when nothing does. */
  find(
    request: ImageDraft,
    output: OutputProgress,
    subject: Pick<OutputSubject, "record">,
  ): Promise<FoundOutput | null>;
  /** The failure for something that exists and is in the way; `reason` follows "exists and". */
  explainExisting(found: FoundOutput, reason: string): Failure;
  /** Sends the PUT, once. Called only where nothing exists, or what Azure gave up. */
  create(
    request: ImageRequest,
    output: OutputProgress,
    subject: OutputSubject,
  ): Promise<OutputCreation>;
  /** Looks once how it stands after its PUT. */
  follow(
    request: ImageDraft,
    output: OutputProgress,
    subject: OutputSubject,
  ): Promise<OutputOutcome>;
}
