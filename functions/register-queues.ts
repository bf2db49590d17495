import type { app as functionApp } from "@azure/functions";
import type { AppContext } from "./app-context.ts";
import { BLOB_POISON_QUEUE } from "./blob-poison-queue.ts";
import { deferHandler } from "./defer-handler.ts";

/** What the functions on queues are registered with. */
export interface QueueParts {
  readonly connection: string;
  /** Names of the queues, as the host's bindings take them. */
  readonly work: string;
  readonly convert: string;
  /** Conversions that one instance works on at the same time. */
  readonly convertAtOnce: number;
  readonly context: () => Promise<AppContext>;
  /** What a function works with, unless one of the settings that it needs is wrong. */
  readonly needing: <T>(name: string, load: () => Promise<T>) => () => Promise<T>;
}

/** Registers the functions that take steps, and those that end requests whose messages failed too often. */
export function registerQueues(
  app: Pick<typeof functionApp, "storageQueue">,
  { connection, work, convert, convertAtOnce, context, needing }: QueueParts,
): void {
  app.storageQueue("advance", {
    connection,
    queueName: work,
    handler: deferHandler(() => import("./advance.queue.ts"), needing("advance", context)),
  });
  app.storageQueue("convert", {
    connection,
    queueName: convert,
    handler: deferHandler(
      () => import("./convert.queue.ts"),
      needing("convert", async () => ({ process: await context(), atOnce: convertAtOnce })),
    ),
  });
  app.storageQueue("poison-work", {
    connection,
    queueName: `${work}-poison`,
    handler: deferHandler(() => import("./poison-work.queue.ts"), needing("poison-work", context)),
  });
  app.storageQueue("poison-convert", {
    connection,
    queueName: `${convert}-poison`,
    handler: deferHandler(
      () => import("./poison-convert.queue.ts"),
      needing("poison-convert", context),
    ),
  });
  app.storageQueue("poison-upload", {
    connection,
    queueName: BLOB_POISON_QUEUE,
    handler: deferHandler(
      () => import("./poison-upload.queue.ts"),
      needing("poison-upload", context),
    ),
  });
}
