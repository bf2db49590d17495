import type { Command } from "commander";
import type { StatusView } from "../../shared/http/status-view.ts";
import { isTerminal, REQUEST_STATES, type RequestState } from "../../shared/record/states.ts";
import { type AppOptions, addAppOptions } from "../app/app-access.ts";
import { openApp } from "../app/open-app.ts";
import {
  addHelp,
  addOutputOptions,
  type CommandContext,
  type OutputOptions,
  wantsJson,
} from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import type { ExitReason } from "../exit-codes.ts";
import { createPaint } from "../terminal.ts";
import { requireRequest } from "./find-request.ts";
import { renderDetail, renderList } from "./render.ts";

interface StatusOptions extends AppOptions, OutputOptions {
  readonly state?: RequestState;
  readonly image?: string;
  readonly limit: number;
}

/** Adds `status [ID|SOURCE]`. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("status")
    .summary("show requests, or one of them")
    .description(
      "Lists the latest requests, or shows one in full. The exit code then says how it is: 0 the image is ready, 1 it failed or was canceled, 4 it is still running.",
    )
    .argument("[ID|SOURCE]", "id of a request, or name of an upload (its latest request)")
    .addOption(
      program
        .createOption("--state <state>", "only requests in this state")
        .choices(REQUEST_STATES),
    )
    .option("--image <name>", "only requests for images of this name")
    .option("--limit <N>", "number of requests, 1 to 100", readLimit, 25);
  addOutputOptions(addAppOptions(command));
  addHelp(
    command,
    [
      `${context.name} status`,
      `${context.name} status web.vhd`,
      `${context.name} status --state failed --json`,
    ],
    ["success", "refused", "usage", "unreachable", "running"],
  );
  command.action(async (text: string | undefined, options: StatusOptions) => {
    const client = await openApp(options, context);
    if (text === undefined) {
      const { state, image, limit } = options;
      const items = await client.list({ limit, ...(state && { state }), ...(image && { image }) });
      return printList(items, options, context);
    }
    const status = await requireRequest(client, text, options, context);
    printStatus(status, options, context);
    context.finish(reasonOf(status));
  });
}

/** The exit code that tells how a request is. */
export function reasonOf({ state }: StatusView): ExitReason {
  if (!isTerminal(state)) return "running";
  return state === "succeeded" ? "success" : "refused";
}

/** Prints one request as the result. */
export function printStatus(
  status: StatusView,
  options: OutputOptions,
  { stdout, environment }: CommandContext,
): void {
  const lines = wantsJson(options)
    ? [JSON.stringify(status, null, 2)]
    : renderDetail(status, createPaint(stdout, environment), stdout.columns ?? null);
  stdout.write(`${lines.join("\n")}\n`);
}

function printList(
  items: readonly StatusView[],
  options: OutputOptions,
  { stdout, stderr, environment }: CommandContext,
): void {
  if (wantsJson(options)) stdout.write(`${JSON.stringify(items, null, 2)}\n`);
  else if (items.length === 0) stderr.write("No requests.\n");
  else {
    const paint = createPaint(stdout, environment);
    stdout.write(`${renderList(items, paint, stdout.columns ?? null).join("\n")}\n`);
  }
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (/^\d{1,3}$/.test(text) && limit >= 1 && limit <= 100) return limit;
  throw new CommandError(
    "usage",
    `--limit must be a number from 1 to 100, not ${JSON.stringify(text)}.`,
  );
}
