import type { BlobProperties } from "../ports.ts";
import { MAX_WAIT_SECONDS } from "../record/delays.ts";
import type { Observation } from "../record/record.ts";
import type { Timing } from "../record/timing.ts";
import { findWord } from "../vocabulary.ts";

/** Whether a page blob counts as uploaded, and when to check again if not. */
export type Completion =
  | { readonly kind: "settled"; readonly observed: Observation }
  | {
      readonly kind: "uploading" | "copying";
      readonly detail: string;
      readonly observed: Observation;
      /** Seconds until the answer can be another one. */
      readonly lookAgainSeconds: number;
    };

/** A sign that whoever wrote a blob has come to the end. */
export interface EndMark {
  readonly id: string;
  /** Who sets it, and why it can be believed. */
  readonly why: string;
  readonly holds: (blob: BlobProperties, observed: Observation) => boolean;
}

export const END_MARKS: readonly EndMark[] = [
  {
    id: "copied",
    why: "Storage itself reports that its server-side copy has ended, and nothing has been written since.",
    holds: (blob) =>
      blob.copyStatus === "success" &&
      blob.copyCompletedOn !== null &&
      secondsBetween(blob.copyCompletedOn, blob.lastModified) < 1,
  },
  {
    id: "uploadcomplete",
    why: "The uploader says so in the blob's metadata.",
    holds: (blob) => findWord(["true"], blob.metadata.uploadcomplete ?? "") === "true",
  },
  {
    id: "content-md5",
    why: "Add-AzVhd and azure-vhd-utils set Content-MD5 last. A copy from service to service carries the source's from the first moment, so only one that we saw appear counts.",
    holds: (blob, observed) =>
      blob.contentMd5 !== null && !observed.md5FromStart && !blob.metadata.diskmetadata,
  },
];

/**
 * A page blob has its full length from the moment it is created, and no event reports its last page.
 * It counts as settled when
 * 1. a manifest that names it was written after its last change, and its ETag is the same on two reads
 *    at least `settleMinSeconds` apart; or
 * 2. it has an end mark, with the same two reads; or
 * 3. its ETag has not changed for `settleSeconds`.
 *
 * A blob that its uploader still marks as unfinished is not settled whatever the rest says. All times
 * are the storage service's, so clocks need not agree.
 */
export function judgeCompletion(
  blob: BlobProperties,
  before: Observation | null,
  context: { readonly manifestWrittenAt: Date | null; readonly timing: Timing },
): Completion {
  const { settleSeconds, settleMinSeconds } = context.timing;
  const observed = observe(blob, before);
  const unfinished = explainUnfinished(blob);
  if (unfinished !== null) {
    const lookAgainSeconds = Math.min(MAX_WAIT_SECONDS, settleMinSeconds);
    return { ...unfinished, observed, lookAgainSeconds };
  }
  const quietSeconds = secondsBetween(blob.lastModified, blob.readAt);
  const watchedSeconds = secondsBetween(new Date(observed.firstReadAt), blob.readAt);
  const isAnnounced =
    (context.manifestWrittenAt !== null && context.manifestWrittenAt >= blob.lastModified) ||
    END_MARKS.some((mark) => mark.holds(blob, observed));
  const isSeenTwice = before?.etag === blob.etag && watchedSeconds >= settleMinSeconds;
  if ((isAnnounced && isSeenTwice) || quietSeconds >= settleSeconds) {
    return { kind: "settled", observed };
  }
  const untilQuiet = settleSeconds - quietSeconds;
  const untilSeenTwice = isAnnounced ? settleMinSeconds - watchedSeconds : untilQuiet;
  return {
    kind: "uploading",
    detail: `last written ${Math.round(quietSeconds)} s ago`,
    observed,
    lookAgainSeconds: clampDelay(Math.min(untilQuiet, untilSeenTwice)),
  };
}

/** What is remembered of a blob: since when it has been unchanged, and what its first look found. */
export function observe(blob: BlobProperties, before: Observation | null): Observation {
  const createdOn = blob.createdOn.toISOString();
  const isSameUpload = before?.createdOn === createdOn;
  return {
    etag: blob.etag,
    firstReadAt: before?.etag === blob.etag ? before.firstReadAt : blob.readAt.toISOString(),
    lastModified: blob.lastModified.toISOString(),
    createdOn,
    md5FromStart: isSameUpload ? before.md5FromStart : blob.contentMd5 !== null,
  };
}

/**
 * Signs that a blob is not finished: a copy that is under way; and the working metadata of Add-AzVhd
 * and azure-vhd-utils before they have set Content-MD5.
 */
function explainUnfinished(
  blob: BlobProperties,
): { readonly kind: "uploading" | "copying"; readonly detail: string } | null {
  if (blob.copyStatus === "pending") {
    return { kind: "copying", detail: "server-side copy in progress" };
  }
  if (blob.metadata.diskmetadata && blob.contentMd5 === null) {
    return { kind: "uploading", detail: "its uploader has marked it as unfinished (diskmetadata)" };
  }
  return null;
}

function clampDelay(seconds: number): number {
  return Math.min(MAX_WAIT_SECONDS, Math.max(0.2, seconds));
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000);
}
