import { afterEach, beforeAll, vi } from "vitest";
import { getInternalQueueName } from "../../../../local/functions-host/blob/message.ts";
import type { FunctionsHost, FunctionsHostOptions } from "../../../../local/functions-host/host.ts";
import {
  type createSettings,
  readSeen,
  type Seen,
  startFixtureHost,
  startWorld,
  type World,
} from "./fixture.ts";

/** Long enough for several listings and the runs they lead to. */
export const SEVERAL_SCANS_MS = 600;
/** For tests that wait for listings. */
export const BLOB_TEST = { timeout: 60_000 };

/** Azurite, the fixture app's host and what blob tests do with both. */
export interface BlobBench {
  readonly world: () => World;
  readonly host: () => FunctionsHost;
  start(options?: Partial<FunctionsHostOptions>): Promise<void>;
  stop(): Promise<void>;
  seen(): Promise<Seen>;
  /** Names of the blobs that the scanned and the evented function ran for, in order. */
  scannedNames(): Promise<(string | undefined)[]>;
  eventedNames(): Promise<(string | undefined)[]>;
  upload(container: string, name: string, metadata?: Record<string, string>): Promise<string>;
  /** Puts a message for the scanned function on the internal queue before the host starts. */
  enqueue(settings: ReturnType<typeof createSettings>, ...messages: BlobMessage[]): Promise<void>;
}

export interface BlobMessage {
  readonly functionName: string;
  readonly blobName: string;
  readonly etag: string;
}

/** Registers the hooks that start, clean and stop a bench around the tests of a file. */
export function useBlobBench(): BlobBench {
  let world: World | undefined;
  let host: FunctionsHost | undefined;
  const get = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("not started");
    return value;
  };

  beforeAll(async () => {
    world = await startWorld();
  }, 90_000);
  afterEach(async () => {
    await host?.close();
    host = undefined;
    await deleteAllBlobs(get(world));
  }, 90_000);

  const seen = () => readSeen(get(host).url);
  return {
    world: () => get(world),
    host: () => get(host),
    async start(options) {
      host = await startFixtureHost(get(world), options);
    },
    stop: () => get(host).close(),
    seen,
    scannedNames: async () => (await seen()).blobs.map(({ blob }) => blob.BlobName),
    eventedNames: async () => (await seen()).events.map((blob) => blob.BlobName),
    async upload(container, name, metadata = {}) {
      const client = get(world).blobs.getContainerClient(container).getBlockBlobClient(name);
      const { etag = "" } = await client.upload("text", 4, { metadata });
      return etag;
    },
    async enqueue({ AzureFunctionsWebHost__hostid: hostId }, ...messages) {
      const queue = get(world).queues.getQueueClient(getInternalQueueName(hostId));
      await queue.create();
      for (const message of messages) await queue.sendMessage(encodeMessage(message));
    },
  };
}

/** Repeats `check` until it passes. */
export function eventually<T>(check: () => Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 60_000, interval: 50 });
}

async function deleteAllBlobs({ blobs }: World): Promise<void> {
  for (const name of ["scanned", "evented", "bytes"]) {
    const container = blobs.getContainerClient(name);
    for await (const blob of container.listBlobsFlat()) await container.deleteBlob(blob.name);
  }
}

function encodeMessage({ functionName, blobName, etag }: BlobMessage): string {
  const json = {
    Type: "BlobTrigger",
    FunctionId: `Host.Functions.${functionName}`,
    BlobType: "BlockBlob",
    ContainerName: "scanned",
    BlobName: blobName,
    ETag: etag,
  };
  return Buffer.from(JSON.stringify(json)).toString("base64");
}
