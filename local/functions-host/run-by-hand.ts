import type { BlobTrigger } from "./blob/trigger.ts";
import { readBlobTriggerData } from "./blob/trigger-data.ts";
import { describeError } from "./errors.ts";
import type { HostFunction, TriggerData } from "./functions.ts";
import type { HostContext } from "./host-context.ts";
import { toHttpTriggerData } from "./http/rpc.ts";
import { toManualQueueData } from "./queue/trigger-data.ts";
import { toTimerTriggerData } from "./timer/trigger.ts";
import type { Triggers } from "./triggers.ts";

/** Starts a run in the background with the input that `POST /admin/functions/{name}` was given. */
export function runByHand(
  target: HostFunction,
  input: string,
  triggers: Triggers,
  context: HostContext,
): void {
  const run = async (): Promise<void> => {
    await context.invoker.invoke(target, await toTriggerData(target, input, triggers));
  };
  run().catch((error) => {
    context.log(
      "error",
      `Function.${target.name}`,
      `Not started manually: ${describeError(error)}`,
    );
  });
}

const REASON = "This function was programmatically called via the host APIs.";

async function toTriggerData(
  target: HostFunction,
  input: string,
  triggers: Triggers,
): Promise<TriggerData> {
  switch (target.kind) {
    case "queueTrigger":
      return toManualQueueData(input, REASON);
    case "timerTrigger":
      return toTimerTriggerData(undefined, false, REASON);
    case "httpTrigger":
      return toManualHttpData(input);
    case "blobTrigger":
      return readManualBlobData(
        triggers.blob.find((each) => each.target === target),
        input,
      );
  }
}

/** The input of an HTTP function is the body of a POST. */
function toManualHttpData(input: string): TriggerData {
  const url = new URL("http://127.0.0.1/");
  const readBody = (): Promise<Buffer> => Promise.resolve(Buffer.from(input));
  return toHttpTriggerData({ method: "POST", url, headers: {}, readBody }, {}, Buffer.from(input));
}

/** The input of a blob function is `container/blob`. */
async function readManualBlobData(
  trigger: BlobTrigger | undefined,
  path: string,
): Promise<TriggerData> {
  const container = trigger?.pattern.container ?? "";
  if (trigger === undefined || !path.startsWith(`${container}/`)) {
    throw new Error(`input '${path}' is not the path of a blob in container '${container}'`);
  }
  const blobName = path.slice(container.length + 1);
  const blob = trigger.blobs.getContainerClient(container).getBlobClient(blobName);
  return readBlobTriggerData(trigger, blobName, await blob.getProperties(), REASON);
}
