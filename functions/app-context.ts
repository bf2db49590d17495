import { createBlobStore } from "../shared/azure/storage/blob-store.ts";
import type { StorageClients } from "../shared/azure/storage/storage-clients.ts";
import type { AdvanceContext } from "../shared/flow/advance.ts";
import type { IngestContext } from "../shared/flow/ingest.ts";
import type { GalleryService } from "../shared/gallery-ports.ts";
import { accountOf } from "../shared/image/blob-hosts.ts";
import { createBlobLocator } from "../shared/image/blob-uri.ts";
import { createPolicy } from "../shared/image/policy.ts";
import { createOutputs } from "../shared/outputs/outputs.ts";
import type { PageTargets } from "../shared/page-targets.ts";
import type {
  Clock,
  ImageService,
  RecordStore,
  SourceService,
  StatusQueue,
  WorkQueue,
} from "../shared/ports.ts";
import type { Settings } from "../shared/settings/settings.ts";
import type { Telemetry } from "../shared/telemetry/telemetry.ts";
import { traceBlobStore } from "../shared/telemetry/trace-blob-store.ts";
import { traceGalleryService } from "../shared/telemetry/trace-gallery-service.ts";
import { traceImageService } from "../shared/telemetry/trace-image-service.ts";
import { traceSourceService } from "../shared/telemetry/trace-source-service.ts";
import type { WithLog } from "./logger.ts";

/** What the stages work with, whichever function runs them. */
export type AppContext = WithLog<AdvanceContext & IngestContext>;

/** Joins clients and ports to what the settings say. */
export function createAppContext(
  settings: Settings,
  parts: {
    readonly blobs: Awaited<ReturnType<StorageClients["blobs"]>>;
    readonly records: RecordStore;
    readonly targets: PageTargets;
    readonly workQueue: WorkQueue;
    readonly convertQueue: WorkQueue;
    readonly statusQueue: StatusQueue;
    readonly images: ImageService;
    readonly galleries: GalleryService;
    readonly sources: SourceService;
    readonly clock: Clock;
    readonly telemetry: Telemetry;
  },
): AppContext {
  const { uploadsContainer } = settings;
  const { images, galleries, ...ports } = parts;
  const { telemetry } = ports;
  const policy = createPolicy(settings.policy, settings.defaults, settings.cloud);
  return {
    ...ports,
    blobs: traceBlobStore(createBlobStore(parts.blobs), telemetry),
    outputs: createOutputs(
      {
        images: traceImageService(images, telemetry),
        galleries: traceGalleryService(galleries, telemetry),
      },
      {
        allowDefinitionCreate: policy.galleries.allowDefinitionCreate,
        regions: policy.regions,
      },
    ),
    sources: traceSourceService(parts.sources, telemetry),
    account: accountOf(parts.blobs.url),
    locator: createBlobLocator(parts.blobs.url, uploadsContainer),
    policy,
    defaults: settings.defaults,
    timing: settings.timing,
    conversion: settings.conversion,
    uploadsContainer,
    vhdWithoutManifest: settings.vhdWithoutManifest,
  };
}
