import { readStatus } from "./read-status.ts";
import { isEnd, type Status } from "./status.ts";

/** One page of the list as it was read last. */
export interface Page {
  /** Where it begins; null for the newest. */
  readonly cursor: string | null;
  readonly nextCursor: string | null;
  readonly etag: string | null;
  readonly items: readonly Status[];
}

/** A page of the list, as the app answers. */
export interface PageBody {
  readonly items: readonly Status[];
  readonly nextCursor: string | null;
}

/** A page of an answer; null when the answer is something else. */
export function readPageBody(body: unknown): PageBody | null {
  if (typeof body !== "object" || body === null || !("items" in body)) return null;
  if (!Array.isArray(body.items)) return null;
  const nextCursor = "nextCursor" in body ? body.nextCursor : null;
  return {
    items: body.items.flatMap((item) => readStatus(item) ?? []),
    nextCursor: typeof nextCursor === "string" ? nextCursor : null,
  };
}

/** Whether a page can differ when it is read again: the newest always, others while one is open. */
export function canChange({ cursor, items }: Page): boolean {
  return cursor === null || items.some(({ state }) => !isEnd(state));
}

/** All requests of the pages, newest first, each once. */
export function listItems(pages: readonly Page[]): readonly Status[] {
  const seen = new Set<string>();
  return pages
    .flatMap(({ items }) => items)
    .filter(({ requestId }) => !seen.has(requestId) && seen.add(requestId));
}

/** An answer in which what has not changed is the same object as before, so that it is not drawn again. */
export function keepUnchanged(
  items: readonly Status[],
  before: readonly Status[],
): readonly Status[] {
  const known = new Map(before.map((status) => [status.requestId, status]));
  return items.map((status) => {
    const old = known.get(status.requestId);
    return old !== undefined && old.updatedAt === status.updatedAt && old.state === status.state
      ? old
      : status;
  });
}

/** At most so many changes are announced one by one. */
const MAX_ANNOUNCED = 3;

/** What to say about the changes between two lists; empty when no state changed. */
export function announceChanges(before: readonly Status[], after: readonly Status[]): string {
  if (before.length === 0) return "";
  const known = new Map(before.map(({ requestId, state }) => [requestId, state]));
  const newest = before[0]?.createdAt ?? "";
  const changed = after.filter(({ requestId, state, createdAt }) => {
    const old = known.get(requestId);
    return old === undefined ? createdAt > newest : old !== state;
  });
  if (changed.length > MAX_ANNOUNCED) return `${changed.length} requests have changed.`;
  return changed.map(({ source, state }) => `${source} is now ${state}.`).join(" ");
}
