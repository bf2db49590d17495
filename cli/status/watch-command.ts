import type { Command } from "commander";
import { isRequestId } from "../../shared/record/identity.ts";
import { addAppOptions } from "../app/app-access.ts";
import { openApp } from "../app/open-app.ts";
import {
  addHelp,
  addOutputOptions,
  type CommandContext,
  type OutputOptions,
  wantsJson,
} from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { requireRequest } from "./find-request.ts";
import { printStatus } from "./status-command.ts";
import { type WatchOptions, watchRequest } from "./watch-request.ts";

/** Adds `watch ID|SOURCE`. */
export function addWatchCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("watch")
    .summary("follow a request to the end")
    .description(
      "Follows a request until the image is ready or the request has failed. With --json, prints the status on one line each time it changes.",
    )
    .argument("<ID|SOURCE>", "id of a request, or name of an upload (its latest request)")
    .option("--timeout <SECONDS>", "stop following after so long, with exit code 4", readTimeout);
  addOutputOptions(addAppOptions(command));
  addHelp(
    command,
    [`${context.name} watch web.vhd`, `${context.name} watch web.json --timeout 3600 --json`],
    ["success", "refused", "usage", "unreachable", "running", "interrupted"],
  );
  command.action(async (text: string, options: WatchOptions & OutputOptions) => {
    const client = await openApp(options, context);
    // What has an id already may be too new for the app to know it.
    const requestId = isRequestId(text)
      ? text
      : (await requireRequest(client, text, options, context)).requestId;
    const isJson = wantsJson(options);
    const { reason, status } = await watchRequest(
      client,
      requestId,
      options,
      context,
      (latest) => void (isJson && context.stdout.write(`${JSON.stringify(latest)}\n`)),
    );
    if (!isJson && reason !== "running" && status !== null) printStatus(status, options, context);
    context.finish(reason);
  });
}

/** Seconds of `--timeout`. */
export function readTimeout(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,7}(?:\.\d{1,3})?$/.test(text)) return seconds;
  throw new CommandError(
    "usage",
    `--timeout must be a number of seconds, not ${JSON.stringify(text)}.`,
  );
}
