import type { Command } from "commander";
import type { StatusView } from "../../shared/http/status-view.ts";
import { isRequestId } from "../../shared/record/identity.ts";
import { type AppOptions, addAppOptions, findApp } from "../app/app-access.ts";
import { type AppClient, createAppClient } from "../app/app-client.ts";
import {
  addHelp,
  addOutputOptions,
  type CommandContext,
  type OutputOptions,
  wantsJson,
} from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { createPaint, cut, quote } from "../terminal.ts";
import { findRequest } from "./find-request.ts";
import { followRequest } from "./follow.ts";
import { describeProgress, renderState } from "./render.ts";
import { printStatus, reasonOf, unknownRequest } from "./status-command.ts";

interface WatchOptions extends AppOptions, OutputOptions {
  readonly timeout?: number;
}

/** Adds `watch ID|SOURCE`. */
export function addWatchCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("watch")
    .summary("follow a request to its end")
    .description(
      "Follows a request until the image is ready or the request has failed. With --json, prints the status on one line each time it changes.",
    )
    .argument("<ID|SOURCE>", "id of a request, or name of an upload (its latest request)")
    .option("--timeout <SECONDS>", "give up after so long, with exit code 4", readTimeout);
  addOutputOptions(addAppOptions(command));
  addHelp(
    command,
    [`${context.name} watch web.vhd`, `${context.name} watch web.json --timeout 3600 --json`],
    ["success", "refused", "usage", "unreachable", "running", "interrupted"],
  );
  command.action(async (text: string, options: WatchOptions) => {
    const client = createAppClient(await findApp(options, context), context.signal);
    const known = isRequestId(text) ? null : await findRequest(client, text);
    if (known === null && !isRequestId(text)) throw unknownRequest(text, context);
    const requestId = known?.requestId ?? text;
    await watchRequest(client, requestId, options.timeout ?? null, options, context);
  });
}

/**
 * Follows a request, prints its end as the result and sets the exit code. An interruption harms
 * nothing; it says so, and how to go on watching.
 */
export async function watchRequest(
  client: AppClient,
  requestId: string,
  timeoutSeconds: number | null,
  options: AppOptions & OutputOptions,
  context: CommandContext,
): Promise<StatusView | null> {
  const { stdout, stderr } = context;
  const isJson = wantsJson(options);
  const show = createReporter(context);
  const again = `${context.name} watch ${requestId}${options.local ? " --local" : ""}${options.url === undefined ? "" : ` --url ${quote(options.url)}`}`;
  try {
    const end = await followRequest(
      client,
      requestId,
      timeoutSeconds === null ? null : timeoutSeconds * 1000,
      {
        now: context.now,
        sleep: context.sleep,
        onStatus: (status) => {
          show(status);
          if (isJson) stdout.write(`${JSON.stringify(status)}\n`);
        },
        onTrouble: (message) => void stderr.write(`${message} Trying again.\n`),
      },
    );
    if (end.kind === "missing") throw unknownRequest(requestId, context);
    if (end.kind === "timeout") {
      stderr.write(
        `Still running after ${timeoutSeconds} s. The app goes on; to watch it:\n  ${again}\n`,
      );
      context.finish("running");
      return end.status;
    }
    if (!isJson) printStatus(end.status, options, context);
    context.finish(reasonOf(end.status));
    return end.status;
  } catch (error) {
    if (context.signal.aborted) {
      stderr.write(`\nThe app goes on without this command. To watch it again:\n  ${again}\n`);
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
    // Only what changed is news: a wait says how long ago the last write was, each time anew.
    const news = `${status.state} ${detail.replaceAll(/\d+/g, "")}`;
    if (news === before) return;
    before = news;
    const time = `${Math.round((now() - startedAt) / 1000)} s`.padStart(7);
    const room = (stderr.columns ?? Number.POSITIVE_INFINITY) - time.length - 2 - 12 - 2;
    const state = renderState(status.state, paint, 12);
    stderr.write(`${`${time}  ${state}  ${cut(detail, Math.max(0, room))}`.trimEnd()}\n`);
  };
}

function readTimeout(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,7}(?:\.\d{1,3})?$/.test(text)) return seconds;
  throw new CommandError(
    "usage",
    `--timeout must be a number of seconds, not ${JSON.stringify(text)}.`,
  );
}
