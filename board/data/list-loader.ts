import { canChange, keepUnchanged, listItems, type Page, readPageBody } from "../model/pages.ts";
import { type Filter, toQuery } from "../model/route.ts";
import type { Status } from "../model/status.ts";
import type { Api, Failed } from "./api.ts";

/** Requests on a page of the list. */
const PAGE_SIZE = 100;

/** An answer that ended reading the list early. */
export type Interruption = Failed;

/** What reading the list came to. */
export interface ListResult {
  readonly items: readonly Status[];
  readonly hasMore: boolean;
  readonly retryAfter: number | null;
  readonly canAct: boolean | null;
  readonly interruption: Interruption | null;
}

/** Reads the list of one filter, page by page, and only what can have changed. */
export interface ListLoader {
  /** Reads the pages that are shown. */
  refresh(signal: AbortSignal): Promise<ListResult>;
  /** From now on one page more is shown. */
  more(): void;
}

/** A reader for the requests that a filter lets through. */
export function createListLoader(api: Api, filter: Filter): ListLoader {
  let pages: readonly Page[] = [];
  let shown = 1;
  return {
    more: () => {
      shown = pages.length + 1;
    },
    async refresh(signal) {
      const fresh: Page[] = [];
      let retryAfter: number | null = null;
      let canAct: boolean | null = null;
      let interruption: Interruption | null = null;
      let cursor: string | null = null;
      do {
        const known = pages.find((page) => page.cursor === cursor);
        const answer = await readPage(api, filter, cursor, known, listItems(pages), signal);
        if ("kind" in answer) {
          interruption = answer;
          break;
        }
        fresh.push(answer.page);
        canAct ??= answer.canAct;
        retryAfter = shorter(retryAfter, answer.retryAfter);
        cursor = answer.page.nextCursor;
      } while (cursor !== null && fresh.length < shown);
      if (interruption === null) pages = fresh;
      const hasMore = (pages.at(-1)?.nextCursor ?? null) !== null;
      return { items: listItems(pages), hasMore, retryAfter, canAct, interruption };
    },
  };
}

/** One page: as it was where it cannot have changed, else as the app answers. */
async function readPage(
  api: Api,
  filter: Filter,
  cursor: string | null,
  known: Page | undefined,
  before: readonly Status[],
  signal: AbortSignal,
): Promise<{ page: Page; retryAfter: number | null; canAct: boolean | null } | Interruption> {
  if (known !== undefined && !canChange(known)) {
    return { page: known, retryAfter: null, canAct: null };
  }
  const answer = await api.get(pathOf(filter, cursor), known?.etag ?? null, signal);
  if (answer.kind === "unchanged" && known !== undefined) {
    return { page: known, retryAfter: answer.retryAfter, canAct: null };
  }
  const body = answer.kind === "ok" ? readPageBody(answer.body) : null;
  if (answer.kind === "ok" && body !== null) {
    const { etag, retryAfter, canAct } = answer;
    const items = keepUnchanged(body.items, before);
    return { page: { cursor, nextCursor: body.nextCursor, etag, items }, retryAfter, canAct };
  }
  if (answer.kind === "ok" || answer.kind === "unchanged") {
    return { kind: "trouble", detail: "The answer is not a list of requests.", retryAfter: null };
  }
  return answer;
}

function shorter(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

function pathOf(filter: Filter, cursor: string | null): string {
  const query = toQuery(filter);
  query.set("limit", String(PAGE_SIZE));
  if (cursor !== null) query.set("cursor", cursor);
  return `status?${query}`;
}
