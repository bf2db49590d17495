import { STATUS_CODES } from "node:http";
import { redact } from "../redact.ts";

/** An error answer in the format of RFC 9457. */
export interface ProblemResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly jsonBody: {
    readonly type: "about:blank";
    readonly title: string;
    readonly status: number;
    readonly detail: string;
  };
}

/** A problem+json answer; `detail` is for the client's eyes and holds nothing of the app's inside. */
export function problem(status: number, detail: string): ProblemResponse {
  return {
    status,
    headers: { "content-type": "application/problem+json" },
    jsonBody: {
      type: "about:blank",
      title: STATUS_CODES[status] ?? "Error",
      status,
      detail: redact(detail),
    },
  };
}
