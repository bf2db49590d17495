import type { TableClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import type { BlobServiceClient } from "@azure/storage-blob";
import type { QueueServiceClient } from "@azure/storage-queue";
import { lazily } from "../../lazily.ts";
import type { PageTargets } from "../../page-targets.ts";
import type { Settings } from "../../settings/settings.ts";
import { createStorageAccess } from "./storage-access.ts";

/** The clients of the one storage account, each loaded and made once per process, when first needed. */
export interface StorageClients {
  readonly blobs: () => Promise<BlobServiceClient>;
  /** Page blobs that the app writes, by a client of their own without retries. */
  readonly targets: () => Promise<PageTargets>;
  readonly queues: () => Promise<QueueServiceClient>;
  readonly table: () => Promise<TableClient>;
}

/** Clients for the account by connection string, or by identity with the given credential. */
export function createStorageClients(
  settings: Pick<Settings, "storage" | "requestTable">,
  credentialFor: (clientId: string | null) => TokenCredential,
): StorageClients {
  const access = createStorageAccess(settings.storage, credentialFor);
  return {
    blobs: lazily(async () => (await import("./blob-client.ts")).createBlobClient(access)),
    targets: lazily(async () => {
      const [{ createOneTryBlobClient }, { createPageTargets }, { createSourceAccess }] =
        await Promise.all([
          import("./blob-client.ts"),
          import("./page-targets.ts"),
          import("./source-access.ts"),
        ]);
      return createPageTargets(createOneTryBlobClient(access), createSourceAccess(access));
    }),
    queues: lazily(async () => (await import("./queue-client.ts")).createQueueClient(access)),
    table: lazily(async () => {
      const { createTableClient } = await import("./table-client.ts");
      return createTableClient(access, settings.requestTable);
    }),
  };
}
