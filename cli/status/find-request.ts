import type { StatusView } from "../../shared/http/status-view.ts";
import { isRequestId } from "../../shared/record/identity.ts";
import type { AppClient } from "../app/app-client.ts";

/** Returns the request that an id, or the name of an upload, stands for; null when there is none. */
export async function findRequest(client: AppClient, text: string): Promise<StatusView | null> {
  if (isRequestId(text)) {
    const answer = await client.get(text);
    if (answer.kind === "found") return answer.status;
  }
  const [latest] = await client.list({ source: text, limit: 1 });
  if (latest === undefined) return null;
  const answer = await client.get(latest.requestId);
  return answer.kind === "found" ? answer.status : latest;
}
