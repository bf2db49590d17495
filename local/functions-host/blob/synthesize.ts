import type { AnnouncedBlobs, EventMemory } from "./event-memory.ts";
import type { InternalQueue } from "./internal-queue.ts";
import type { ListedBlob, ListingTracker } from "./listing.ts";
import type { BlobTrigger } from "./trigger.ts";

export interface SynthesizerOptions {
  readonly trigger: BlobTrigger;
  readonly queue: InternalQueue;
  readonly memory: EventMemory;
  /** When the host started: a new subscription does not announce what was there before. */
  readonly startedAt: Date;
}

/**
 * Returns a tracker that stands in for an Event Grid subscription on the trigger's container. It
 * announces a blob when it is created or replaced: PutBlob, PutBlockList and CopyBlob raise
 * BlobCreated, Put Page, Append Block and changes of metadata or properties do not
 * (https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage).
 */
export function createEventSynthesizer(options: SynthesizerOptions): ListingTracker {
  const { trigger, queue, memory } = options;
  let announced: AnnouncedBlobs | undefined;
  let listed: ListedBlob[] = [];
  return {
    begin() {
      listed = [];
    },
    inspect(blob) {
      listed.push(blob);
    },
    async finish() {
      const blobs = listed;
      announced ??= (await memory.load()) ?? assumeAnnounced(blobs, options.startedAt);
      const current = new Map(blobs.map((blob) => [blob.name, fingerprint(blob)]));
      const known = announced;
      const news = blobs.filter((blob) => known.get(blob.name) !== current.get(blob.name));
      news.sort((a, b) => a.createdOn.getTime() - b.createdOn.getTime());
      for (const { name, etag, blobType } of news) {
        const containerName = trigger.pattern.container;
        const functionId = trigger.target.id;
        await queue.enqueue({ functionId, blobType, containerName, blobName: name, etag });
      }
      if (news.length > 0 || current.size !== known.size) await memory.save(current);
      announced = current;
    },
  };
}

/**
 * What of a blob changes exactly when an event is due. A committed block list keeps the creation
 * time and has no MD5, so there the ETag has to do, although a change of metadata changes it too.
 */
function fingerprint({ blobType, createdOn, contentMD5, etag }: ListedBlob): string {
  const created = createdOn.toISOString();
  return blobType === "BlockBlob" ? `${created} ${contentMD5 ?? etag}` : created;
}

function assumeAnnounced(blobs: readonly ListedBlob[], startedAt: Date): AnnouncedBlobs {
  const startSecond = Math.floor(startedAt.getTime() / 1000) * 1000;
  const older = blobs.filter((blob) => blob.lastModified.getTime() < startSecond);
  return new Map(older.map((blob) => [blob.name, fingerprint(blob)]));
}
