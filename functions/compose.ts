import type { TokenCredential } from "@azure/identity";
import { deferPageTargets } from "../shared/azure/storage/defer-page-targets.ts";
import { prepareStorage } from "../shared/azure/storage/prepared-storage.ts";
import { createStatusQueue, createWorkQueue } from "../shared/azure/storage/queues.ts";
import { createStorageClients } from "../shared/azure/storage/storage-clients.ts";
import type { Dependency } from "../shared/http/health.ts";
import { lazily } from "../shared/lazily.ts";
import type { Clock, RecordStore, StatusQueue } from "../shared/ports.ts";
import type { Settings } from "../shared/settings/settings.ts";
import type { Telemetry } from "../shared/telemetry/telemetry.ts";
import type { AppContext } from "./app-context.ts";
import { deferArmServices } from "./arm-services.ts";
import type { Planner } from "./plan.http.ts";

/**
 * What the functions work with. Each is loaded and made once per process, when a function first needs
 * it: nothing here touches an SDK before.
 */
export interface Composition {
  /** For the functions that move requests on. */
  readonly context: () => Promise<AppContext>;
  /** For plans, whose calls to Azure are held back. */
  readonly planner: () => Promise<Planner>;
  readonly records: () => Promise<RecordStore>;
  readonly statusQueue: () => Promise<StatusQueue>;
  readonly dependencies: () => Promise<readonly Dependency[]>;
  /** Creates what is missing in storage. It never rejects: what it cannot do is reported. */
  readonly prepare: () => Promise<void>;
}

/** Joins settings and clients to what the stages and handlers take. */
export function compose(
  settings: Settings,
  options: {
    readonly credentialFor: (clientId: string | null) => TokenCredential;
    readonly clock: Clock;
    readonly telemetry: Telemetry;
    /** Told of what could not be created in storage. */
    readonly onUnprepared: (what: string, error: unknown) => void;
  },
): Composition {
  const credential = options.credentialFor(settings.identityClientId);
  const { telemetry } = options;
  const arm = {
    credential,
    cloud: settings.cloud,
    endpoint: settings.armEndpoint,
    onAnswer: (status: number) => telemetry.annotate({ "http.response.status_code": status }),
  };
  const clients = createStorageClients(settings, options.credentialFor);
  const storage = prepareStorage(clients, settings, options.onUnprepared);
  const records = lazily(async () => {
    const { createRecordStore } = await import("../shared/azure/storage/record-store.ts");
    return createRecordStore(await storage.table());
  });
  const statusQueue = lazily(async () =>
    createStatusQueue((await storage.queues()).getQueueClient(settings.statusQueue)),
  );
  const loadParts = lazily(async () => {
    const [{ createAppContext }, blobs, queues, recordStore, statuses] = await Promise.all([
      import("./app-context.ts"),
      storage.blobs(),
      storage.queues(),
      records(),
      statusQueue(),
    ]);
    const ports = {
      blobs,
      records: recordStore,
      targets: deferPageTargets(storage.targets),
      workQueue: createWorkQueue(queues.getQueueClient(settings.workQueue)),
      convertQueue: createWorkQueue(queues.getQueueClient(settings.convertQueue)),
      statusQueue: statuses,
      clock: options.clock,
      telemetry,
    };
    return (services: ReturnType<typeof deferArmServices>): AppContext =>
      createAppContext(settings, { ...ports, ...services });
  });
  const context = lazily(async () => (await loadParts())(deferArmServices(arm)));
  const planner = lazily(async (): Promise<Planner> => {
    const [{ holdWrites }, { planUpload }, makeContext] = await Promise.all([
      import("../shared/azure/arm/held-calls.ts"),
      import("../shared/plan/plan-upload.ts"),
      loadParts(),
    ]);
    return (input) => {
      // Each plan has its own: what one holds back must not be there for another.
      const { client: httpClient, take: takeCalls } = holdWrites();
      const services = deferArmServices({ ...arm, httpClient });
      return planUpload(input, { ...makeContext(services), takeCalls });
    };
  });
  return {
    context,
    planner,
    records,
    statusQueue,
    dependencies: async () => {
      const { listDependencies } = await import("./dependencies.ts");
      // Whoever asks while the app starts waits for its preparation: what it creates is not missing.
      return listDependencies(settings, storage, credential);
    },
    prepare: async () => {
      // One after the other, so that an invocation gets its turn between two parts that are loaded.
      for (const load of [storage.table, storage.queues, storage.blobs]) {
        await load().catch((error: unknown) => options.onUnprepared("storage client", error));
      }
    },
  };
}
