import type { TokenCredential } from "@azure/identity";
import { createBlobStore } from "../shared/azure/blob-store.ts";
import { createImageService } from "../shared/azure/image-service.ts";
import { createStatusQueue, createWorkQueue } from "../shared/azure/queues.ts";
import { createRecordStore } from "../shared/azure/record-store.ts";
import { createMissingStorage, createStorageClients } from "../shared/azure/storage-clients.ts";
import type { Dependency } from "../shared/http/health.ts";
import type { Clock } from "../shared/ports.ts";
import { createBlobLocator } from "../shared/request/blob-uri.ts";
import { createPolicy } from "../shared/request/policy.ts";
import type { Settings } from "../shared/settings.ts";
import type { AdvanceContext } from "../shared/stages/advance.ts";
import type { IngestContext } from "../shared/stages/ingest.ts";
import { listDependencies } from "./dependencies.ts";
import type { WithLog } from "./ingest.blob.ts";

/** Everything the functions work with, made once per process. */
export interface Composition {
  readonly process: WithLog<AdvanceContext & IngestContext>;
  readonly dependencies: readonly Dependency[];
  /** Creates what is missing in storage. */
  readonly prepare: () => Promise<void>;
}

/** Joins settings and clients to what the stages and handlers take. */
export function compose(
  settings: Settings,
  options: {
    readonly credentialFor: (clientId: string | null) => TokenCredential;
    readonly clock: Clock;
  },
): Composition {
  const credential = options.credentialFor(settings.identityClientId);
  const clients = createStorageClients(settings, options.credentialFor);
  return {
    process: {
      blobs: createBlobStore(clients.blobs),
      records: createRecordStore(clients.table),
      workQueue: createWorkQueue(clients.queues.getQueueClient(settings.workQueue)),
      statusQueue: createStatusQueue(clients.queues.getQueueClient(settings.statusQueue)),
      images: createImageService({
        credential,
        cloud: settings.cloud,
        endpoint: settings.armEndpoint,
      }),
      clock: options.clock,
      locator: createBlobLocator(clients.blobs.url, settings.uploadsContainer),
      policy: createPolicy(settings.policy, settings.defaults),
      defaults: settings.defaults,
      timing: settings.timing,
      uploadsContainer: settings.uploadsContainer,
      vhdWithoutManifest: settings.vhdWithoutManifest,
    },
    dependencies: listDependencies(settings, clients, credential),
    prepare: () => createMissingStorage(clients, settings),
  };
}
