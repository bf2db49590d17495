import type { CommandContext } from "../command-context.ts";
import { type AppOptions, findApp } from "./app-access.ts";
import { type AppClient, createAppClient } from "./app-client.ts";

/**
 * The API of the app that a command is about.
 * @throws CommandError when none is configured.
 */
export async function openApp(options: AppOptions, context: CommandContext): Promise<AppClient> {
  return createAppClient(await findApp(options, context), context.signal);
}
