import type { ServiceError } from "../errors.ts";
import { growingDelay, spread } from "../record/delays.ts";
import type { RequestRecord } from "../record/record.ts";
import { FEW_ATTEMPTS, retryOf, toFailure } from "../service-errors/service-errors.ts";
import { dueIn, failOutput, type OutputResult, type OutputWork, resultOf } from "./output-step.ts";

/**
 * What follows from an error of the service for an output: another try later, or its end. The wait,
 * however long the service asks for, is spent in the queue.
 */
export function retryOutput(
  work: Pick<OutputWork, "record" | "request" | "output" | "kind" | "context">,
  error: ServiceError,
): OutputResult {
  const { record, output, context } = work;
  const failed = toFailure(error.parts, idOfOutput(work));
  const retry = retryOf(error.parts);
  const refusals = retry === "few" ? output.refusals + 1 : 0;
  if (retry === "never" || refusals >= FEW_ATTEMPTS) {
    return failOutput(work, output, failed);
  }
  const { code, status, retryAfterSeconds } = error.parts;
  const grown = growingDelay(context.timing.retrySeconds, output.retries);
  const wanted = spread(Math.max(retryAfterSeconds ?? 0, grown), record.requestId, output.retries);
  const delay = Math.min(wanted, secondsLeft(record, context.clock()));
  const retries = output.retries + 1;
  context.log.warn("request.service.retry", {
    requestId: record.requestId,
    state: record.state,
    output: output.kind,
    status,
    code,
    attempt: retries,
    delaySeconds: Math.round(delay),
  });
  context.telemetry.measure("vhd_to_image.retries", 1, { code });
  // Kept so that a deadline that strikes while the service is failing can say why.
  const trouble = { error: failed, retries, refusals };
  return resultOf(record, { ...output, ...trouble, dueAt: dueIn(delay, context) }, "");
}

/** The output's resource id, or empty where it has no name yet. */
function idOfOutput({ kind, request, output }: Pick<OutputWork, "kind" | "request" | "output">) {
  return kind.idOf(request, output) ?? "";
}

/** Seconds until the state's deadline: however long the service asks to wait, it ends then. */
function secondsLeft(record: RequestRecord, now: Date): number {
  if (record.deadlineAt === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, (new Date(record.deadlineAt).getTime() - now.getTime()) / 1000);
}
