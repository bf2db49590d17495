import type { Command } from "commander";
import { addAppOptions, appFlags } from "../app/app-access.ts";
import { openApp } from "../app/open-app.ts";
import {
  addHelp,
  addOutputOptions,
  type CommandContext,
  type OutputOptions,
  wantsJson,
} from "../command-context.ts";
import { requireRequest } from "../status/find-request.ts";
import { printStatus } from "../status/status-command.ts";
import { readTimeout } from "../status/watch-command.ts";
import { type WatchOptions, watchRequest } from "../status/watch-request.ts";

const TARGET = "id of a request, or name of an upload (its latest request)";

/** Adds `cancel ID|SOURCE`. */
export function addCancelCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("cancel")
    .summary("cancel a request")
    .description(
      "Cancels a request, as long as nothing was sent to Azure for it. The upload stays where it is; `retry` opens a new request for it.",
    )
    .argument("<ID|SOURCE>", TARGET);
  addOutputOptions(addAppOptions(command));
  addHelp(
    command,
    [`${context.name} cancel web.json`, `${context.name} cancel abcdefghij2345672345 --json`],
    ["success", "refused", "usage", "unreachable"],
  );
  command.action(async (text: string, options: WatchOptions & OutputOptions) => {
    const client = await openApp(options, context);
    const known = await requireRequest(client, text, options, context);
    printStatus(await client.act("cancel", known.requestId), options, context);
  });
}

interface RetryOptions extends WatchOptions, OutputOptions {
  readonly wait: boolean;
}

/** Adds `retry ID|SOURCE`. */
export function addRetryCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("retry")
    .summary("retry a request that has ended, and follow the new one")
    .description(
      "Opens a new request for the upload of one that has ended, and follows it until it ends too. Nothing is uploaded again; the upload must be unchanged.",
    )
    .argument("<ID|SOURCE>", TARGET)
    .option("--no-wait", "print the id of the new request; do not follow it")
    .option("--timeout <SECONDS>", "stop following after so long, with exit code 4", readTimeout);
  addOutputOptions(addAppOptions(command));
  addHelp(
    command,
    [`${context.name} retry web.json`, `${context.name} retry web.vhd --no-wait`],
    ["success", "refused", "usage", "unreachable", "running", "interrupted"],
  );
  command.action(async (text: string, options: RetryOptions) => {
    const client = await openApp(options, context);
    const known = await requireRequest(client, text, options, context);
    const opened = await client.act("retry", known.requestId);
    if (!options.wait) return printOpened(opened.requestId, options, context);
    const { reason, status } = await watchRequest(client, opened.requestId, options, context);
    if (status !== null) printStatus(status, options, context);
    context.finish(reason);
  });
}

function printOpened(requestId: string, options: RetryOptions, context: CommandContext): void {
  const { stdout, stderr, name } = context;
  if (wantsJson(options)) {
    stdout.write(`${JSON.stringify({ requestId }, null, 2)}\n`);
    return;
  }
  stdout.write(`${requestId}\n`);
  stderr.write(`To follow it:\n  ${name} watch ${requestId}${appFlags(options)}\n`);
}
