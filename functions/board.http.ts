import { etagOfBody, isKnownEtag } from "../shared/http/etag.ts";
import type { BoardPage } from "./board-page.ts";
import type { Answer } from "./http-handler.ts";

/**
 * `GET /api/board`: the status board. Anybody gets it, for it holds no data: it reads the API with the
 * key that its user has. The query is ignored, as sign-in in front of the app may add to it.
 */
export function makeHandler({ html, contentSecurityPolicy }: BoardPage): Answer {
  const etag = etagOfBody(html);
  const headers = {
    etag,
    // Kept by the browser, but asked about each time: a deployment is seen at once.
    "cache-control": "no-cache",
    "content-security-policy": contentSecurityPolicy,
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
  };
  return async (request) =>
    isKnownEtag(etag, request.headers.get("if-none-match"))
      ? { status: 304, headers }
      : {
          headers: { ...headers, "content-type": "text/html; charset=utf-8" },
          body: html,
        };
}
