import type { IncomingHttpHeaders } from "node:http";

/** An HTTP request as the handlers of the host see it. */
export interface HostRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Reads the body once. Throws BodyTooLargeError above the limit. */
  readBody(): Promise<Buffer>;
}

/** An HTTP answer; header values may be lists. */
export interface HostAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer | string;
}

/** The request body exceeds the host's limit. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** Returns a JSON answer. */
export function answerJson(status: number, value: unknown): HostAnswer {
  const headers = { "content-type": "application/json; charset=utf-8" };
  return { status, headers, body: JSON.stringify(value) };
}

/** Returns the request's key: header `x-functions-key` first, else query parameter `code`. */
export function readKey(request: HostRequest): string {
  const header = request.headers["x-functions-key"];
  const fromHeader = Array.isArray(header) ? header[0] : header;
  return fromHeader ?? request.url.searchParams.get("code") ?? "";
}
