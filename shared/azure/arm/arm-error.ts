import { type ErrorDetail, ServiceError } from "../../errors.ts";
import { isObject } from "../../plain-object.ts";
import { redactUpTo } from "../../redact.ts";

/** An answer of the service, as far as errors are concerned. */
export interface ArmAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null | undefined;
}

const MAX_DEPTH = 8;
const MAX_MESSAGE = 2000;
const MAX_CODE = 200;
const MAX_TARGET = 500;
const MAX_WAIT_SECONDS = 24 * 3600;

/**
 * The error in an answer of Resource Manager. The outermost error is often just "multiple errors
 * occurred": the innermost is the cause, and a message may itself be an error in JSON.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
export function readArmError(answer: ArmAnswer, options?: ErrorOptions): ServiceError {
  const chain = flatten(errorOf(parseJson(answer.body)), 0);
  const innermost = chain.at(-1) ?? {
    code: `Http${answer.status}`,
    message: `Azure answered with status ${answer.status} and no error details`,
    target: null,
  };
  const target = chain.findLast((error) => error.target !== null)?.target ?? null;
  const { code } = innermost;
  const message =
    readableMessage(chain) ?? (innermost.message || "Azure gave an error code without a message");
  const details = chain.length > 1 ? chain : [];
  const { status } = answer;
  return new ServiceError(
    { status, code, message, target, details, retryAfterSeconds: readRetryAfter(answer.headers) },
    options,
  );
}

/**
 * Seconds to wait by the headers of an answer, whole or as a date; null when they do not say. Nobody
 * is asked to wait for longer than a day.
 */
export function readRetryAfter(
  headers: Readonly<Record<string, string>>,
  now: Date = new Date(),
): number | null {
  const seconds = readSeconds(headers, now);
  return seconds === null ? null : Math.min(MAX_WAIT_SECONDS, seconds);
}

function readSeconds(headers: Readonly<Record<string, string>>, now: Date): number | null {
  const milliseconds = headers["retry-after-ms"] ?? headers["x-ms-retry-after-ms"];
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) return Number(milliseconds) / 1000;
  const value = headers["retry-after"];
  if (value === undefined) return null;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, (date - now.getTime()) / 1000);
}

/** The error of an operation's document, or of any JSON that carries one, from the outside inwards. */
function flatten(error: unknown, depth: number): ErrorDetail[] {
  if (!isObject(error) || depth > MAX_DEPTH) return [];
  const code = textOf(error.code);
  const message = textOf(error.message);
  if (code === null && message === null) return [];
  const nested = errorOf(parseJson(message));
  const own: ErrorDetail = {
    code: redactUpTo(code ?? "Unknown", MAX_CODE),
    message: redactUpTo(message ?? "", MAX_MESSAGE),
    target: redactUpTo(textOf(error.target) ?? "", MAX_TARGET) || null,
  };
  if (nested !== null)
    return [{ ...own, message: code === null ? "" : own.code }, ...flatten(nested, depth + 1)];
  const inner = firstDetail(error.details) ?? error.innererror;
  return [own, ...flatten(inner, depth + 1)];
}

/**
 * The innermost message in words: a throttle's innermost one is its figures in JSON
 * (https://learn.microsoft.com/troubleshoot/azure/virtual-machines/troubleshooting-throttling-errors).
 */
function readableMessage(chain: readonly ErrorDetail[]): string | null {
  return (
    chain.findLast(({ message }) => message !== "" && parseJson(message) === null)?.message ?? null
  );
}

function firstDetail(details: unknown): unknown {
  return Array.isArray(details) ? details[0] : undefined;
}

/** `{"error": {…}}`, or the error itself. */
function errorOf(value: unknown): unknown {
  if (!isObject(value)) return null;
  return value.error ?? ("code" in value ? value : null);
}

function parseJson(text: string | null | undefined): unknown {
  if (!text?.trimStart().startsWith("{")) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
