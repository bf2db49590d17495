import type { SparseImage } from "../../local/sample-vhds/index.ts";
import { type AdvanceContext, advance } from "../../shared/flow/advance.ts";
import { type IngestContext, ingest } from "../../shared/flow/ingest.ts";
import { createBlobLocator } from "../../shared/image/blob-uri.ts";
import type { ImageDefaults } from "../../shared/image/defaults.ts";
import type { BlobRef } from "../../shared/image/image-request.ts";
import type { PolicySettings } from "../../shared/image/policy.ts";
import { createPolicy } from "../../shared/image/policy.ts";
import { createOutputs, type Outputs } from "../../shared/outputs/outputs.ts";
import type { WorkMessage } from "../../shared/ports.ts";
import type { ConversionSettings } from "../../shared/record/conversion-settings.ts";
import type { RequestRecord } from "../../shared/record/record.ts";
import type { Timing } from "../../shared/record/timing.ts";
import { createFakeBlobStore, type FakeBlobStore } from "./blob-store.ts";
import { createFakeClock, type FakeClock } from "./clock.ts";
import { createFakeGalleryService, type FakeGalleryService } from "./gallery-service.ts";
import { createFakeImageService, type FakeImageService } from "./image-service.ts";
import { createFakeLog, type FakeLog } from "./log.ts";
import { createFakePageTargets, type FakePageTargets } from "./page-targets.ts";
import {
  createFakeStatusQueue,
  createFakeWorkQueue,
  type FakeStatusQueue,
  type FakeWorkQueue,
} from "./queues.ts";
import { createFakeRecordStore, type FakeRecordStore } from "./record-store.ts";
import { createFakeSourceService, type FakeSourceService } from "./source-service.ts";
import { createFakeTelemetry, type FakeTelemetry } from "./telemetry.ts";
import { makeFooter, VHD_BYTES } from "./vhd.ts";

export const SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
export const CONTAINER = "uploads";

/** The stages on fakes, driven by a clock that the test moves. */
export interface FakeApp {
  readonly clock: FakeClock;
  readonly log: FakeLog;
  readonly blobs: FakeBlobStore;
  readonly records: FakeRecordStore;
  readonly workQueue: FakeWorkQueue;
  readonly convertQueue: FakeWorkQueue;
  readonly targets: FakePageTargets;
  readonly statusQueue: FakeStatusQueue;
  readonly images: FakeImageService;
  readonly galleries: FakeGalleryService;
  readonly sources: FakeSourceService;
  readonly telemetry: FakeTelemetry;
  readonly context: AdvanceContext & IngestContext;
  /** Uploads a manifest and delivers its event. */
  uploadManifest(name: string, manifest: unknown): Promise<void>;
  /** Uploads a whole VHD and delivers its event. */
  uploadVhd(name: string, metadata?: Record<string, string>): Promise<void>;
  /** Uploads a disk with content and delivers its event. */
  uploadDisk(name: string, disk: SparseImage, metadata?: Record<string, string>): Promise<void>;
  event(name: string): Promise<void>;
  /** Works off messages in the order of their times until `until` holds or none is left. */
  run(until?: () => boolean): Promise<void>;
  /** Works off what is due within so many seconds, and moves the clock on by them. */
  runFor(seconds: number): Promise<void>;
  /** The newest record of a source. */
  recordOf(name: string): RequestRecord;
}

export interface FakeAppOptions {
  readonly defaults?: Partial<ImageDefaults>;
  readonly timing?: Partial<Timing>;
  readonly conversion?: Partial<ConversionSettings>;
  readonly policy?: Partial<PolicySettings>;
  readonly vhdWithoutManifest?: "create" | "ignore";
  /** In place of those of the fake image service. */
  readonly outputs?: Outputs;
}

const MAX_STEPS = 5000;

