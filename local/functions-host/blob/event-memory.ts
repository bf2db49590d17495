import type { ContainerClient } from "@azure/storage-blob";
import { readStatusCode } from "../errors.ts";

/** What was last announced of each blob of a container: fingerprint by blob name. */
export type AnnouncedBlobs = Map<string, string>;

/** Keeps that across restarts, as Event Grid delivers events that a stopped app missed. */
export interface EventMemory {
  /** Returns undefined when nothing was saved: the "subscription" is new. */
  load(): Promise<AnnouncedBlobs | undefined>;
  save(announced: AnnouncedBlobs): Promise<void>;
}

/** Returns a memory in one JSON blob of the host's container. */
export function createEventMemory(
  hosts: ContainerClient,
  hostId: string,
  functionName: string,
): EventMemory {
  const blob = hosts.getBlockBlobClient(`localeventgrid/${hostId}/${functionName}.json`);
  return {
    async load() {
      try {
        const json: Record<string, string> = JSON.parse((await blob.downloadToBuffer()).toString());
        return new Map(Object.entries(json));
      } catch (error) {
        if (readStatusCode(error) === 404) return undefined;
        throw error;
      }
    },
    async save(announced) {
      const text = JSON.stringify(Object.fromEntries(announced));
      await blob.upload(text, Buffer.byteLength(text));
    },
  };
}
