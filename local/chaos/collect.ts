import type { Arena } from "./arena.ts";
import { readConvertedDisks } from "./converted-disks.ts";
import { type Evidence, joinEvidence, type Trial } from "./evidence.ts";
import { compareForeign, type ListedVersion, listVersions } from "./gallery.ts";
import type { Plan } from "./plan.ts";
import type { QueueReader } from "./queue-reader.ts";
import type { SimulatorClient } from "./simulator-client.ts";
import { listAllRequests } from "./status-list.ts";
import type { UploadOutcome } from "./upload.ts";

/** Names that the local settings give to what the app has in storage. */
export const UPLOADS_CONTAINER = "uploads";
export const STATUS_QUEUE = "image-status";
const WORK_QUEUES = ["image-work", "image-convert"];
const BLOB_TRIGGER_QUEUE = /^azure-webjobs-blobtrigger-/;
const POISON_QUEUE = /-poison$/;

/** Where the evidence of a run is found. */
export type CrimeScene = {
  readonly arena: Arena;
  readonly plan: Plan;
  readonly outcomes: readonly UploadOutcome[];
  readonly queues: QueueReader;
  readonly simulator: SimulatorClient;
  readonly subscriptionId: string;
  /** Somebody else's versions, as they were before anything was uploaded. */
  readonly foreign: readonly ListedVersion[];
  /** SHA-256 of what the guest has to see on an uploaded disk in another format, by upload id. */
  readonly contents: Readonly<Record<string, string>>;
};

/** Returns how many messages there are to work on, also those that are invisible at present. */
export async function countWork(queues: QueueReader): Promise<number> {
  const names = (await queues.list()).filter((name) => BLOB_TRIGGER_QUEUE.test(name));
  const counts = await Promise.all([...WORK_QUEUES, ...names].map((name) => queues.count(name)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Asks the app, the service and the queues how things stand. */
export async function collectEvidence(scene: CrimeScene): Promise<Trial> {
  const { arena, plan, outcomes, queues, simulator, subscriptionId } = scene;
  const requests = await listAllRequests(arena.app);
  const poisonQueues = (await queues.list()).filter((name) => POISON_QUEUE.test(name));
  const poison = await Promise.all(poisonQueues.map((name) => queues.peek(name)));
  const versions = await listVersions(simulator);
  const evidence: Evidence = {
    plan,
    outcomes,
    requests,
    exchanges: arena.arm.listExchanges(),
    images: await simulator.listImages(subscriptionId),
    versions,
    foreign: compareForeign(scene.foreign, versions),
    converted: await readConvertedDisks(arena.connectionString),
    contents: scene.contents,
    events: await queues.drainStatus(),
    workMessages: await countWork(queues),
    poison: poison.flat(),
    uploadsUrl: `${arena.blobUrl}/${UPLOADS_CONTAINER}`,
  };
  return joinEvidence(evidence, UPLOADS_CONTAINER);
}
