import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { AppSettings } from "./settings.ts";

/**
 * Returns the id under which the host keeps its queues, receipts and timer states: the setting
 * `AzureFunctionsWebHost__hostid` if there is one, else 32 hex digits that stay the same for one
 * app folder.
 */
export function readHostId(appDirectory: string, settings: AppSettings): string {
  const configured = settings.AzureFunctionsWebHost__hostid;
  if (configured) return configured.toLowerCase();
  return createHash("sha256").update(resolve(appDirectory)).digest("hex").slice(0, 32);
}
