import type { StatusView } from "../../shared/http/status-view.ts";
import { isTerminal } from "../../shared/record/states.ts";
import { type AppClient, type StatusAnswer, TemporaryError } from "../app/app-client.ts";

/** How following a request ended. */
export type FollowEnd =
  | { readonly kind: "ended"; readonly status: StatusView }
  | { readonly kind: "timeout"; readonly status: StatusView | null }
  /** The app has not seen it for as long as that takes at most. */
  | { readonly kind: "missing" };

/** What following needs from outside. */
export interface FollowTools {
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; rejects when the command is interrupted. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Gets every status that differs from the one before. */
  readonly onStatus: (status: StatusView) => void;
  /** Gets the reason when the app does not answer and is asked again. */
  readonly onTrouble: (message: string) => void;
}

/** A trigger may take so long to see an upload. */
const NOT_SEEN_MS = 150_000;
/** Answers that fail in a row before following gives up. */
const MAX_FAILURES = 8;
const MIN_WAIT_SECONDS = 0.25;
const MAX_WAIT_SECONDS = 60;
const DEFAULT_WAIT_SECONDS = 2;

/**
 * Follows a request to the end. It asks as often as the app says, by ETag, so that an unchanged answer
 * has no body; an app that does not answer is asked again with growing pauses.
 * @param timeoutMs gives up after so long; never when null
 * @throws CommandError when the app refuses, or has not answered eight times in a row.
 */
export async function followRequest(
  client: AppClient,
  requestId: string,
  timeoutMs: number | null,
  { now, sleep, onStatus, onTrouble }: FollowTools,
): Promise<FollowEnd> {
  const startedAt = now();
  const passed = (): number => now() - startedAt;
  let latest: StatusView | null = null;
  let etag: string | null = null;
  let failures = 0;
  for (;;) {
    const answer: StatusAnswer | null = await client.get(requestId, etag).catch((error) => {
      failures += 1;
      if (!(error instanceof TemporaryError) || failures >= MAX_FAILURES) throw error;
      if (failures === 1) onTrouble(error.message);
      return null;
    });
    if (answer !== null) failures = 0;
    if (answer?.kind === "found") {
      latest = answer.status;
      etag = answer.etag;
      onStatus(latest);
      if (isTerminal(latest.state)) return { kind: "ended", status: latest };
    }
    if (answer?.kind === "missing" && passed() >= NOT_SEEN_MS) return { kind: "missing" };
    const pause = pauseSeconds(answer, failures) * 1000;
    const left = timeoutMs === null ? Number.POSITIVE_INFINITY : timeoutMs - passed();
    if (left <= 0) return { kind: "timeout", status: latest };
    await sleep(Math.min(pause, left));
  }
}

function pauseSeconds(answer: StatusAnswer | null, failures: number): number {
  if (answer === null) return Math.min(MAX_WAIT_SECONDS, 2 ** failures / 2);
  const asked = answer.kind === "missing" ? null : answer.retryAfterSeconds;
  return Math.min(MAX_WAIT_SECONDS, Math.max(MIN_WAIT_SECONDS, asked ?? DEFAULT_WAIT_SECONDS));
}
