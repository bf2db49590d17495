import type { StatusView } from "../../shared/http/status-view.ts";
import { isRequestId } from "../../shared/record/identity.ts";
import { type AppOptions, appFlags } from "../app/app-access.ts";
import type { AppClient } from "../app/app-client.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";

/**
 * The request that an id, or the name of an upload, stands for.
 * @throws CommandError when there is none, or the app cannot be reached.
 */
export async function requireRequest(
  client: AppClient,
  text: string,
  options: AppOptions,
  context: CommandContext,
): Promise<StatusView> {
  const status = await findRequest(client, text);
  if (status === null) throw unknownRequest(text, options, context);
  return status;
}

/** What to say about an id or a name that the app does not know. */
export function unknownRequest(
  text: string,
  options: AppOptions,
  { name }: CommandContext,
): CommandError {
  return new CommandError(
    "refused",
    `The app has no request for ${JSON.stringify(text)}. A new upload can take two minutes to appear. List the latest requests:\n  ${name} status${appFlags(options)}`,
  );
}

async function findRequest(client: AppClient, text: string): Promise<StatusView | null> {
  if (isRequestId(text)) {
    const answer = await client.get(text);
    if (answer.kind === "found") return answer.status;
  }
  const [latest] = await client.list({ source: text, limit: 1 });
  if (latest === undefined) return null;
  const answer = await client.get(latest.requestId);
  return answer.kind === "found" ? answer.status : latest;
}
