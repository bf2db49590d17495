import { ServiceError } from "../errors.ts";
import type { ExistingImage, OperationStatus } from "../ports.ts";
import { type ArmAnswer, readArmError, readRetryAfter } from "./arm-error.ts";

/** Longer than the longest id of an image; more would not fit into messages. */
const MAX_ID_CHARACTERS = 1_024;

type Document = Readonly<Record<string, unknown>>;

/**
 * The image that an answer describes. What it says of itself is only taken in the shape that the API
 * gives it: it ends up in the record.
 * @throws ServiceError when the answer is no JSON object.
 */
export function toExistingImage(id: string, answer: ArmAnswer): ExistingImage {
  const body = readDocument(answer);
  const { provisioningState } = isDocument(body.properties) ? body.properties : {};
  return {
    id: typeof body.id === "string" && body.id.length <= MAX_ID_CHARACTERS ? body.id : id,
    provisioningState: toProvisioningState(provisioningState),
    body,
  };
}

/**
 * An operation's document. It is answered with 200 even when the operation failed; a status that we
 * do not know is work in progress.
 * @throws ServiceError for an error, for a redirect that the client did not follow, and for an answer
 * that is no JSON object.
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

/** An answer of success that makes no sense: as good as none, it is asked for again. */
export function unreadableAnswer(answer: ArmAnswer, cause?: unknown): ServiceError {
  return new ServiceError(
    {
      status: null,
      code: "UnreadableAnswer",
      message: `the service's answer with status ${answer.status} is not the document that it should be`,
      target: null,
      details: [],
      retryAfterSeconds: readRetryAfter(answer.headers),
    },
    { cause },
  );
}

/** The JSON of an answer, empty for one without a body. */
function readDocument(answer: ArmAnswer): Document {
  let value: unknown;
  try {
    value = JSON.parse(answer.body || "{}");
  } catch (cause) {
    throw unreadableAnswer(answer, cause);
  }
  if (!isDocument(value)) throw unreadableAnswer(answer);
  return value;
}

/** The service's words for how a resource stands; those we do not know are work in progress. */
function toProvisioningState(state: unknown): ExistingImage["provisioningState"] {
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

function wordOf(value: unknown): string | null {
  return typeof value === "string" ? value.toLowerCase() : null;
}

function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
