import type { Command } from "commander";
import { type AppOptions, addAppOptions, findApp } from "../app/app-access.ts";
import { addHelp, type CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { openBrowser } from "./open-browser.ts";
import { serveBoard } from "./serve-board.ts";

interface BoardCommandOptions extends AppOptions {
  readonly port: number;
  readonly open: boolean;
  readonly readOnly?: true;
}

/** Adds `board`. */
export function addBoardCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("board")
    .summary("show the requests in a browser")
    .description(
      "Serves the app's status board on this machine until Ctrl-C, and opens it in the browser. The key of the app stays in this command: no browser gets it.",
    )
    .option("--port <N>", "port on 127.0.0.1; a free one unless set", readPort, 0)
    .option("--no-open", "only print the address")
    .option("--read-only", "refuse to cancel, retry and plan");
  addAppOptions(command);
  addHelp(
    command,
    [
      `${context.name} board`,
      `${context.name} board --read-only --no-open --port 8080`,
      `${context.name} board --local`,
    ],
    ["success", "usage", "unreachable", "interrupted"],
  );
  command.action(async (options: BoardCommandOptions) => {
    const app = await findApp(options, context);
    const { port, open, readOnly: isReadOnly = false } = options;
    const board = await serveBoard(app, { port, isReadOnly });
    try {
      context.stdout.write(`${board.url}\n`);
      const mode = isReadOnly ? ", read-only" : "";
      context.stderr.write(`The board of ${app.url}${mode}. Stop it with Ctrl-C.\n`);
      if (open && !(await openBrowser(board.url))) {
        context.stderr.write("A browser cannot be opened from here: open the address yourself.\n");
      }
      await untilAborted(context.signal);
    } finally {
      await board.close();
    }
  });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new CommandError(
    "usage",
    `--port must be a number from 0 to 65535, not ${JSON.stringify(text)}.`,
  );
}
