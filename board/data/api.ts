import type { KeyStore } from "./key.ts";

/** What the app answered. */
export type Answer =
  | {
      readonly kind: "ok";
      readonly body: unknown;
      readonly etag: string | null;
      readonly retryAfter: number | null;
      readonly canAct: boolean;
    }
  | { readonly kind: "unchanged"; readonly retryAfter: number | null }
  | { readonly kind: "unauthorized" }
  /** Refused: asking again does not help. */
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly detail: string;
      readonly body: unknown;
    }
  /** No answer, or one that another attempt may improve. */
  | {
      readonly kind: "trouble";
      readonly detail: string;
      readonly retryAfter: number | null;
      readonly body?: unknown;
    }
  /** The page gave up waiting for it, because something else is shown now. */
  | { readonly kind: "aborted" };

/** An answer with nothing to show. */
export type Failed = Exclude<Answer, { readonly kind: "ok" | "unchanged" }>;

/** The HTTP API of the app. */
export interface Api {
  get(path: string, etag: string | null, signal: AbortSignal): Promise<Answer>;
  /** Sends JSON text; the body may be empty. */
  post(path: string, json: string): Promise<Answer>;
}

const TIMEOUT_MS = 30_000;
/** Sent with every POST: a form of another site cannot send it. */
const ACTION_HEADERS = {
  "content-type": "application/json",
  "x-requested-with": "vhd-to-image-board",
};
/** The proxy of `vhd-to-image board --read-only` says so on every answer. */
const ACTIONS_HEADER = "x-vhd-to-image-actions";

/**
 * The API next to the page. The key goes into a header, never into an address; redirects are refused, so
 * that it reaches the app alone. Nothing rejects: every end is an answer.
 * @param base address of the folder of the API, with a slash at its end
 */
export function createApi(base: string, key: Pick<KeyStore, "get">, fetcher: typeof fetch): Api {
  const call = async (
    path: string,
    { signal, headers, ...init }: RequestInit & { headers: Record<string, string> },
  ): Promise<Answer> => {
    const secret = key.get();
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await fetcher(`${base}${path}`, {
        ...init,
        headers: { ...headers, ...(secret !== null && { "x-functions-key": secret }) },
        cache: "no-store",
        credentials: "same-origin",
        redirect: "manual",
        referrerPolicy: "no-referrer",
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      return await read(response);
    } catch {
      if (signal?.aborted) return { kind: "aborted" };
      const detail = timeout.aborted
        ? "The app did not answer within 30 s."
        : "The app cannot be reached. Check your network.";
      return { kind: "trouble", detail, retryAfter: null };
    }
  };
  return {
    get: (path, etag, signal) =>
      call(path, { signal, headers: etag === null ? {} : { "if-none-match": etag } }),
    post: (path, json) => call(path, { method: "POST", body: json, headers: ACTION_HEADERS }),
  };
}

async function read(response: Response): Promise<Answer> {
  const retryAfter = readSeconds(response.headers.get("retry-after"));
  const { status } = response;
  if (response.type === "opaqueredirect") {
    const detail = "The app redirects to a sign-in page. Reload this page to sign in.";
    return { kind: "refused", status: 302, detail, body: null };
  }
  if (status === 304) return { kind: "unchanged", retryAfter };
  if (status === 401) return { kind: "unauthorized" };
  const text = await response.text();
  const body = parse(text);
  if (response.ok && body !== undefined) {
    return {
      kind: "ok",
      body,
      etag: response.headers.get("etag"),
      retryAfter,
      canAct: response.headers.get(ACTIONS_HEADER) !== "off",
    };
  }
  const detail = readDetail(body) ?? `The app answered ${status}.`;
  if (response.ok || status === 429 || status >= 500) {
    return { kind: "trouble", detail, retryAfter, body };
  }
  return { kind: "refused", status, detail, body: body ?? null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readDetail(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("detail" in body)) return null;
  return typeof body.detail === "string" ? body.detail : null;
}

function readSeconds(text: string | null): number | null {
  const seconds = text === null ? Number.NaN : Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
