import { lazily } from "../../lazily.ts";
import type { Settings } from "../../settings/settings.ts";
import type { StorageClients } from "./storage-clients.ts";

/**
 * The same clients, each given out after what it is for has been created if it was missing: container,
 * queues and table. What cannot be created is reported and given out all the same; whoever uses it
 * fails, and retries, in its own way.
 */
export function prepareStorage(
  clients: StorageClients,
  settings: Pick<
    Settings,
    "uploadsContainer" | "convertedContainer" | "workQueue" | "convertQueue" | "statusQueue"
  >,
  report: (what: string, error: unknown) => void,
): StorageClients {
  const prepare = <C>(
    what: string,
    load: () => Promise<C>,
    createMissing: (client: C) => Promise<unknown>,
  ): (() => Promise<C>) =>
    lazily(async () => {
      const client = await load();
      await createMissing(client).catch((error: unknown) => report(what, error));
      return client;
    });
  const { uploadsContainer, convertedContainer, workQueue, convertQueue, statusQueue } = settings;
  return {
    blobs: prepare("containers for uploads and converted disks", clients.blobs, (blobs) =>
      Promise.all([
        blobs.getContainerClient(uploadsContainer).createIfNotExists(),
        blobs.getContainerClient(convertedContainer).createIfNotExists(),
      ]),
    ),
    targets: clients.targets,
    queues: prepare("queues", clients.queues, (queues) =>
      Promise.all([
        queues.getQueueClient(workQueue).createIfNotExists(),
        queues.getQueueClient(convertQueue).createIfNotExists(),
        queues.getQueueClient(statusQueue).createIfNotExists(),
      ]),
    ),
    table: prepare("request table", clients.table, (table) => table.createTable()),
  };
}
