import type { TokenCredential } from "@azure/identity";
import { AUDIENCES } from "../shared/azure/arm/clouds.ts";
import type { StorageClients } from "../shared/azure/storage/storage-clients.ts";
import type { Dependency } from "../shared/http/health.ts";
import type { Settings } from "../shared/settings/settings.ts";
import { BLOB_POISON_QUEUE } from "./blob-poison-queue.ts";

type QueueClient = ReturnType<Awaited<ReturnType<StorageClients["queues"]>>["getQueueClient"]>;

/** What `/api/health` checks: what the app cannot work without, and poison messages. */
export function listDependencies(
  settings: Settings,
  clients: StorageClients,
  credential: TokenCredential,
): readonly Dependency[] {
  const scope = `${AUDIENCES[settings.cloud]}/.default`;
  const queue = async (name: string): Promise<QueueClient> =>
    (await clients.queues()).getQueueClient(name);
  const isThere =
    (look: () => Promise<unknown>): Dependency["check"] =>
    async () => {
      await look();
      return undefined;
    };
  const isEmpty =
    (name: string): Dependency["check"] =>
    async () => {
      const count = await countMessages(await queue(name));
      return count === 0 ? undefined : `${count} message(s) that could not be processed are kept`;
    };
  return [
    {
      name: "uploads container",
      check: isThere(async () =>
        (await clients.blobs()).getContainerClient(settings.uploadsContainer).getProperties(),
      ),
    },
    {
      name: "work queue",
      check: isThere(async () => (await queue(settings.workQueue)).getProperties()),
    },
    {
      name: "container for converted disks",
      check: isThere(async () =>
        (await clients.blobs()).getContainerClient(settings.convertedContainer).getProperties(),
      ),
    },
    {
      name: "conversion queue",
      check: isThere(async () => (await queue(settings.convertQueue)).getProperties()),
    },
    {
      name: "status queue",
      check: isThere(async () => (await queue(settings.statusQueue)).getProperties()),
    },
    {
      name: "request table",
      check: isThere(async () =>
        (await clients.table())
          .listEntities({ queryOptions: { filter: "PartitionKey eq ''" } })
          .next(),
      ),
    },
    {
      name: "identity",
      check: isThere(async () => {
        if ((await credential.getToken(scope)) === null) throw new Error("no token was issued");
      }),
    },
    { name: "poisoned work messages", check: isEmpty(`${settings.workQueue}-poison`) },
    { name: "poisoned conversion messages", check: isEmpty(`${settings.convertQueue}-poison`) },
    { name: "poisoned upload events", check: isEmpty(BLOB_POISON_QUEUE) },
  ];
}

/** Messages in a queue, visible or not; 0 when the queue does not exist. */
async function countMessages(client: QueueClient): Promise<number> {
  if (!(await client.exists())) return 0;
  return (await client.getProperties()).approximateMessagesCount ?? 0;
}
