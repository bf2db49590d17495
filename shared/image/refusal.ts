import type { ErrorDetail } from "../errors.ts";

/** One thing in a request that the policy does not allow; `message` names the setting. */
export function refusal(message: string, target: string): ErrorDetail {
  return { code: "NotAllowed", message, target };
}
