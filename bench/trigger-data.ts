import type { TriggerData } from "../local/functions-host/functions.ts";
import { toHttpTriggerData } from "../local/functions-host/http/rpc.ts";
import { toManualQueueData } from "../local/functions-host/queue/trigger-data.ts";
import { toTimerTriggerData } from "../local/functions-host/timer/trigger.ts";

/** One run of a function, as it is passed to another process. */
export type Run =
  | {
      readonly name: string;
      readonly kind: "blob";
      readonly container: string;
      readonly blob: string;
    }
  | { readonly name: string; readonly kind: "queue"; readonly text: string }
  | { readonly name: string; readonly kind: "timer" }
  | {
      readonly name: string;
      readonly kind: "http";
      /** Below `/api/`. */
      readonly path: string;
      readonly params?: Readonly<Record<string, string>>;
    };

const REASON = "measured";

/** What the host would send to the worker for a run. */
export function toTriggerData(run: Run): TriggerData {
  switch (run.kind) {
    case "blob":
      return { input: toBlobReference(run.container, run.blob), metadata: {}, reason: REASON };
    case "queue":
      return toManualQueueData(run.text, REASON);
    case "timer":
      return toTimerTriggerData(undefined, false, REASON);
    case "http": {
      const url = new URL(run.path, "http://127.0.0.1/api/");
      const body = Buffer.alloc(0);
      const request = { method: "GET", url, headers: {}, readBody: async () => body };
      return toHttpTriggerData(request, { ...run.params }, body);
    }
  }
}

function toBlobReference(ContainerName: string, BlobName: string): TriggerData["input"] {
  const content = Buffer.from(JSON.stringify({ ContainerName, BlobName }));
  const source = "AzureStorageBlobs";
  return { modelBindingData: { version: "1.0", source, contentType: "application/json", content } };
}
