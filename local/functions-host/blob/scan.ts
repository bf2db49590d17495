import { describeError } from "../errors.ts";
import type { HostLog } from "../log.ts";
import type { ListedBlob, ListingTracker } from "./listing.ts";
import type { ScanNotifier } from "./notifier.ts";
import type { BlobTrigger } from "./trigger.ts";

/**
 * Returns the tracker of source LogsAndContainerScan: it notifies `trigger` of every blob whose
 * LastModified is at or after the newest one seen before.
 *
 * The extension's emulator strategy asks for "after", which loses a write in the same second as a
 * listing; production's container scan asks for "at or after" and leaves repeats to the receipts.
 * The stand-in does the latter. Like the emulator strategy it keeps the watermark in memory only,
 * so every blob is a candidate once after a start.
 */
export function createScanTracker(
  trigger: BlobTrigger,
  notifier: ScanNotifier,
  log: HostLog,
): ListingTracker {
  let watermark = 0;
  let seenAtWatermark = new Set<string>();
  let newest = 0;
  let atNewest = new Set<string>();
  let candidates = new Set<string>();

  return {
    begin() {
      newest = watermark;
      atNewest = new Set(seenAtWatermark);
    },
    inspect(blob) {
      const modified = blob.lastModified.getTime();
      if (modified < watermark) return;
      const version = toVersion(blob);
      if (!seenAtWatermark.has(version)) candidates.add(blob.name);
      if (modified > newest) {
        newest = modified;
        atNewest = new Set();
      }
      if (modified === newest) atNewest.add(version);
    },
    async finish() {
      const names = candidates;
      candidates = new Set();
      watermark = newest;
      seenAtWatermark = atNewest;
      for (const name of names) {
        const settled = await notifySafely(trigger, name, notifier, log);
        if (!settled) candidates.add(name);
      }
    },
  };
}

async function notifySafely(
  trigger: BlobTrigger,
  blobName: string,
  notifier: ScanNotifier,
  log: HostLog,
): Promise<boolean> {
  try {
    return await notifier.notify(trigger, blobName);
  } catch (error) {
    log("error", "Host.Blobs", `${blobName} will be checked again: ${describeError(error)}`);
    return false;
  }
}

function toVersion(blob: ListedBlob): string {
  return `${blob.etag} ${blob.name}`;
}
