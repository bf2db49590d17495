import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { type Failure, failure } from "../../shared/errors.ts";
import { toCloudEvent } from "../../shared/events.ts";
import { LIMITS } from "../../shared/limits.ts";
import { boundFailure } from "../../shared/record/bound-failure.ts";
import { failureSchema } from "../../shared/record/failure.ts";
import { fail } from "../../shared/record/transitions.ts";
import { redactDeep } from "../../shared/redact.ts";
import { makeRecord, makeTiming, NOW } from "../factories.ts";
import { anyText } from "./any-text.ts";
import { SECRET } from "./expect-sound-request.ts";
import { defineTarget } from "./target.ts";

const texts = fc.oneof(
  fc.constantFrom("", "a", "\ud800", "\0", "<html>", `see https://x.example/?sv=1&sig=${SECRET}`),
  anyText({ maxLength: 60 }),
  fc
    .tuple(
      fc.constantFrom("a", "\u0001", "盤", "💾", "\ud83d", "-eyJ", "?sig=", "\\", '"', "&amp;"),
      fc.nat(30_000),
    )
    .map(([part, times]) => part.repeat(times).slice(0, 60_000)),
);

export const failureCases: fc.Arbitrary<Failure> = fc
  .record({
    code: texts,
    message: texts,
    fix: fc.option(texts),
    target: fc.option(texts),
    details: fc.array(fc.record({ code: texts, message: texts, target: fc.option(texts) }), {
      maxLength: 100,
      size: "small",
    }),
  })
  .map((parts) => failure(parts));

/** What is kept of a failure has a bounded size, no secret, and fits into an event. */
export function checkFailure(given: Failure): void {
  const kept = boundFailure(given);
  failureSchema.parse(kept);
  const { code, message, fix, target, details } = kept;
  const within = (text: string | null, limit: number): void =>
    ok((text ?? "").length <= limit, `${text?.length} characters of ${limit}`);
  within(code, LIMITS.errorCode.limit);
  within(message, LIMITS.errorMessage.limit);
  within(fix, LIMITS.errorFix.limit);
  within(target, LIMITS.errorTarget.limit);
  ok(details.length <= LIMITS.details.limit, `${details.length} details`);
  for (const detail of details) {
    within(detail.code, LIMITS.errorCode.limit);
    within(detail.message, LIMITS.detailMessage.limit);
    within(detail.target, LIMITS.errorTarget.limit);
  }
  ok(!JSON.stringify(kept).includes(SECRET), "a planted secret is kept");
  // It is redacted again when it is saved.
  deepStrictEqual(redactDeep(kept), kept);
  const record = fail(makeRecord(), given, { now: NOW, timing: makeTiming() });
  for (const event of record.events) {
    const bytes = Buffer.byteLength(JSON.stringify(toCloudEvent(record, event, "own")));
    ok(bytes <= LIMITS.queueMessage.limit, `an event of ${bytes} bytes`);
  }
}

export const keptFailures = defineTarget("kept failures", failureCases, checkFailure);
