const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const PARENT_CHECK_MS = 500;

/**
 * Returns a signal that aborts when this process is asked to stop: by SIGINT, SIGTERM or SIGHUP, or,
 * when npm runs it, by the end of npm, which is not always able to pass a signal on.
 */
export function createStopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (reason: string): void => controller.abort(new StopRequestedError(reason));
  for (const name of SIGNALS) process.on(name, () => stop(name));
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) stop("npm ended");
    }, PARENT_CHECK_MS).unref();
  }
  return controller.signal;
}

/** Resolves when the signal aborts. */
export function waitForAbort(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Somebody asked the process to stop; not a failure. */
export class StopRequestedError extends Error {
  override readonly name = "StopRequestedError";
}
