import type { StatusView } from "../../shared/http/status-view.ts";

/** The app's status API as the demo uses it. */
export type StatusClient = {
  /** Returns the newest hundred requests. */
  list(): Promise<StatusView[]>;
  /** Returns one request with its events. */
  get(requestId: string): Promise<StatusView>;
};

/** The status API did not answer as it should. */
export class StatusApiError extends Error {
  override readonly name = "StatusApiError";
}

const TIMEOUT_MS = 10_000;

/** Returns a client for the app at `url` that shows `key` with each request. */
export function createStatusClient(url: string, key: string): StatusClient {
  const read = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      headers: { "x-functions-key": key },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      throw new StatusApiError(`GET ${path} answered ${response.status}: ${await response.text()}`);
    }
    return (await response.json()) as T;
  };
  return {
    list: async () => (await read<{ items: StatusView[] }>("/api/status?limit=100")).items,
    get: (requestId) => read<StatusView>(`/api/status/${requestId}`),
  };
}
