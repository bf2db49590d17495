import type { ServiceErrorParts } from "../shared/errors.ts";
import type { ImageDefaults } from "../shared/image/defaults.ts";
import type { GalleryRequest } from "../shared/image/gallery-request.ts";
import type { DataDisk, ImageRequest, OsDisk } from "../shared/image/image-request.ts";
import type { BlobProperties } from "../shared/ports.ts";
import type { Inspection } from "../shared/record/inspection.ts";
import { newOutput, type OutputProgress } from "../shared/record/output.ts";
import type { DiskProgress, RequestEvent, RequestRecord } from "../shared/record/record.ts";
import type { Timing } from "../shared/record/timing.ts";

/**
 * Valid values of the app's types for tests. Each function returns a new value; what a test is about
 * is given as overrides, so that the rest of it stays out of sight.
 */

export const SUBSCRIPTION_ID = "11111111-2222-3333-4444-555555555555";
export const RESOURCE_GROUP = "images-rg";
export const ACCOUNT_URL = "https://uploadsaccount.blob.core.windows.net";
export const CONTAINER = "uploads";
/** The moment at which everything in these values happens. */
export const NOW = new Date("2026-03-01T12:00:00.000Z");

/** A moment some seconds after (or before) {@link NOW}. */
export function at(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}

/** Resource id of a Compute resource in the resource group `myResourceGroup`. */
export function computeId(type: string, name: string): string {
  return `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/myResourceGroup/providers/Microsoft.Compute/${type}/${name}`;
}

export function makeDefaults(overrides: Partial<ImageDefaults> = {}): ImageDefaults {
  return {
    subscriptionId: SUBSCRIPTION_ID,
    resourceGroup: RESOURCE_GROUP,
    location: "westeurope",
    osType: null,
    osState: null,
    hyperVGeneration: "V1",
    ...overrides,
  };
}

/** The settings' own defaults, in seconds. */
export function makeTiming(overrides: Partial<Timing> = {}): Timing {
  return {
    settleSeconds: 300,
    settleMinSeconds: 10,
    waitDeadlineSeconds: 86_400,
    convertDeadlineSeconds: 24 * 3600,
    createDeadlineSeconds: 21_600,
    retrySeconds: 10,
    pollSeconds: 5,
    overdueSeconds: 120,
    replicateDeadlineSeconds: 24 * 3600,
    keepRecordsSeconds: 0,
    ...overrides,
  };
}

/** A page blob `web.vhd` of 1 MiB and a footer, written a minute ago. */
export function makeBlob(overrides: Partial<BlobProperties> = {}): BlobProperties {
  return {
    container: CONTAINER,
    name: "web.vhd",
    etag: '"0x8D1"',
    length: 1024 * 1024 + 512,
    type: "PageBlob",
    createdOn: at(-120),
    lastModified: at(-60),
    readAt: NOW,
    copyStatus: null,
    copyCompletedOn: null,
    contentMd5: null,
    lease: null,
    metadata: {},
    ...overrides,
  };
}

/** An OS disk from `web.vhd` of the uploads container. */
export function makeOsDisk(overrides: Partial<OsDisk> = {}): OsDisk {
  return {
    osType: "Linux",
    osState: "Generalized",
    source: {
      kind: "blob",
      uri: `${ACCOUNT_URL}/${CONTAINER}/web.vhd`,
      ref: { container: CONTAINER, name: "web.vhd" },
    },
    ...overrides,
  };
}

/** Data disk 1 from `data.vhd` of the uploads container. */
export function makeDataDisk(overrides: Partial<DataDisk> = {}): DataDisk {
  return {
    lun: 1,
    source: {
      kind: "blob",
      uri: `${ACCOUNT_URL}/${CONTAINER}/data.vhd`,
      ref: { container: CONTAINER, name: "data.vhd" },
    },
    ...overrides,
  };
}

