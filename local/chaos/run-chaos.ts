import { setTimeout as sleep } from "node:timers/promises";
import { LOCAL_DEFAULTS } from "../world/app-settings.ts";
import { waitForAbort } from "../world/stop-signal.ts";
import { type Arena, startArena } from "./arena.ts";
import { type Audit, audit } from "./audit.ts";
import { type CrimeScene, collectEvidence, countWork, STATUS_QUEUE } from "./collect.ts";
import { createPlan, digestPlan } from "./create-plan.ts";
import { hashPlannedDisk } from "./disk-content.ts";
import { GALLERY_SETTINGS, seedGallery } from "./gallery.ts";
import type { ChaosOptions } from "./options.ts";
import type { Plan } from "./plan.ts";
import { createQueueReader } from "./queue-reader.ts";
import { createSimulatorClient } from "./simulator-client.ts";
import { calm, stir } from "./stir.ts";

export type ChaosRun = ChaosOptions & {
  /** Directory with the built app; this project unless given. */
  readonly appDir?: string;
  /** Takes one line for each thing that people want to know. */
  readonly report: (line: string) => void;
  /** Takes what the parts write. */
  readonly log: (line: string) => void;
  /** Ends the run early. */
  readonly signal?: AbortSignal;
};

/** What came of a run. */
export type ChaosResult = Audit & {
  readonly seed: number;
  /** Digest of the plan. */
  readonly plan: string;
  /** Seconds of uploads, kills and faults, and seconds until all was settled afterwards. */
  readonly seconds: { readonly activity: number; readonly settling: number };
};

/** Patience on top of the deadline for uploads that do not end, in seconds. */
const SETTLING_SECONDS = 120;
/** That patience starts again so often while there is progress: a busy machine takes its time. */
const MAX_SETTLING_ROUNDS = 8;
const LOOK_MS = 1_000;

/**
 * Makes a plan, carries it out, waits until everything is settled, and audits. What does not settle
 * in time is in the audit too.
 *
 * @throws {PartDiedError} if storage ends, and the signal's reason if it is aborted.
 */
export async function runChaos(run: ChaosRun): Promise<ChaosResult> {
  const { report, log, appDir } = run;
  const plan = createPlan(run);
  const digest = digestPlan(plan);
  report(describePlan(plan, digest));
  const settings = listSettings(plan);
  const arena = await startArena({ settings, log, ...(appDir === undefined ? {} : { appDir }) });
  try {
    const carriedOut = carryOut(plan, arena, report);
    const died = arena.died.then((error) => Promise.reject(error));
    const stopped = run.signal === undefined ? [] : [rejectOnAbort(run.signal)];
    const { seconds, ...found } = await Promise.race([carriedOut, died, ...stopped]);
    return { ...found, seed: plan.seed, plan: digest, seconds };
  } finally {
    await arena.close();
  }
}

async function rejectOnAbort(signal: AbortSignal): Promise<never> {
  await waitForAbort(signal);
  throw signal.reason;
}

async function carryOut(
  plan: Plan,
  arena: Arena,
  report: (line: string) => void,
): Promise<Audit & Pick<ChaosResult, "seconds">> {
  const startedAt = performance.now();
  const elapsed = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
  const simulator = await createSimulatorClient(arena.arm);
  const foreign = await seedGallery(simulator);
  const outcomes = await stir(plan, arena, simulator);
  await calm(plan, arena, simulator);
  const activity = elapsed();
  report(`${activity} s: uploads and faults have ended, ${describeTrouble(arena)}`);
  const queues = createQueueReader(arena.connectionString, STATUS_QUEUE);
  const subscriptionId = LOCAL_DEFAULTS.AZURE_SUBSCRIPTION_ID;
  const contents = hashDisks(plan);
  const scene = { arena, plan, outcomes, queues, simulator, subscriptionId, foreign, contents };
  const result = await settle(scene, startedAt + 1000 * (activity + plan.waitDeadlineSeconds));
  const settling = Math.round((elapsed() - activity) * 10) / 10;
  report(`${elapsed()} s: settled after ${settling} s`);
  return {
    ...result,
    figures: { ...result.figures, ...countTrouble(arena) },
    seconds: { activity, settling },
  };
}

/** SHA-256 of what the guest has to see on every disk in another format. */
function hashDisks({ uploads }: Plan): Record<string, string> {
  return Object.fromEntries(
    uploads.flatMap((each) => (each.kind === "disk" ? [[each.id, hashPlannedDisk(each)]] : [])),
  );
}

/**
 * Audits whenever there is nothing left to work on, until nothing is found, or time is up. As long as
 * requests still change their state, there is more time, within a bound.
 */
async function settle(scene: CrimeScene, deadline: number): Promise<Audit> {
  let end = deadline + SETTLING_SECONDS * 1000;
  let changes = 0;
  for (let round = 0; round < MAX_SETTLING_ROUNDS; round++) {
    while (performance.now() < end) {
      if ((await countWork(scene.queues)) === 0) {
        const found = audit(await collectEvidence(scene));
        if (found.ok) return found;
      }
      await sleep(LOOK_MS);
    }
    const { stateChanges = 0 } = audit(await collectEvidence(scene)).figures;
    if (stateChanges === changes) break;
    changes = stateChanges;
    end = performance.now() + SETTLING_SECONDS * 1000;
  }
  return audit(await collectEvidence(scene));
}

/** Settings under which minutes are enough; the app's own defaults are made for hours. */
function listSettings(plan: Plan): Record<string, string> {
  return {
    ...GALLERY_SETTINGS,
    SETTLE_SECONDS: "5",
    SETTLE_MIN_SECONDS: "2",
    POLL_SECONDS: "1",
    RETRY_SECONDS: "1",
    OVERDUE_SECONDS: "8",
    SWEEP_SCHEDULE: "*/5 * * * * *",
    WAIT_DEADLINE_HOURS: String(plan.waitDeadlineSeconds / 3600),
    FUNCTIONS_HOST_QUEUE_LEASE_SECONDS: "10",
    FUNCTIONS_HOST_BLOB_POLL_SECONDS: "1",
    ARM_POLLS: "1",
  };
}

function describePlan(plan: Plan, digest: string): string {
  const { seed, uploads, kills, serviceFaults, activityMs } = plan;
  return `plan ${digest} of seed ${seed}: ${uploads.length} uploads, ${kills.length} kills and ${serviceFaults.length} Azure faults in ${activityMs / 1000} s`;
}

function describeTrouble(arena: Arena): string {
  const { kills, crashes, storageFaults, storageRequests } = countTrouble(arena);
  return `${kills} kills, ${crashes} crashes, ${storageFaults} of ${storageRequests} storage requests disturbed`;
}

function countTrouble({ instances, proxy }: Arena) {
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return {
    kills: sum(instances.map(({ kills }) => kills)),
    crashes: sum(instances.map(({ crashes }) => crashes)),
    storageRequests: proxy.requests,
    storageFaults: sum(Object.values(proxy.struck)),
  };
}
