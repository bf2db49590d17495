import type { StatusView } from "../../shared/http/status-view.ts";
import type { Arena } from "./arena.ts";

/** The status API did not answer as it should. */
export class StatusListError extends Error {
  override readonly name = "StatusListError";
}

const TIMEOUT_MS = 30_000;

/** Returns every request that the app knows of, page by page, from the first instance. */
export async function listAllRequests({ urls, key }: Arena["app"]): Promise<StatusView[]> {
  const requests = new Map<string, StatusView>();
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: "100", ...(cursor === null ? {} : { cursor }) });
    const answer = await fetch(`${urls[0]}/api/status?${query}`, {
      headers: { "x-functions-key": key },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new StatusListError(`GET /api/status answered ${answer.status}`);
    const page = (await answer.json()) as { items: StatusView[]; nextCursor: string | null };
    for (const request of page.items) requests.set(request.requestId, request);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return [...requests.values()];
}
