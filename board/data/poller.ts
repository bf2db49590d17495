/** What polling needs from outside. */
export interface PollerTools {
  readonly setTimer: (callback: () => void, milliseconds: number) => number;
  readonly clearTimer: (timer: number) => void;
  /** Whether nobody can see the page. */
  readonly isHidden: () => boolean;
}

/** Refreshes what the page shows, with one timer for all of it. */
export interface Poller {
  /** Refreshes at once, unless the page is hidden; what is under way is aborted. */
  now(): void;
  /** To be called whenever the page is hidden or shown: hidden, it sends nothing. */
  visibilityChanged(): void;
}

/**
 * Calls `refresh` again and again.
 * @param refresh resolves to the pause before the next call in seconds; null ends it, until `now`
 */
export function createPoller(
  refresh: (signal: AbortSignal) => Promise<number | null>,
  { setTimer, clearTimer, isHidden }: PollerTools,
): Poller {
  let timer: number | null = null;
  let current = new AbortController();
  const stop = (): void => {
    if (timer !== null) clearTimer(timer);
    timer = null;
    current.abort();
  };
  const run = async (): Promise<void> => {
    stop();
    if (isHidden()) return;
    const own = new AbortController();
    current = own;
    const pause = await refresh(own.signal);
    if (own.signal.aborted || pause === null) return;
    timer = setTimer(() => void run(), pause * 1000);
  };
  return {
    now: () => void run(),
    visibilityChanged: () => (isHidden() ? stop() : void run()),
  };
}
