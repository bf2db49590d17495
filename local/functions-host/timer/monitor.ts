import type { ContainerClient } from "@azure/storage-blob";
import { readStatusCode } from "../errors.ts";

/** What is remembered of a timer between starts of the host. Times are ISO 8601. */
export interface ScheduleStatus {
  readonly Last: string;
  readonly Next: string;
  readonly LastUpdated: string;
}

/** Keeps the status of one timer. */
export interface ScheduleMonitor {
  read(): Promise<ScheduleStatus | undefined>;
  write(status: ScheduleStatus): Promise<void>;
}

/** `Last` of a timer that has never fired, as .NET writes the smallest date. */
export const NEVER = "0001-01-01T00:00:00+00:00";

/** Returns the monitor that keeps its status at `timers/{hostId}/{functionId}/status`. */
export function createScheduleMonitor(
  hosts: ContainerClient,
  hostId: string,
  functionId: string,
): ScheduleMonitor {
  const blob = hosts.getBlockBlobClient(`timers/${hostId}/${functionId}/status`);
  return {
    async read() {
      try {
        const text = (await blob.downloadToBuffer()).toString("utf8");
        const status: ScheduleStatus = JSON.parse(text);
        return status;
      } catch (error) {
        if (readStatusCode(error) === 404) return undefined;
        throw error;
      }
    },
    async write(status) {
      const text = JSON.stringify(status);
      await blob.upload(text, Buffer.byteLength(text));
    },
  };
}
