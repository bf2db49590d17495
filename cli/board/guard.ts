/** The part of a request by which the board decides whether to answer it. */
export interface LocalRequest {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What to do with a request: pass it on to the app, go to the page, or refuse. */
export type Verdict =
  | { readonly kind: "forward"; readonly path: string; readonly isPage: boolean }
  | { readonly kind: "redirect" }
  | { readonly kind: "refuse"; readonly status: number; readonly detail: string };

const ROUTES = [
  { method: "GET", path: /^\/api\/board$/, isPage: true },
  { method: "GET", path: /^\/api\/(?:health|queue|status)$/, isPage: false },
  { method: "GET", path: /^\/api\/status\/[a-z2-7]{20}$/, isPage: false },
  { method: "POST", path: /^\/api\/status\/[a-z2-7]{20}\/(?:cancel|retry)$/, isPage: false },
  { method: "POST", path: /^\/api\/plan$/, isPage: false },
] as const;

/**
 * Judges a request to the board on this machine. The key of the app is added to what is passed on, so
 * nothing is passed on for a page of another site: neither under a name of its own that leads here (DNS
 * rebinding), nor from its own origin (CSRF); and only the routes that the page uses are.
 */
export function judgeRequest(
  { method, target, headers }: LocalRequest,
  { port, isReadOnly }: { readonly port: number; readonly isReadOnly: boolean },
): Verdict {
  const refuse = (status: number, detail: string): Verdict => ({ kind: "refuse", status, detail });
  const hosts = ["127.0.0.1", "localhost"].map((name) => `${name}:${port}`);
  if (!hosts.includes(String(headers.host ?? "").toLowerCase())) {
    return refuse(403, `Open the board as http://${hosts[0]}/: other names are refused.`);
  }
  const [path = "", query] = target.split("?", 2);
  const isForeign = !["same-origin", "none", undefined].includes(
    headers["sec-fetch-site"] as string | undefined,
  );
  if (method === "GET" && path === "/") return { kind: "redirect" };
  const known = ROUTES.filter((route) => route.path.test(path));
  const route = known.find((each) => each.method === method);
  if (route === undefined) {
    return known.length === 0
      ? refuse(404, "The board does not have this page. Open / instead.")
      : refuse(405, `${path} does not answer ${method}.`);
  }
  const origin = headers.origin;
  const isForeignOrigin =
    origin !== undefined && !hosts.some((host) => origin === `http://${host}`);
  if (!route.isPage && (isForeign || isForeignOrigin)) {
    return refuse(403, "Requests from other sites are refused.");
  }
  if (method === "POST") {
    if (isReadOnly) return refuse(403, "The board is read-only: it was started with --read-only.");
    if (!headers["x-requested-with"]) {
      return refuse(403, "Send the header 'x-requested-with' with any value.");
    }
  }
  return {
    kind: "forward",
    path: query === undefined || query === "" ? path : `${path}?${query}`,
    isPage: route.isPage,
  };
}
