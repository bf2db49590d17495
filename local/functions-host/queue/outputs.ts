import type { InvocationResponse, TypedData } from "../core-types.ts";
import type { HostFunction, QueueOutput, TriggerData } from "../functions.ts";
import { toText } from "../typed-data.ts";
import { encodeMessage, type MessageEncoding } from "./message-text.ts";

/** A queue that an output binding writes to. */
export interface OutputQueue {
  send(messageText: string): Promise<void>;
}

export interface QueueOutputOptions {
  readonly encoding: MessageEncoding;
  /** Opens the queue of a binding, its `{…}` expressions filled in from the trigger's data. */
  readonly open: (output: QueueOutput, data: TriggerData) => OutputQueue;
}

/**
 * Writes the queue outputs of a successful run: a JSON array becomes one message per element,
 * anything else one message. Throws when a queue cannot be written, which fails the run.
 */
export async function writeQueueOutputs(
  options: QueueOutputOptions,
  target: HostFunction,
  data: TriggerData,
  response: InvocationResponse,
): Promise<void> {
  for (const output of target.queueOutputs) {
    const value =
      output.name === "$return"
        ? response.returnValue
        : response.outputData?.find((each) => each.name === output.name)?.data;
    const messages = toMessages(value);
    if (messages.length === 0) continue;
    const queue = options.open(output, data);
    for (const message of messages) await queue.send(encodeMessage(message, options.encoding));
  }
}

function toMessages(value: TypedData | null | undefined): (string | Uint8Array)[] {
  if (value?.bytes !== undefined) return [value.bytes];
  if (value?.json !== undefined) {
    const parsed: unknown = JSON.parse(value.json);
    if (Array.isArray(parsed)) {
      return parsed.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
    }
  }
  const text = toText(value);
  return text === undefined ? [] : [text];
}

/** Returns `text` with each `{token}` replaced by the trigger's metadata of that name. */
export function fillExpressions(text: string, data: TriggerData): string {
  return text.replace(/\{([^}]+)\}/g, (_, token: string) => {
    const key = Object.keys(data.metadata).find((k) => k.toLowerCase() === token.toLowerCase());
    const value = key === undefined ? undefined : toText(data.metadata[key]);
    if (value === undefined) throw new Error(`No value for named parameter '${token}'.`);
    return value;
  });
}
