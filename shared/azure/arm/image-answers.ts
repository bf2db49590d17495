import { findDifferences } from "../../image/compare-image.ts";
import { toImageBody } from "../../image/image-body.ts";
import { type ImageDraft, imageId } from "../../image/image-request.ts";
import type { FoundOutput, OperationStatus } from "../../ports.ts";
import { objectAt, readDocument, wordOf } from "./answer-document.ts";
import { type ArmAnswer, readArmError, readRetryAfter } from "./arm-error.ts";

/** Longer than the longest id of an image; more would not fit into messages. */
const MAX_ID_CHARACTERS = 1_024;

/**
 * The image that an answer describes, compared with a request. What it says about itself is only taken in the shape that the API
 * gives it: it ends up in the record.
 * @throws ServiceError when the answer is not a JSON object.
 */
export function toFoundImage(request: ImageDraft, answer: ArmAnswer): FoundOutput {
  const body = readDocument(answer);
  const { provisioningState } = objectAt(body, "properties");
  const isId = typeof body.id === "string" && body.id.length <= MAX_ID_CHARACTERS;
  return {
    id: isId ? String(body.id) : imageId(request),
    state: toResourceState(provisioningState),
    differences: findDifferences(toImageBody(request), body),
  };
}

/**
 * An operation's document. It is answered with 200 even when the operation failed; a status that we
 * do not know is work in progress.
 * @throws ServiceError for an error, for a redirect that the client did not follow, and for an answer
 * that is not a JSON object.
 */
export function toOperationStatus(answer: ArmAnswer): OperationStatus {
  if (answer.status === 404 || answer.status === 410) return { status: "gone" };
  if (answer.status >= 300) throw readArmError(answer);
  const { status } = readDocument(answer);
  switch (wordOf(status)) {
    case "succeeded":
      return { status: "succeeded" };
    case "failed":
      return { status: "failed", error: { ...readArmError(answer).parts, status: 200 } };
    case "canceled":
    case "cancelled":
      return { status: "canceled" };
    default:
      return { status: "running", retryAfterSeconds: readRetryAfter(answer.headers) };
  }
}

/** The service's words for how a resource stands; those we do not know are work in progress. */
export function toResourceState(state: unknown): FoundOutput["state"] {
  switch (wordOf(state)) {
    case "succeeded":
      return "succeeded";
    case "failed":
      return "failed";
    case "canceled":
      return "canceled";
    default:
      return "working";
  }
}