/** The image `web` of an OS disk alone. */
export function makeImageRequest(overrides: Partial<ImageRequest> = {}): ImageRequest {
  return {
    imageName: "web",
    resourceGroup: RESOURCE_GROUP,
    subscriptionId: SUBSCRIPTION_ID,
    location: "westeurope",
    hyperVGeneration: "V1",
    osDisk: makeOsDisk(),
    dataDisks: [],
    ...overrides,
  };
}

/** The progress of the OS disk of {@link makeImageRequest}, before it was checked. */
export function makeDisk(overrides: Partial<DiskProgress> = {}): DiskProgress {
  return {
    role: "os",
    lun: null,
    ref: { container: CONTAINER, name: "web.vhd" },
    external: null,
    state: "missing",
    detail: "not checked yet",
    observed: null,
    inspection: null,
    conversion: null,
    warnings: [],
    ...overrides,
  };
}

/** What is found on a plain Linux disk of generation 2. */
export function makeInspection(overrides: Partial<Inspection> = {}): Inspection {
  return {
    format: "fixed VHD",
    virtualSize: 2 * 1024 ** 3,
    partitionTable: "gpt",
    partitions: [
      { type: "EFI system", size: 104_857_600, fileSystem: "FAT32", label: "ESP" },
      { type: "Linux filesystem", size: 2_040_528_384, fileSystem: "ext4" },
    ],
    osType: "Linux",
    hyperVGeneration: "V2",
    architecture: "x64",
    confidence: "high",
    reasons: ["UEFI only"],
    certainty: {
      osType: { confidence: "high", reason: "ext4" },
      hyperVGeneration: { confidence: "high", reason: "UEFI only" },
    },
    ...overrides,
  };
}

export function makeEvent(overrides: Partial<RequestEvent> = {}): RequestEvent {
  return {
    sequence: 1,
    at: NOW.toISOString(),
    state: "received",
    message: "a manifest was uploaded",
    ...overrides,
  };
}

/** A request as the upload of the manifest `web.json` opens it. */
export function makeRecord(overrides: Partial<RequestRecord> = {}): RequestRecord {
  const now = NOW.toISOString();
  return {
    schemaVersion: 2,
    requestId: "abcdefghijklmnop2345",
    kind: "manifest",
    source: {
      container: CONTAINER,
      name: "web.json",
      etag: '"0x8D2"',
      createdOn: at(-1).toISOString(),
      lastModified: at(-1).toISOString(),
    },
    attempt: 1,
    retryOf: null,
    retriedBy: null,
    state: "received",
    step: 1,
    claimedUntil: null,
    attempts: 0,
    retries: 0,
    refusals: 0,
    image: null,
    request: null,
    convert: null,
    inspect: "enforce",
    decided: null,
    warnings: [],
    disks: [],
    outputs: [],
    decidedAt: null,
    error: null,
    createdAt: now,
    updatedAt: now,
    completedAt: null,
    deadlineAt: at(86_400).toISOString(),
    dueAt: now,
    events: [makeEvent()],
    announced: 0,
    traceparent: null,
    ...overrides,
  };
}

/** The managed image of a request, before its first step. */
export function makeOutput(overrides: Partial<OutputProgress> = {}): OutputProgress {
  return { ...newOutput("managedImage"), ...overrides };
}

/** An answer 400 of the service. */
export function makeServiceErrorParts(
  overrides: Partial<ServiceErrorParts> = {},
): ServiceErrorParts {
  return {
    status: 400,
    code: "InvalidParameter",
    message: "The value of a parameter is not allowed.",
    target: null,
    details: [],
    retryAfterSeconds: null,
    ...overrides,
  };
}

/** Version `auto` of the definition `ubuntu`, in its own region. */
export function makeGallery(overrides: Partial<GalleryRequest> = {}): GalleryRequest {
  return {
    subscriptionId: SUBSCRIPTION_ID,
    resourceGroup: "galleries-rg",
    name: "images",
    definition: "ubuntu",
    location: "westeurope",
    version: "auto",
    publishingProfile: { targetRegions: [{ name: "westeurope" }] },
    ...overrides,
  };
}
