import type { StatusView } from "../../shared/http/status-view.ts";
import type { PlanRefusal, PlanView } from "../../shared/plan/plan-view.ts";
import { redact } from "../../shared/redact.ts";
import { CommandError, connectionProblem } from "../command-error.ts";
import { printable } from "../terminal.ts";
import type { AppAccess } from "./app-access.ts";

/** What the app answers about one request. */
export type StatusAnswer =
  | {
      readonly kind: "found";
      readonly status: StatusView;
      readonly etag: string | null;
      readonly retryAfterSeconds: number | null;
    }
  | { readonly kind: "unchanged"; readonly retryAfterSeconds: number | null }
  | { readonly kind: "missing" };

/** Which requests to list; all parts are optional. */
export interface ListQuery {
  readonly state?: string;
  readonly source?: string;
  readonly image?: string;
  readonly limit?: number;
}

/** What is to be planned: a manifest, and the name that it would have, or an upload. */
export type PlanQuestion =
  | { readonly kind: "manifest"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: "upload"; readonly name: string };

/** What the app answers to it. */
export type PlanAnswer =
  | { readonly kind: "planned"; readonly plan: PlanView }
  | { readonly kind: "refused"; readonly refusal: PlanRefusal }
  | { readonly kind: "missing" };

/** The app's HTTP API. */
export interface AppClient {
  readonly url: string;
  /** One request; `unchanged` when it still has the given ETag. */
  get(requestId: string, etag?: string | null): Promise<StatusAnswer>;
  /** The newest requests first. */
  list(query: ListQuery): Promise<readonly StatusView[]>;
  /** Cancels a request, or opens one that retries it. Returns that request. */
  act(action: "cancel" | "retry", requestId: string): Promise<StatusView>;
  /** What would be made of something; nothing is changed. */
  plan(question: PlanQuestion): Promise<PlanAnswer>;
}

/** Thrown for an answer that another attempt may improve: a 429, a 5xx, or none. */
export class TemporaryError extends CommandError {}

const TIMEOUT_MS = 30_000;
const MAX_SHOWN = 500;

/**
 * A client for the app. Its methods throw a CommandError that says what to do; the key is sent to the
 * app alone, so redirects are refused.
 */
export function createAppClient({ url, key }: AppAccess, signal: AbortSignal): AppClient {
  const send = (path: string, request: RequestInit): Promise<Response> =>
    fetch(`${url}/api/${path}`, {
      ...request,
      headers: { ...request.headers, "x-functions-key": key },
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new TemporaryError(
        "unreachable",
        `${url} cannot be reached: ${connectionProblem(error)}. Check the address and your network.`,
      );
    });
  const call = async (path: string, headers: Record<string, string> = {}): Promise<Response> => {
    const response = await send(path, { headers });
    if (response.ok || response.status === 304 || response.status === 404) return response;
    throw await explain(response, url);
  };
  const post = (path: string, body?: Uint8Array): Promise<Response> =>
    send(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body: new Uint8Array(body) }),
    });
  return {
    url,
    async get(requestId, etag = null) {
      const conditions = etag === null ? {} : { "if-none-match": etag };
      const response = await call(`status/${requestId}`, conditions);
      const retryAfterSeconds = readSeconds(response.headers.get("retry-after"));
      if (response.status === 304) return { kind: "unchanged", retryAfterSeconds };
      if (response.status === 404) return { kind: "missing" };
      const status = await readJson<StatusView>(response, url);
      return { kind: "found", status, etag: response.headers.get("etag"), retryAfterSeconds };
    },
    async list(query) {
      const given = Object.entries(query).filter(([, value]) => value !== undefined);
      const parameters = new URLSearchParams(
        given.map(([name, value]): [string, string] => [name, String(value)]),
      );
      const response = await call(`status?${parameters}`);
      if (response.status === 404) throw notTheApp(url);
      const { items } = await readJson<{ items?: readonly StatusView[] }>(response, url);
      if (!Array.isArray(items)) throw notTheApp(url);
      return items;
    },
    async act(action, requestId) {
      const response = await post(`status/${requestId}/${action}`);
      if (!response.ok) throw await explain(response, url);
      return readJson<StatusView>(response, url);
    },
    async plan(question) {
      const { kind, name } = question;
      const query = new URLSearchParams({ [kind === "upload" ? "source" : "name"]: name });
      const body = question.kind === "manifest" ? question.bytes : undefined;
      const response = await post(`plan?${query}`, body);
      if (response.ok) return { kind: "planned", plan: await readJson<PlanView>(response, url) };
      if (response.status === 422) {
        return { kind: "refused", refusal: await readJson<PlanRefusal>(response, url) };
      }
      if (response.status === 404 && kind === "upload") return { kind: "missing" };
      throw await explain(response, url);
    },
  };
}

async function explain(response: Response, url: string): Promise<CommandError> {
  const { status } = response;
  const text = await response.text().catch(() => "");
  const refusal = readDetail(text);
  if (status === 401 || (status === 403 && refusal === null)) {
    return new CommandError(
      "unreachable",
      `${url} refused the key (${status}). Set VHD_TO_IMAGE_KEY to a function key of this app.`,
    );
  }
  const said = `${url} answered ${status}${refusal === null ? "" : `: ${refusal}`}`;
  // The app has understood, and says no.
  if ((status === 403 || status === 409) && refusal !== null) {
    return new CommandError("refused", refusal);
  }
  if (status === 400) return new CommandError("usage", said);
  if (status === 429 || status >= 500) return new TemporaryError("unreachable", said);
  return new CommandError("unreachable", said);
}

/** `detail` of a problem document, cut and without control characters. */
function readDetail(text: string): string | null {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === "string" ? printable(redact(detail)).slice(0, MAX_SHOWN) : null;
  } catch {
    return null;
  }
}

async function readJson<T>(response: Response, url: string): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw notTheApp(url);
  }
}

function notTheApp(url: string): CommandError {
  return new CommandError("unreachable", `${url} does not answer as this app does. Check it.`);
}

function readSeconds(text: string | null): number | null {
  const seconds = Number(text ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
