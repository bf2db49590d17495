import type { ContainerClient } from "@azure/storage-blob";
import { type BackgroundTask, repeat } from "../background.ts";
import { readStatusCode } from "../errors.ts";
import type { HostContext } from "../host-context.ts";
import { type BlobType, quoteETag, toBlobType } from "./message.ts";

/** A blob as a container listing shows it. Storage gives times in whole seconds. */
export interface ListedBlob {
  readonly name: string;
  readonly etag: string;
  readonly blobType: BlobType;
  readonly createdOn: Date;
  readonly lastModified: Date;
  readonly contentMD5: string | undefined;
}

/** Looks at every blob of one listing after the other, and acts when the listing is complete. */
export interface ListingTracker {
  /** A listing starts; one that failed half-way is not finished. */
  begin(): void;
  inspect(blob: ListedBlob): void;
  finish(): Promise<void>;
}

/** Milliseconds between two listings while the fault "early" is on. */
const EARLY_POLL_MS = 100;

/**
 * Lists a container again and again, with a pause after each listing, and shows every blob to all
 * trackers. A container that does not exist yet counts as empty.
 */
export function startListing(
  container: ContainerClient,
  trackers: readonly ListingTracker[],
  { log, faults, blobPollSeconds }: HostContext,
): BackgroundTask {
  const scan = async (abortSignal: AbortSignal): Promise<number> => {
    for (const tracker of trackers) tracker.begin();
    for await (const blob of listBlobs(container, abortSignal)) {
      for (const tracker of trackers) tracker.inspect(blob);
    }
    for (const tracker of trackers) await tracker.finish();
    return faults.isOn("blobEvents.early") ? EARLY_POLL_MS : blobPollSeconds * 1000;
  };
  return repeat(`Listing of container ${container.containerName}`, scan, log);
}

async function* listBlobs(
  container: ContainerClient,
  abortSignal: AbortSignal,
): AsyncGenerator<ListedBlob> {
  try {
    for await (const { name, properties } of container.listBlobsFlat({ abortSignal })) {
      yield {
        name,
        etag: quoteETag(properties.etag),
        blobType: toBlobType(properties.blobType),
        createdOn: properties.createdOn ?? properties.lastModified,
        lastModified: properties.lastModified,
        contentMD5: encodeMD5(properties.contentMD5),
      };
    }
  } catch (error) {
    if (readStatusCode(error) !== 404) throw error;
  }
}

function encodeMD5(md5: Uint8Array | undefined): string | undefined {
  return md5 === undefined ? undefined : Buffer.from(md5).toString("base64");
}
