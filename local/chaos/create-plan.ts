import { createHash } from "node:crypto";
import { createRandom, type Random } from "../fault-proxy/index.ts";
import type { ChaosOptions } from "./options.ts";
import type { Plan, PlannedKill } from "./plan.ts";
import { drawHostFaults, drawServiceFaults, drawStorageFaults } from "./plan-faults.ts";
import { SCENARIO_KINDS, type ScenarioKind } from "./scenarios.ts";

const INSTANCES = 2;
const LONG_RUN_MS = 60_000;
/** A share of the run after which nothing begins any more that ends with a deadline. */
const EARLY_SHARE = 0.1;

/** Returns what a run with these options does: the same for the same options. */
export function createPlan({ requests, kills, minutes, seed }: ChaosOptions): Plan {
  const random = createRandom(seed);
  const activityMs = Math.round(minutes * 60_000);
  const scenarios = Array.from({ length: requests }, (_, index) =>
    drawScenario(random, `r${String(index + 1).padStart(5, "0")}`, activityMs),
  );
  return {
    seed,
    activityMs,
    waitDeadlineSeconds: activityMs < LONG_RUN_MS ? 40 : 75,
    uploads: scenarios.flatMap(({ uploads }) => uploads).toSorted((a, b) => a.at - b.at),
    kills: Array.from({ length: kills }, () => drawKill(random, activityMs)).toSorted(
      (a, b) => a.at - b.at,
    ),
    serviceFaults: [
      ...scenarios.flatMap(({ serviceFaults = [] }) => serviceFaults),
      ...drawServiceFaults(random, activityMs, requests),
    ],
    storageFaults: drawStorageFaults(random, activityMs),
    hostFaults: drawHostFaults(random, activityMs, INSTANCES),
  };
}

/** A short text that identifies a plan. */
export function digestPlan(plan: Plan): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 16);
}

function drawScenario(random: Random, name: string, activityMs: number) {
  const kind = pickKind(random);
  const at = random.integer(0, Math.round(activityMs * (kind.isEarly ? EARLY_SHARE : 1)));
  return kind.build({ random, name, at });
}

function pickKind(random: Random): ScenarioKind {
  const total = SCENARIO_KINDS.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  for (const kind of SCENARIO_KINDS) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  return random.pick(SCENARIO_KINDS);
}

/** Half of the kills hit any moment, the others the edges of a run, where a crash hurts most. */
function drawKill(random: Random, activityMs: number): PlannedKill {
  const moment = random.chance(0.5)
    ? "now"
    : ({
        function: random.pick([
          "advance",
          "advance",
          "advance",
          "convert",
          "ingest",
          "sweep",
        ] as const),
        at: random.pick(["start", "end"] as const),
      } as const);
  return {
    at: random.integer(1_000, activityMs),
    instance: random.integer(0, INSTANCES - 1),
    moment,
  };
}
