import { ServiceError } from "../../errors.ts";
import { isObject } from "../../plain-object.ts";
import { type ArmAnswer, readRetryAfter } from "./arm-error.ts";

/** A JSON object of which nothing is known yet. */
export type Document = Readonly<Record<string, unknown>>;

/**
 * The JSON of an answer, empty for one without a body.
 * @throws ServiceError when it is not a JSON object.
 */
export function readDocument(answer: ArmAnswer): Document {
  let value: unknown;
  try {
    value = JSON.parse(answer.body || "{}");
  } catch (cause) {
    throw unreadableAnswer(answer, cause);
  }
  if (!isObject(value)) throw unreadableAnswer(answer);
  return value;
}

/** The object under a key, empty when there is none. */
export function objectAt(document: Document, key: string): Document {
  const value = document[key];
  return isObject(value) ? value : {};
}

/** A text in lower case, to be compared; null for anything else. */
export function wordOf(value: unknown): string | null {
  return typeof value === "string" ? value.toLowerCase() : null;
}

/** A successful answer that makes no sense: treated as no answer, so the call is repeated. */
export function unreadableAnswer(answer: ArmAnswer, cause?: unknown): ServiceError {
  return new ServiceError(
    {
      status: null,
      code: "UnreadableAnswer",
      message: `Azure's answer with status ${answer.status} is not the expected document`,
      target: null,
      details: [],
      retryAfterSeconds: readRetryAfter(answer.headers),
    },
    { cause },
  );
}

/** A size in GiB; null for what is not one. */
export function sizeOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null;
}