export function createFakeApp(options: FakeAppOptions = {}): FakeApp {
  const clock = createFakeClock();
  const blobs = createFakeBlobStore(clock.now);
  const parts = {
    clock,
    log: createFakeLog(),
    blobs,
    targets: createFakePageTargets(blobs),
    records: createFakeRecordStore(),
    workQueue: createFakeWorkQueue(clock.now),
    convertQueue: createFakeWorkQueue(clock.now),
    statusQueue: createFakeStatusQueue(),
    images: createFakeImageService(),
    galleries: createFakeGalleryService(),
    sources: createFakeSourceService(),
    telemetry: createFakeTelemetry(),
  };
  const context = makeContext(parts, options);
  const ref = (name: string): BlobRef => ({ container: CONTAINER, name });
  const step = async (): Promise<boolean> => {
    const next = takeNextOf(parts);
    if (next === undefined) return false;
    clock.advanceTo(next.visibleAt);
    await advance(next.message, context, next.queue);
    return true;
  };
  return {
    ...parts,
    context,
    async uploadManifest(name, manifest) {
      const text = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
      parts.blobs.putText(ref(name), text);
      await ingest(ref(name), context);
    },
    async uploadVhd(name, metadata) {
      parts.blobs.createPageBlob(ref(name), VHD_BYTES, metadata);
      parts.blobs.writeFooter(ref(name), makeFooter());
      await ingest(ref(name), context);
    },
    async uploadDisk(name, disk, metadata) {
      parts.blobs.createPageBlob(ref(name), disk.sizeBytes, metadata);
      for (const { offset, bytes } of disk.extents) parts.blobs.putPages(ref(name), offset, bytes);
      await ingest(ref(name), context);
    },
    event: (name) => ingest(ref(name), context),
    async run(until = () => false) {
      for (let steps = 0; !until() && (await step()); steps++) {
        if (steps > MAX_STEPS) throw new Error("the requests do not come to an end");
      }
    },
    async runFor(seconds) {
      const end = new Date(clock.now().getTime() + seconds * 1000);
      const isDue = (): boolean =>
        [...parts.workQueue.pending, ...parts.convertQueue.pending].some(
          ({ visibleAt }) => visibleAt <= end,
        );
      while (isDue()) await step();
      clock.advanceTo(end);
    },
    recordOf(name) {
      const record = parts.records.all().find((candidate) => candidate.source.name === name);
      if (record === undefined) throw new Error(`there is no request of ${name}`);
      return record;
    },
  };
}

/** Takes the message of either queue that becomes visible first. */
export function takeNextOf({
  workQueue,
  convertQueue,
}: Pick<FakeApp, "workQueue" | "convertQueue">):
  | { message: WorkMessage; visibleAt: Date; queue: "work" | "convert" }
  | undefined {
  const [work] = workQueue.pending.toSorted(byTime);
  const [conversion] = convertQueue.pending.toSorted(byTime);
  const isWork =
    work !== undefined && (conversion === undefined || work.visibleAt <= conversion.visibleAt);
  const next = (isWork ? workQueue : convertQueue).takeNext();
  return next && { ...next, queue: isWork ? "work" : "convert" };
}

function byTime(left: { visibleAt: Date }, right: { visibleAt: Date }): number {
  return left.visibleAt.getTime() - right.visibleAt.getTime();
}

function makeContext(
  parts: Pick<
    FakeApp,
    | "clock"
    | "log"
    | "blobs"
    | "records"
    | "workQueue"
    | "convertQueue"
    | "targets"
    | "statusQueue"
    | "images"
    | "galleries"
    | "sources"
    | "telemetry"
  >,
  options: FakeAppOptions,
): AdvanceContext & IngestContext {
  const defaults: ImageDefaults = {
    subscriptionId: SUBSCRIPTION,
    resourceGroup: "images-rg",
    location: "westeurope",
    osType: null,
    osState: null,
    hyperVGeneration: "V1",
    ...options.defaults,
  };
  const settings = { targets: [], sources: [], sourceAccounts: [], regions: [], ...options.policy };
  const policy = createPolicy(settings, defaults);
  const { images, galleries, ...ports } = parts;
  return {
    ...ports,
    outputs:
      options.outputs ??
      createOutputs(
        { images, galleries },
        {
          allowDefinitionCreate: policy.galleries.allowDefinitionCreate,
          regions: policy.regions,
        },
      ),
    clock: parts.clock.now,
    account: "own",
    locator: createBlobLocator("https://own.blob.core.windows.net", CONTAINER),
    policy,
    defaults,
    conversion: {
      mode: "auto",
      container: "converted",
      maxBytes: 4095 * 1024 ** 3,
      maxBytesPerDay: 4096 * 1024 ** 3,
      keepSeconds: 7 * 24 * 3600,
      ...options.conversion,
    },
    timing: {
      settleSeconds: 300,
      settleMinSeconds: 10,
      waitDeadlineSeconds: 24 * 3600,
      convertDeadlineSeconds: 24 * 3600,
      createDeadlineSeconds: 6 * 3600,
      retrySeconds: 10,
      pollSeconds: 5,
      overdueSeconds: 120,
      replicateDeadlineSeconds: 24 * 3600,
      keepRecordsSeconds: 0,
      ...options.timing,
    },
    uploadsContainer: CONTAINER,
    vhdWithoutManifest: options.vhdWithoutManifest ?? "create",
  };
}
