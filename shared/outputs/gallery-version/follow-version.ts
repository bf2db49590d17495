import type { Failure, ServiceErrorParts } from "../../errors.ts";
import type { FoundVersion, GalleryService, Replication } from "../../gallery-ports.ts";
import { versionId } from "../../image/gallery-request.ts";
import type { OutputProgress } from "../../record/output.ts";
import { retryOf, toFailure } from "../../service-errors/service-errors.ts";
import type { OutputOutcome, OutputSubject } from "../output-kind.ts";
import type { VersionRequest } from "./check-version.ts";
import {
  explainReplicationFailed,
  explainVersionFailed,
  explainVersionVanished,
} from "./failures.ts";
import { isOwnVersion } from "./own-version.ts";
import {
  advanceReplication,
  hasRegion,
  isReplicated,
  listFailedRegions,
  listRegionChanges,
} from "./replication.ts";

/** PUTs under one number, the first included. */
const MAX_ATTEMPTS = 3;
/** Replication takes minutes, then hours: from here on it is polled less often. Seconds. */
const SOON_SECONDS = 15 * 60;
/** How much less often. */
const LATER_FACTOR = 60;

/** Looks once how a version stands: its operation, then each of its regions. */
export async function followVersion(
  request: VersionRequest,
  output: OutputProgress,
  subject: OutputSubject,
  { galleries, version }: { readonly galleries: GalleryService; readonly version: string },
): Promise<OutputOutcome> {
  const { gallery } = request;
  const id = versionId(gallery, version);
  const named: OutputProgress = { ...output, id, progress: { ...output.progress, version } };
  const url = output.operation?.url ?? null;
  const operation = url === null ? null : await galleries.poll(gallery, url);
  if (operation?.status === "canceled") return { state: "canceled" };
  const isOver = operation === null || operation.status !== "running";
  const found = await galleries.findVersion(gallery, version);
  if (operation?.status === "failed") {
    const partial = found && endPartly(request, forgetUrl(named), found, operation.error);
    return partial ?? failOrRetry(named, operation.error);
  }
  if (found === null || found.state === "deleting" || !isOwn(found, output, subject)) {
    return { state: "failed", failure: explainVersionVanished(id), output: { ...named, id: null } };
  }
  if (found.state === "canceled") return { state: "canceled" };
  // Its operation says why; without one, nobody does.
  if (found.state === "failed" && isOver) {
    const reason = explainVersionFailed(found.id);
    return endPartly(request, named, found, reason) ?? failOrRetry(named, reason);
  }
  const retryAfterSeconds = Math.max(
    operation?.status === "running" ? (operation.retryAfterSeconds ?? 0) : 0,
    laterDelay(output, subject),
  );
  return followRegions(request, isOver ? forgetUrl(named) : named, found, retryAfterSeconds);
}

function followRegions(
  { gallery }: VersionRequest,
  output: OutputProgress,
  found: FoundVersion,
  retryAfterSeconds: number,
): OutputOutcome {
  const before = (output.progress.replication ?? null) as Replication | null;
  const replication = advanceReplication(before, found.replication);
  const changes = listRegionChanges(before, replication);
  const current: OutputProgress = {
    ...output,
    id: found.id,
    state: hasRegion(replication) ? "replicating" : "creating",
    progress: { ...output.progress, replication },
  };
  const common = { output: current, regions: changes };
  if (found.state === "succeeded") {
    if (isReplicated(replication)) return { state: "succeeded", id: found.id, ...common };
    const failed = listFailedRegions(replication);
    if (failed.length > 0) {
      const failure = explainReplicationFailed(gallery, found.id, failed);
      return { state: "failed", failure, ...common };
    }
  }
  return { state: "working", retryAfterSeconds, ...common };
}

/**
 * A version that some region has is never deleted, whatever its operation has failed for: mostly for
 * other regions alone. Null when no region has it.
 */
function endPartly(
  request: VersionRequest,
  output: OutputProgress,
  found: FoundVersion,
  error: ServiceErrorParts | Failure,
): OutputOutcome | null {
  if (!hasRegion(found.replication)) return null;
  const hasFailed = found.replication.regions.some(({ state }) => state === "Failed");
  return hasFailed
    ? followRegions(request, output, { ...found, state: "succeeded" }, 0)
    : { state: "failed", failure: explain(error, found.id), output: { ...output, id: found.id } };
}

/** A failure that may pass is followed by another PUT under the same number, after a DELETE. */
function failOrRetry(output: OutputProgress, error: ServiceErrorParts | Failure): OutputOutcome {
  const isOfService = "retryAfterSeconds" in error;
  const failure = explain(error, output.id ?? "");
  const mayPass = isOfService ? retryOf(error) === "later" : error.retryable;
  const attempt = typeof output.notes.attempt === "number" ? output.notes.attempt : 1;
  if (!mayPass || attempt >= MAX_ATTEMPTS) return { state: "failed", failure, output };
  const { replication: _, ...progress } = output.progress;
  return {
    state: "again",
    output: { ...output, id: null, progress, notes: { ...output.notes, attempt: attempt + 1 } },
    retryInSeconds: isOfService ? (error.retryAfterSeconds ?? 0) : 0,
  };
}

function explain(error: ServiceErrorParts | Failure, id: string): Failure {
  return "retryAfterSeconds" in error ? toFailure(error, id) : error;
}

/** A version that exists already may be another request's, which has published the same disks. */
function isOwn(found: FoundVersion, { puts }: OutputProgress, { record }: OutputSubject): boolean {
  return puts === 0 || isOwnVersion(found, record);
}

function laterDelay({ operation }: OutputProgress, { clock, pollSeconds }: OutputSubject): number {
  if (operation === null) return 0;
  const seconds = (clock().getTime() - Date.parse(operation.submittedAt)) / 1000;
  return seconds < SOON_SECONDS ? 0 : LATER_FACTOR * pollSeconds;
}

function forgetUrl(output: OutputProgress): OutputProgress {
  return { ...output, operation: output.operation && { ...output.operation, url: null } };
}
