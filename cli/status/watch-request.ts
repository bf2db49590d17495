import type { StatusView } from "../../shared/http/status-view.ts";
import { type AppOptions, appFlags } from "../app/app-access.ts";
import type { AppClient } from "../app/app-client.ts";
import type { CommandContext } from "../command-context.ts";
import type { ExitReason } from "../exit-codes.ts";
import { createPaint, cut } from "../terminal.ts";
import { unknownRequest } from "./find-request.ts";
import { followRequest } from "./follow.ts";
import { describeProgress, renderState } from "./render.ts";
import { reasonOf } from "./status-command.ts";

/** What watching knows of how it was called. */
export interface WatchOptions extends AppOptions {
  /** Seconds; without it, watching ends with the request. */
  readonly timeout?: number;
}

/**
 * Follows a request to the end and reports its changes on the error stream. An interruption harms
 * nothing; it says so, and how to go on watching.
 * @throws CommandError when the app does not know the request, or cannot be reached.
 */
export async function watchRequest(
  client: AppClient,
  requestId: string,
  options: WatchOptions,
  context: CommandContext,
  onStatus: (status: StatusView) => void = () => {},
): Promise<{ readonly reason: ExitReason; readonly status: StatusView | null }> {
  const { stderr, now, sleep } = context;
  const { timeout } = options;
  const again = `${context.name} watch ${requestId}${appFlags(options)}`;
  const report = createReporter(context);
  try {
    const timeoutMs = timeout === undefined ? null : timeout * 1000;
    const end = await followRequest(client, requestId, timeoutMs, {
      now,
      sleep,
      onStatus: (status) => {
        report(status);
        onStatus(status);
      },
      onTrouble: (message) => void stderr.write(`${message} Trying again.\n`),
    });
    if (end.kind === "missing") throw unknownRequest(requestId, options, context);
    if (end.kind === "ended") return { reason: reasonOf(end.status), status: end.status };
    stderr.write(`Still running after ${timeout} s. The app continues; to watch it:\n  ${again}\n`);
    return { reason: "running", status: end.status };
  } catch (error) {
    if (context.signal.aborted) {
      stderr.write(`\nThe app continues without this command. To watch it again:\n  ${again}\n`);
    }
    throw error;
  }
}

/** Reports each change of a request in one line on the error stream, no wider than the terminal. */
function createReporter({
  stderr,
  environment,
  now,
}: CommandContext): (status: StatusView) => void {
  const paint = createPaint(stderr, environment);
  const startedAt = now();
  let before = "";
  return (status) => {
    const detail = describeProgress(status);
    // Only a real change is reported: the text of a wait changes at every look, since it says how long ago the last write was.
    const news = `${status.state} ${detail.replaceAll(/\d+/g, "")}`;
    if (news === before) return;
    before = news;
    const time = `${Math.round((now() - startedAt) / 1000)} s`.padStart(7);
    const room = (stderr.columns ?? Number.POSITIVE_INFINITY) - time.length - 2 - 12 - 2;
    const state = renderState(status.state, paint, 12);
    stderr.write(`${`${time}  ${state}  ${cut(detail, Math.max(0, room))}`.trimEnd()}\n`);
  };
}
