import type { BlobProperties } from "../ports.ts";
import { MAX_WAIT_SECONDS } from "../request/delays.ts";
import type { Observation } from "../request/record.ts";
import type { Timing } from "../settings.ts";

/** Whether a page blob can be taken for uploaded, and when to look again if not. */
export type Completion =
  | { readonly kind: "settled"; readonly observed: Observation }
  | {
      readonly kind: "uploading" | "copying";
      readonly detail: string;
      readonly observed: Observation;
      /** Seconds until the answer can be another one. */
      readonly lookAgainSeconds: number;
    };

/**
 * A page blob has its full length from the moment it is created, and no event tells of its last page.
 * It counts as settled when
 * - a manifest that names it was written after its last change, and its ETag is the same on two reads
 *   at least `settleMinSeconds` apart; or
 * - its ETag has not changed for `settleSeconds`.
 *
 * All times are the storage service's, so clocks need not agree.
 */
export function judgeCompletion(
  blob: BlobProperties,
  before: Observation | null,
  context: { readonly manifestWrittenAt: Date | null; readonly timing: Timing },
): Completion {
  const { settleSeconds, settleMinSeconds } = context.timing;
  const observed = observe(blob, before);
  const untouchedSeconds = secondsBetween(blob.lastModified, blob.readAt);
  if (blob.copyStatus === "pending") {
    return {
      kind: "copying",
      detail: "server-side copy in progress",
      observed,
      lookAgainSeconds: settleMinSeconds,
    };
  }
  const isAnnounced =
    context.manifestWrittenAt !== null && context.manifestWrittenAt >= blob.lastModified;
  const watchedSeconds = secondsBetween(new Date(observed.firstReadAt), blob.readAt);
  const isSeenTwice = before?.etag === blob.etag && watchedSeconds >= settleMinSeconds;
  if ((isAnnounced && isSeenTwice) || untouchedSeconds >= settleSeconds) {
    return { kind: "settled", observed };
  }
  const untilQuiet = settleSeconds - untouchedSeconds;
  const untilSeenTwice = isAnnounced ? settleMinSeconds - watchedSeconds : untilQuiet;
  return {
    kind: "uploading",
    detail: `last written ${Math.round(untouchedSeconds)} s ago`,
    observed,
    lookAgainSeconds: clampDelay(Math.min(untilQuiet, untilSeenTwice)),
  };
}

/** What is remembered of a blob: since when it looks as it does. */
export function observe(blob: BlobProperties, before: Observation | null): Observation {
  const isSame = before?.etag === blob.etag;
  return {
    etag: blob.etag,
    firstReadAt: isSame ? before.firstReadAt : blob.readAt.toISOString(),
    lastModified: blob.lastModified.toISOString(),
    createdOn: blob.createdOn.toISOString(),
  };
}

function clampDelay(seconds: number): number {
  return Math.min(MAX_WAIT_SECONDS, Math.max(0.2, seconds));
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000);
}
