import type { InvocationResponse, Nullable, RpcCookie } from "../core-types.ts";
import type { TriggerData } from "../functions.ts";
import { toBodyBytes } from "../typed-data.ts";
import type { HostAnswer, HostRequest } from "./exchange.ts";

/** Returns what an HTTP-triggered function is given for a request. */
export function toHttpTriggerData(
  request: HostRequest,
  params: Readonly<Record<string, string>>,
  body: Buffer,
): TriggerData {
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] => {
    const text = Array.isArray(value) ? value.join(",") : value;
    return text ? [[name, text]] : [];
  });
  return {
    reason: "This function was programmatically called via the host APIs.",
    metadata: {},
    input: {
      http: {
        method: request.method,
        url: request.url.href,
        nullableHeaders: toNullables(headers),
        nullableParams: toNullables(Object.entries(params)),
        nullableQuery: toNullables(collectQuery(request.url.searchParams)),
        ...(body.length > 0 ? { body: { bytes: body } } : {}),
      },
    },
  };
}

/** A parameter given several times reaches the function as one text with commas. */
function collectQuery(query: URLSearchParams): [string, string][] {
  return [...new Set(query.keys())].map((name) => [name, query.getAll(name).join(",")]);
}

function toNullables(entries: Iterable<[string, string]>): Record<string, Nullable<string>> {
  return Object.fromEntries([...entries].map(([name, value]) => [name, { value }]));
}

/** Returns the answer that a successful run gave; without one it is 204. */
export function toHttpAnswer({ returnValue }: InvocationResponse): HostAnswer {
  const http = returnValue?.http;
  if (http === undefined) return { status: 204 };
  const cookies = (http.cookies ?? []).map(formatCookie);
  return {
    status: Number(http.statusCode ?? 200),
    headers: { ...http.headers, ...(cookies.length > 0 ? { "set-cookie": cookies } : {}) },
    body: toBodyBytes(http.body),
  };
}

const SAME_SITE: Readonly<Record<string, string>> = {
  lax: "Lax",
  strict: "Strict",
  explicitNone: "None",
};

function formatCookie(cookie: RpcCookie): string {
  const parts = [`${cookie.name ?? ""}=${encodeURIComponent(cookie.value ?? "")}`];
  const expires = cookie.expires?.value?.seconds;
  const sameSite = SAME_SITE[cookie.sameSite ?? "none"];
  if (expires !== undefined) parts.push(`expires=${new Date(expires * 1000).toUTCString()}`);
  if (cookie.maxAge?.value !== undefined) parts.push(`max-age=${cookie.maxAge.value}`);
  if (cookie.domain?.value !== undefined) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? "/"}`);
  if (cookie.secure?.value) parts.push("secure");
  if (sameSite !== undefined) parts.push(`samesite=${sameSite}`);
  if (cookie.httpOnly?.value) parts.push("httponly");
  return parts.join("; ");
}
