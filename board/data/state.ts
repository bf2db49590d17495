import type { Action } from "../model/actions.ts";
import type { QueueHead } from "../model/queue.ts";
import type { Route } from "../model/route.ts";
import type { Status } from "../model/status.ts";

import type { Api } from "./api.ts";
import type { KeyStore } from "./key.ts";
import type { Poller, PollerTools } from "./poller.ts";

/** What the API said to an attempt: nothing yet, the request of it, or why not. */
export type Outcome =
  | { readonly kind: "none" }
  | { readonly kind: "busy" }
  | { readonly kind: "done"; readonly body: unknown }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly detail: string;
      readonly body: unknown;
    };

/** Everything that the page shows. */
export interface BoardState {
  readonly route: Route;
  /** Why a key is needed; null when the app answers. */
  readonly keyNeeded: "missing" | "refused" | null;
  readonly hasKey: boolean;
  /** Why what is shown may be out of date. */
  readonly trouble: { readonly detail: string; readonly nextInSeconds: number } | null;
  readonly health: readonly string[];
  readonly list: {
    /** Null before the first answer. */
    readonly items: readonly Status[] | null;
    readonly hasMore: boolean;
    readonly isLoadingMore: boolean;
    readonly problem: string | null;
  };
  readonly request: {
    readonly status: Status | null;
    readonly problem: string | null;
    readonly outcome: Outcome;
  };
  readonly plan: Outcome;
  readonly queue: {
    /** Null before the first answer. */
    readonly head: QueueHead | null;
    readonly problem: string | null;
  };
  /** Whether cancel, retry and plan are offered. */
  readonly canAct: boolean;
  /** What changed last, for those who hear the page. */
  readonly announcement: string;
  /** When the page was refreshed last, in milliseconds. */
  readonly now: number;
}

export const EMPTY_LIST: BoardState["list"] = {
  items: null,
  hasMore: false,
  isLoadingMore: false,
  problem: null,
};

export const EMPTY_REQUEST: BoardState["request"] = {
  status: null,
  problem: null,
  outcome: { kind: "none" },
};

/** What is shown of one view only, before its first answer. */
export const EMPTY_VIEW: Pick<BoardState, "request" | "plan" | "queue"> = {
  request: EMPTY_REQUEST,
  plan: { kind: "none" },
  queue: { head: null, problem: null },
};

/** What a page needs from outside. */
export interface BoardTools extends PollerTools {
  readonly api: Api;
  readonly key: KeyStore;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Goes to another view. */
  readonly navigate: (route: Route) => void;
  readonly onChange: (state: BoardState) => void;
}

/** The page without its looks: what it shows, and what can be done with it. */
export interface Board extends Pick<Poller, "visibilityChanged"> {
  show(route: Route): void;
  useKey(key: string): void;
  forgetKey(): void;
  loadMore(): void;
  act(action: Action): Promise<void>;
  /** Plans a manifest under a name, or an upload that exists. */
  plan(manifest: string, names: { readonly name: string; readonly source: string }): Promise<void>;
  announce(text: string): void;
}
