import { serviceStatusOf } from "../../errors.ts";
import type { FoundVersion, GalleryService } from "../../gallery-ports.ts";
import { versionId } from "../../image/gallery-request.ts";
import type { OutputProgress } from "../../record/output.ts";
import type { OutputCreation, OutputSubject } from "../output-kind.ts";
import type { VersionRequest } from "./check-version.ts";
import { explainOverwritten, explainVersionExists } from "./failures.ts";
import { isOwnVersion } from "./own-version.ts";
import { toOwnVersionBody } from "./version-body.ts";
import { accountsOf, isOpenNumber, numberOf } from "./version-work.ts";

/** How many times less often a version that is being deleted is checked: that takes minutes. */
const DELETE_FACTOR = 3;

/** Sends the PUT of a version, once; one of its own that failed is deleted first. */
export async function createVersion(
  request: VersionRequest,
  output: OutputProgress,
  { record, pollSeconds }: OutputSubject,
  galleries: GalleryService,
): Promise<OutputCreation> {
  const { gallery } = request;
  const untilDeleted = { retryInSeconds: DELETE_FACTOR * pollSeconds };
  const version = numberOf(request, output);
  const present = await galleries.findVersion(gallery, version);
  if (present?.state === "failed" && isOwnVersion(present, record)) {
    // It holds its number until it is deleted, and only one of our own is.
    await galleries.deleteVersion(gallery, version);
    return untilDeleted;
  }
  if (present?.state === "deleting") return untilDeleted;
  if (present !== null) return refuseExisting(request, present);
  const body = toOwnVersionBody(request, accountsOf(output), record.requestId);
  try {
    const { operationUrl, isNew } = await galleries.createVersion(gallery, version, body);
    // The first PUT of a number that did not exist creates; an answer 200 means that it changed one.
    if (!isNew && output.puts <= 1)
      return { failure: explainOverwritten(versionId(gallery, version)) };
    return { operationUrl };
  } catch (error) {
    const status = serviceStatusOf(error);
    const rival = status === 409 ? await galleries.findVersion(gallery, version) : null;
    if (rival === null || isOwnVersion(rival, record)) throw error;
    return refuseExisting(request, rival);
  }
}

/** Somebody else was faster: an open number becomes the next one, a given one is taken. */
function refuseExisting({ gallery }: VersionRequest, { id, state }: FoundVersion): OutputCreation {
  if (isOpenNumber(gallery.version)) return { retryInSeconds: 0 };
  const found = { id, state: state === "deleting" ? "working" : state, differences: [] } as const;
  const reason = "was created by another client before Azure accepted this request";
  return { failure: explainVersionExists(found, reason) };
}
