import type { BlobServiceClient } from "@azure/storage-blob";
import type { QueueServiceClient } from "@azure/storage-queue";
import { FunctionIndexingError } from "../errors.ts";
import { type HostFunction, readTextOption } from "../functions.ts";
import type { HostContext } from "../host-context.ts";
import { HOST_STORAGE, resolveConnection, resolveSettings } from "../settings.ts";
import { type PathPattern, parsePathPattern } from "./path-pattern.ts";

/** Where a blob trigger learns of blobs. */
export type BlobSource = "EventGrid" | "LogsAndContainerScan";

/** A blob trigger whose path and connection are resolved. */
export interface BlobTrigger {
  readonly target: HostFunction;
  readonly pattern: PathPattern;
  readonly source: BlobSource;
  /** The app setting that names the account. */
  readonly connection: string;
  readonly blobs: BlobServiceClient;
  /** The queue service of the same account, where the poison queue is. */
  readonly queues: QueueServiceClient;
  /** Whether the function gets a reference to the blob instead of its content. */
  readonly deferred: boolean;
}

/** Returns the blob trigger of a function. Throws FunctionIndexingError for a bad binding. */
export function readBlobTrigger(target: HostFunction, context: HostContext): BlobTrigger {
  const { trigger } = target;
  const path = readTextOption(trigger, "path");
  if (path === undefined) throw new FunctionIndexingError("path is missing.");
  const connection = readTextOption(trigger, "connection") ?? HOST_STORAGE;
  const account = resolveConnection(connection, context.settings, context.hostStorage);
  return {
    target,
    pattern: parsePathPattern(resolveSettings(path, context.settings)),
    source: readSource(resolveSettings(readTextOption(trigger, "source") ?? "", context.settings)),
    connection,
    blobs: context.accounts.blobs(account),
    queues: context.accounts.queues(account),
    deferred: isDeferred(target),
  };
}

function readSource(text: string): BlobSource {
  if (text === "" || text.toLowerCase() === "logsandcontainerscan") return "LogsAndContainerScan";
  if (text.toLowerCase() === "eventgrid") return "EventGrid";
  throw new FunctionIndexingError(
    `source '${text}' is neither EventGrid nor LogsAndContainerScan.`,
  );
}

/**
 * The host defers only when the binding asks for it and the function's first other binding has no
 * `{…}` expression in any option; otherwise it silently goes back to downloading the content.
 */
function isDeferred({ trigger, triggerName, registered }: HostFunction): boolean {
  if (trigger.properties?.supportsDeferredBinding !== "true") return false;
  const others = Object.entries(registered.metadata.bindings).filter(([n]) => n !== triggerName);
  const options = Object.values(others[0]?.[1] ?? {});
  return !options.some((option) => typeof option === "string" && /\{[^}]*\}/.test(option));
}
