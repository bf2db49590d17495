import type { Failure } from "../errors.ts";
import type { ImageDraft } from "../image/image-request.ts";
import type { OutputKind, OutputSubject } from "../outputs/output-kind.ts";
import type { OutputProgress } from "../record/output.ts";
import { type RequestRecord, replaceOutput } from "../record/record.ts";
import { addSeconds } from "../record/transitions.ts";
import type { StageContext, StepControl } from "./stage.ts";

/** What a step of one output works on. */
export interface OutputWork {
  readonly record: RequestRecord;
  readonly request: ImageDraft;
  readonly output: OutputProgress;
  readonly kind: OutputKind;
  readonly context: StageContext;
  readonly control: StepControl;
}

/** What came of it: the record with the output as it is now, and what to say about it. */
export interface OutputResult {
  readonly record: RequestRecord;
  readonly output: OutputProgress;
  /** For the event, if the request's state changes with it. */
  readonly message: string;
}

/** The part of an output that counts what goes wrong, as after a step in which nothing did. */
const UNTROUBLED = { error: null, attempts: 0, retries: 0, refusals: 0, dueAt: null } as const;

/** The output after a step, in the record. */
export function resultOf(
  record: RequestRecord,
  output: OutputProgress,
  message: string,
): OutputResult {
  return { record: replaceOutput(record, output), output, message };
}

/** What a kind may want to know about the work besides the request. */
export function subjectOf({
  record,
  context,
}: Pick<OutputWork, "record" | "context">): OutputSubject {
  const { records, sources, clock, timing } = context;
  return { record, records, sources, clock, pollSeconds: timing.pollSeconds };
}

/** Checks later; nothing went wrong. */
export function lookAtOutputAgain(
  { record, context }: Pick<OutputWork, "record" | "context">,
  output: OutputProgress,
  delaySeconds: number,
): OutputResult {
  const { attempts } = output;
  const waiting = { ...output, ...UNTROUBLED, attempts: attempts + 1 };
  return resultOf(record, { ...waiting, dueAt: dueIn(delaySeconds, context) }, "");
}

/** Azure is at work on it: from here on it is followed. */
export function nowCreating(
  { record, context }: Pick<OutputWork, "record" | "context">,
  output: OutputProgress,
  message: string,
): OutputResult {
  const dueAt = dueIn(context.timing.pollSeconds, context);
  return resultOf(record, { ...output, ...UNTROUBLED, state: "creating", dueAt }, message);
}

/** The output in one of its ends. */
export function endOutput(
  { record, context }: Pick<OutputWork, "record" | "context">,
  output: OutputProgress,
  end: {
    readonly state: "succeeded" | "failed" | "canceled";
    readonly message: string;
    readonly error?: Failure;
  },
): OutputResult {
  const { state, message, error = null } = end;
  const endedAt = context.clock().toISOString();
  return resultOf(record, { ...output, ...UNTROUBLED, state, error, endedAt }, message);
}

/** The output as failed, with its error. */
export function failOutput(
  work: Pick<OutputWork, "record" | "context">,
  output: OutputProgress,
  error: Failure,
): OutputResult {
  const message = `${error.code}: ${error.message}`;
  return endOutput(work, output, { state: "failed", message, error });
}

/** The moment at which a step is due that waits so many seconds. */
export function dueIn(seconds: number, context: Pick<StageContext, "clock">): string {
  return addSeconds(context.clock(), seconds).toISOString();
}
