import { type BlobTrigger, readBlobTrigger } from "./blob/trigger.ts";
import { FunctionIndexingError } from "./errors.ts";
import type { HostFunction } from "./functions.ts";
import type { HostContext } from "./host-context.ts";
import { type HttpTrigger, readHttpTrigger } from "./http/trigger.ts";
import { checkQueueOutputs } from "./output-queues.ts";
import { type QueueTrigger, readQueueTrigger } from "./queue/trigger.ts";
import { readTimerTrigger, type TimerTrigger } from "./timer/trigger.ts";

/** The triggers of an app that can run, and why the other functions cannot. */
export interface Triggers {
  readonly http: readonly HttpTrigger[];
  readonly queue: readonly QueueTrigger[];
  readonly blob: readonly BlobTrigger[];
  readonly timer: readonly TimerTrigger[];
  /** Message by function name. */
  readonly errors: ReadonlyMap<string, string>;
}

/** Reads the triggers of all functions; a function with a bad binding does not stop the others. */
export function readTriggers(functions: readonly HostFunction[], context: HostContext): Triggers {
  const http: HttpTrigger[] = [];
  const queue: QueueTrigger[] = [];
  const blob: BlobTrigger[] = [];
  const timer: TimerTrigger[] = [];
  const errors = new Map<string, string>();
  const readers = {
    httpTrigger: (each: HostFunction) => http.push(readHttpTrigger(each, context)),
    queueTrigger: (each: HostFunction) => queue.push(readQueueTrigger(each, context)),
    blobTrigger: (each: HostFunction) => blob.push(readBlobTrigger(each, context)),
    timerTrigger: (each: HostFunction) => timer.push(readTimerTrigger(each, context)),
  };
  for (const each of functions) {
    try {
      checkQueueOutputs(each, context.settings, context.hostStorage);
      readers[each.kind](each);
    } catch (error) {
      if (!(error instanceof FunctionIndexingError)) throw error;
      errors.set(each.name, error.message);
    }
  }
  return { http, queue, blob, timer, errors };
}
