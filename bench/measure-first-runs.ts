import { setTimeout as sleep } from "node:timers/promises";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { type Backend, startBackend } from "./backend.ts";
import { startOnce } from "./run-child.ts";
import type { StartReport } from "./start-child.ts";
import { type Summary, summarize } from "./statistics.ts";
import type { Run } from "./trigger-data.ts";

/** The first run of one function in a new process. Milliseconds; bytes. */
export interface FirstRunResult {
  readonly name: string;
  readonly firstRun: Summary;
  readonly afterRunBytes: Summary;
}

const SNAPSHOT =
  "/subscriptions/{subscriptionId}/resourceGroups/myResourceGroup/providers/Microsoft.Compute/snapshots/mySnapshot1";
const MANIFEST = {
  properties: {
    storageProfile: {
      osDisk: { osType: "Windows", osState: "Generalized", snapshot: { id: SNAPSHOT } },
    },
  },
};
/** Steps of a request of which one sends the PUT: the first to need Resource Manager and a token. */
const STEPS = 3;
const LOOK_MILLISECONDS = 20;

/**
 * Takes requests through the app, every step in a new process, and asks for everything that can be
 * requested in the same way.
 */
export async function measureFirstRuns(
  app: string,
  child: string,
  runs: number,
): Promise<readonly FirstRunResult[]> {
  const backend = await startBackend();
  const reports = new Map<string, StartReport[]>();
  const measure = async (label: string, run: Run): Promise<void> => {
    const report = await startOnce(app, { child, environment: backend.environment }, run);
    reports.set(label, [...(reports.get(label) ?? []), report]);
  };
  try {
    // Not counted: it creates what is missing in storage.
    await startOnce(app, { child, environment: backend.environment }, SWEEP);
    for (let run = 0; run < runs; run += 1) await runEach(backend, `image-${run}.json`, measure);
  } finally {
    await backend.close();
  }
  return [...reports].map(([name, list]) => ({
    name,
    firstRun: summarize(list.map(({ firstRunMs }) => firstRunMs ?? 0)),
    afterRunBytes: summarize(list.map(({ afterRunBytes }) => afterRunBytes ?? 0)),
  }));
}

const SWEEP: Run = { name: "sweep", kind: "timer" };
const HTTP_RUNS = {
  schema: { name: "schema", kind: "http", path: "schema/manifest" },
  queue: { name: "queue", kind: "http", path: "queue" },
  "status-list": { name: "status-list", kind: "http", path: "status" },
  health: { name: "health", kind: "http", path: "health" },
} as const satisfies Record<string, Run>;

async function runEach(
  backend: Backend,
  blob: string,
  measure: (label: string, run: Run) => Promise<void>,
): Promise<void> {
  const text = JSON.stringify(MANIFEST);
  await BlobServiceClient.fromConnectionString(backend.connectionString)
    .getContainerClient("uploads")
    .getBlockBlobClient(blob)
    .upload(text, text.length);
  await measure("ingest", { name: "ingest", kind: "blob", container: "uploads", blob });
  let message = await takeMessage(backend);
  const { requestId } = JSON.parse(message) as { requestId: string };
  for (let step = 1; step <= STEPS; step += 1) {
    await measure(`advance, step ${step}`, { name: "advance", kind: "queue", text: message });
    message = await takeMessage(backend);
  }
  await measure("poison-work", { name: "poison-work", kind: "queue", text: message });
  const event = JSON.stringify({ ContainerName: "uploads", BlobName: "gone.vhd" });
  await measure("poison-upload", { name: "poison-upload", kind: "queue", text: event });
  await measure("sweep", SWEEP);
  const status = { name: "status-get", kind: "http", path: `status/${requestId}` } as const;
  await measure("status-get", { ...status, params: { requestId } });
  for (const [name, run] of Object.entries(HTTP_RUNS)) await measure(name, run);
}

/** Takes the newest message off the work queue, as soon as there is one, and every other with it. */
async function takeMessage({ connectionString }: Backend): Promise<string> {
  const queue =
    QueueServiceClient.fromConnectionString(connectionString).getQueueClient("image-work");
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
    for (const { messageId, popReceipt } of receivedMessageItems) {
      await queue.deleteMessage(messageId, popReceipt);
    }
    const newest = receivedMessageItems.at(-1);
    if (newest !== undefined) return Buffer.from(newest.messageText, "base64").toString("utf8");
    await sleep(LOOK_MILLISECONDS);
  }
  throw new Error("no step was sent to the work queue");
}
