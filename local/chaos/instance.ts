import { setTimeout as sleep } from "node:timers/promises";
import { settleWithin } from "../functions-host/background.ts";
import type { HostFaults } from "../functions-host/faults.ts";
import type { FunctionsHostOptions, FunctionsReady } from "../world/functions-host.ts";
import { createHostKeeper, type HostKeeper } from "../world/host-keeper.ts";
import type { KillMoment } from "./plan.ts";

/** One instance of the app, kept running whatever happens to it. */
export type Instance = {
  /** Resolves when it answers for the first time. */
  start(): Promise<FunctionsReady>;
  /** Ends it with SIGKILL at the moment and starts it again; resolves when it answers. */
  kill(moment: KillMoment): Promise<void>;
  /** Replaces the faults of its triggers, also for the time after a kill. */
  setFaults(faults: HostFaults): Promise<void>;
  /** Stops it for good. */
  stop(): Promise<void>;
  /** How often it ended without being killed; it was started again each time. */
  readonly crashes: number;
  readonly kills: number;
};

/** An instance does not come up any more. */
export class InstanceStartError extends Error {
  override readonly name = "InstanceStartError";
}

/** How long a kill waits for the run that it is meant for, in milliseconds; then any moment is right. */
const MOMENT_TIMEOUT_MS = 3_000;
/** A start may fail while storage is down; the platform would try again as well. */
const MAX_STARTS = 20;
const START_PAUSE_MS = 500;

/** Returns an instance that does not run yet. */
export function createInstance(options: FunctionsHostOptions): Instance {
  let url = "";
  let faults: HostFaults = {};
  let isStopping = false;
  /** Whether an end was requested, or is noticed by the start that fails because of it. */
  let isExpectedToEnd = true;
  let crashes = 0;
  let kills = 0;
  let died = Promise.withResolvers<void>();
  const inTurn = createTurns();
  const keeper = createHostKeeper({
    ...options,
    onDied: () => {
      died.resolve();
      if (isExpectedToEnd) return;
      crashes += 1;
      inTurn(bringUp).catch((error: unknown) => options.log(`restart: ${String(error)}`));
    },
  });
  const bringUp = async (): Promise<FunctionsReady> => {
    isExpectedToEnd = true;
    const ready = await startWithRetries(keeper, () => isStopping, options.log);
    isExpectedToEnd = false;
    url = ready.url;
    await postFaults(url, faults);
    return ready;
  };
  const kill = async (moment: KillMoment): Promise<void> => {
    if (isStopping) return;
    isExpectedToEnd = true;
    died = Promise.withResolvers();
    if (moment !== "now") {
      await postFaults(url, { ...faults, killAfter: { ...moment } });
      await settleWithin(died.promise, MOMENT_TIMEOUT_MS);
    }
    await keeper.kill();
    kills += 1;
    await bringUp();
  };
  return {
    start: () => inTurn(bringUp),
    kill: (moment) => inTurn(() => kill(moment)),
    setFaults: async (next) => {
      faults = next;
      await postFaults(url, next);
    },
    stop: async () => {
      isStopping = true;
      isExpectedToEnd = true;
      await inTurn(() => keeper.stop());
    },
    get crashes() {
      return crashes;
    },
    get kills() {
      return kills;
    },
  };
}

type Turns = <T>(task: () => Promise<T>) => Promise<T>;

/** Returns a function that runs tasks one after the other; what fails is reported to whoever asked. */
function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => {});
    return result;
  };
}

/** @throws {InstanceStartError} if it does not come up in many tries, or is not wanted any more. */
async function startWithRetries(
  keeper: HostKeeper,
  isUnwanted: () => boolean,
  log: (line: string) => void,
): Promise<FunctionsReady> {
  for (let attempt = 1; !isUnwanted(); attempt += 1) {
    try {
      return await keeper.start();
    } catch (error) {
      log(`start ${attempt} failed: ${String(error)}`);
      await keeper.kill();
      if (attempt === MAX_STARTS) throw new InstanceStartError(String(error), { cause: error });
      await sleep(START_PAUSE_MS);
    }
  }
  throw new InstanceStartError("the instance is being stopped");
}

/** An instance that is down at present gets the faults when it is up again. */
async function postFaults(url: string, faults: HostFaults): Promise<void> {
  const body = JSON.stringify(faults);
  await fetch(`${url}/_host/faults`, { method: "POST", body }).catch(() => {});
}
