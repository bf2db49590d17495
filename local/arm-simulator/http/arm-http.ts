/** A request to the simulated service, its body read. */
export interface ArmRequest {
  readonly method: string;
  /** Absolute; percent-encoded as it was sent. */
  readonly url: URL;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Becomes `x-ms-request-id`, and the id of the operation that the request starts. */
  readonly requestId: string;
  readonly receivedAt: Date;
}

/** An answer of the simulated service; `body` is sent as JSON unless it is undefined. */
export interface ArmResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Returns a request's path with its percent-encoding undone, or as sent where it is malformed. */
export function decodePathname(url: URL): string {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return url.pathname;
  }
}
