import type { ComputeManagementClient } from "@azure/arm-compute";
import { RestError } from "@azure/core-rest-pipeline";
import { ServiceError, serviceCodeOf, serviceStatusOf } from "../../errors.ts";
import { unreadableAnswer } from "./answer-document.ts";
import { type ArmAnswer, readArmError } from "./arm-error.ts";

/** Milliseconds after which a call counts as unanswered, unless the options say otherwise. */
export const TIMEOUT_MILLISECONDS = 60_000;

/** What every operation of the client takes. */
export type CallOptions = Pick<
  NonNullable<Parameters<ComputeManagementClient["images"]["get"]>[2]>,
  "onResponse" | "requestOptions"
>;

/**
 * Sends one call and keeps the answer as it came: the client's errors leave out `target` and
 * `details`, its model the properties that it does not know.
 * @throws ServiceError for an error of the service, for no answer, and for one that is unreadable.
 */
export async function sendCall<T>(
  timeout: number,
  call: (options: CallOptions) => Promise<T>,
): Promise<ArmAnswer> {
  let answer = null as ArmAnswer | null;
  const onResponse: NonNullable<CallOptions["onResponse"]> = (response) => {
    answer = {
      status: response.status,
      headers: response.headers.toJSON(),
      body: response.bodyAsText,
    };
  };
  const failure = await call({ onResponse, requestOptions: { timeout } }).then(
    () => null,
    (cause: unknown) => ({ cause }),
  );
  if (answer === null) throw unanswered(failure?.cause);
  if (failure !== null) {
    // The client fails on an answer of success too, when it cannot make its model of it.
    throw answer.status < 300
      ? unreadableAnswer(answer, failure.cause)
      : readArmError(answer, failure);
  }
  return answer;
}

/** What a call gives, or null where the service says, by one of the codes, that there is nothing. */
export async function nullIfMissing<T>(
  codes: readonly string[],
  call: () => Promise<T>,
): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    const isMissing = serviceStatusOf(error) === 404 && codes.includes(serviceCodeOf(error) ?? "");
    if (isMissing) return null;
    throw error;
  }
}

/** A call that got no answer: refused, reset, timed out, or no token to send it with. */
export function unanswered(cause: unknown): ServiceError {
  const code = cause instanceof RestError ? cause.code : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ServiceError(
    {
      status: null,
      code: code ?? "NoAnswer",
      message: `Azure did not answer: ${message.slice(0, 300)}`,
      target: null,
      details: [],
      retryAfterSeconds: null,
    },
    { cause },
  );
}
