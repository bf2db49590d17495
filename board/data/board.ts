import { listHealthProblems } from "../model/health.ts";
import { pauseSeconds } from "../model/pace.ts";
import { announceChanges } from "../model/pages.ts";
import { planPath } from "../model/plan.ts";
import { readQueue } from "../model/queue.ts";
import { readStatus } from "../model/read-status.ts";
import { formatRoute, type Route } from "../model/route.ts";
import type { Failed } from "./api.ts";
import { isPossibleKey } from "./key.ts";
import { createListLoader, type ListLoader } from "./list-loader.ts";
import { healthOf, toOutcome } from "./outcome.ts";
import { createPoller } from "./poller.ts";
import {
  type Board,
  type BoardState,
  type BoardTools,
  EMPTY_LIST,
  EMPTY_REQUEST,
  EMPTY_VIEW,
} from "./state.ts";

/** The health of the app changes rarely. */
const HEALTH_MILLISECONDS = 60_000;

/** Begins with a view; nothing is sent before `show` is called. */
export function createBoard(tools: BoardTools, route: Route): Board {
  const { api, key, clock, navigate } = tools;
  let state: BoardState = {
    route,
    keyNeeded: null,
    hasKey: key.get() !== null,
    trouble: null,
    health: [],
    list: EMPTY_LIST,
    ...EMPTY_VIEW,
    canAct: true,
    announcement: "",
    now: clock(),
  };
  let loader: { readonly of: string; readonly list: ListLoader } | null = null;
  let etag: string | null = null;
  let healthAt = Number.NEGATIVE_INFINITY;
  let failures = 0;

  const change = (part: Partial<BoardState>): void => {
    state = { ...state, ...part };
    tools.onChange(state);
  };

  /** Notes why nothing new is shown, and returns the pause before the next attempt. */
  const explain = (answer: Failed, refused: (detail: string) => void): number | null => {
    if (answer.kind === "aborted") return null;
    if (answer.kind === "unauthorized") {
      change({ keyNeeded: key.get() === null ? "missing" : "refused", hasKey: false });
      key.forget();
      return null;
    }
    if (answer.kind === "refused") {
      change({ trouble: null });
      refused(answer.detail);
      return pauseSeconds(null, 0);
    }
    failures += 1;
    const nextInSeconds = pauseSeconds(answer.retryAfter, failures);
    change({ trouble: { detail: answer.detail, nextInSeconds } });
    return nextInSeconds;
  };
  const succeed = (part: Partial<BoardState>): void => {
    failures = 0;
    change({ ...part, trouble: null, keyNeeded: null, hasKey: key.get() !== null, now: clock() });
  };

  const refreshList = async (shown: Route, signal: AbortSignal): Promise<number | null> => {
    if (shown.view !== "list") return null;
    const of = formatRoute(shown);
    if (loader?.of !== of) loader = { of, list: createListLoader(api, shown.filter) };
    const result = await loader.list.refresh(signal);
    if (signal.aborted) return null;
    const { interruption, items, hasMore, retryAfter } = result;
    if (interruption !== null) {
      return explain(interruption, (problem) =>
        change({ list: { ...state.list, isLoadingMore: false, problem } }),
      );
    }
    const announcement = announceChanges(state.list.items ?? [], items) || state.announcement;
    const list = { items, hasMore, isLoadingMore: false, problem: null };
    succeed({ list, announcement, canAct: result.canAct ?? state.canAct });
    return pauseSeconds(retryAfter, 0);
  };

  const refreshRequest = async (requestId: string, signal: AbortSignal): Promise<number | null> => {
    const answer = await api.get(`status/${requestId}`, etag, signal);
    if (signal.aborted) return null;
    if (answer.kind === "unchanged") succeed({});
    else if (answer.kind === "ok") {
      const status = readStatus(answer.body);
      const before = state.request.status;
      etag = answer.etag;
      const isNews = before !== null && status !== null && before.state !== status.state;
      succeed({
        request: { ...state.request, status, problem: null },
        canAct: answer.canAct,
        ...(isNews && { announcement: `${status.source} is now ${status.state}.` }),
      });
    } else {
      const pause = explain(answer, (problem) =>
        change({ request: { ...EMPTY_REQUEST, problem } }),
      );
      // A new upload is seen within two minutes: until then its id is not known.
      return answer.kind === "refused" && answer.status === 404 ? pauseSeconds(5, 0) : pause;
    }
    return pauseSeconds(answer.retryAfter, 0);
  };

  const refreshQueue = async (signal: AbortSignal): Promise<number | null> => {
    const answer = await api.get("queue", etag, signal);
    if (signal.aborted) return null;
    if (answer.kind === "unchanged") succeed({});
    else if (answer.kind === "ok") {
      etag = answer.etag;
      succeed({ queue: { head: readQueue(answer.body), problem: null } });
    } else return explain(answer, (problem) => change({ queue: { head: null, problem } }));
    return pauseSeconds(answer.retryAfter, 0);
  };

  const refreshHealth = async (signal: AbortSignal): Promise<void> => {
    if (clock() - healthAt < HEALTH_MILLISECONDS && failures === 0) return;
    const answer = await api.get("health", null, signal);
    const health = healthOf(answer);
    if (signal.aborted || health === null) return;
    healthAt = clock();
    change({ health: listHealthProblems(health) });
  };

  const poller = createPoller(async (signal) => {
    const shown = state.route;
    const [pause] = await Promise.all([
      shown.view === "list"
        ? refreshList(shown, signal)
        : shown.view === "request"
          ? refreshRequest(shown.requestId, signal)
          : shown.view === "queue"
            ? refreshQueue(signal)
            : pauseSeconds(null, 0),
      refreshHealth(signal),
    ]);
    return pause;
  }, tools);

  return {
    show(next) {
      const isSame = formatRoute(next) === formatRoute(state.route);
      etag = null;
      if (isSame) change({ route: next });
      else if (next.view === "list") {
        const isKept = loader?.of === formatRoute(next);
        change({ route: next, list: isKept ? state.list : EMPTY_LIST, ...EMPTY_VIEW });
      } else change({ route: next, ...EMPTY_VIEW });
      poller.now();
    },
    useKey(text) {
      if (!isPossibleKey(text)) return change({ keyNeeded: "refused" });
      key.set(text);
      change({ keyNeeded: null, hasKey: true });
      poller.now();
    },
    forgetKey() {
      key.forget();
      loader = null;
      etag = null;
      change({ list: EMPTY_LIST, ...EMPTY_VIEW, hasKey: false });
      poller.now();
    },
    loadMore() {
      loader?.list.more();
      change({ list: { ...state.list, isLoadingMore: true } });
      poller.now();
    },
    async act(action) {
      const { status } = state.request;
      if (status === null) return;
      change({ request: { ...state.request, outcome: { kind: "busy" } } });
      const outcome = toOutcome(await api.post(`status/${status.requestId}/${action}`, "{}"));
      if (state.request.status?.requestId !== status.requestId) return;
      const answered = outcome.kind === "done" ? readStatus(outcome.body) : null;
      etag = null;
      change({ request: { ...state.request, outcome } });
      if (answered !== null && answered.requestId !== status.requestId) {
        navigate({ view: "request", requestId: answered.requestId });
      } else poller.now();
    },
    async plan(manifest, names) {
      change({ plan: { kind: "busy" } });
      change({ plan: toOutcome(await api.post(planPath(names), manifest)) });
    },
    announce: (announcement) => change({ announcement }),
    visibilityChanged: poller.visibilityChanged,
  };
}
