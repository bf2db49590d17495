import { z } from "zod";

/** How often a fault strikes: always, never, with a probability below 1, or the next n times. */
const rate = z.union([z.boolean(), z.number().min(0).lt(1), z.number().int().min(1)]);

/** The faults that can be switched on; all are off when absent. */
export const hostFaultsSchema = z.strictObject({
  /** Seed of the random numbers behind the probabilities. */
  seed: z.number().int().optional(),
  /** Faults between storage and the blob trigger's internal queue. */
  blobEvents: z
    .strictObject({
      duplicate: rate.optional(),
      drop: rate.optional(),
      reorder: z.boolean().optional(),
      early: z.boolean().optional(),
    })
    .optional(),
  /** Faults of queue triggers: a message is run a second time while the first run is under way. */
  queue: z.strictObject({ duplicate: rate.optional() }).optional(),
  /** Ends the process with SIGKILL at the n-th matching moment (`count`, default 1). */
  killAfter: z
    .strictObject({
      function: z.string().optional(),
      at: z.enum(["start", "end"]).default("start"),
      count: z.number().int().min(1).default(1),
      delayMs: z.number().min(0).default(0),
    })
    .optional(),
});

/** Faults as a user writes them. */
export type HostFaults = z.input<typeof hostFaultsSchema>;

type FaultRate = z.output<typeof rate>;
export type RatedFault = "blobEvents.duplicate" | "blobEvents.drop" | "queue.duplicate";
export type FaultSwitch = "blobEvents.reorder" | "blobEvents.early";
export type InvocationMoment = "start" | "end";

/** Decides when a fault strikes. The same seed and the same calls give the same decisions. */
export interface FaultPlan {
  current(): HostFaults;
  /** Replaces all faults and starts counts and random numbers afresh. Throws ZodError. */
  replace(faults: unknown): void;
  strikes(fault: RatedFault): boolean;
  isOn(fault: FaultSwitch): boolean;
  /** Tells the plan that an invocation reached `moment`; may end the process. */
  pass(functionName: string, moment: InvocationMoment): void;
}

/** Returns a plan for `initial`; `kill` ends the process. Throws ZodError when it is invalid. */
export function createFaultPlan(initial: unknown, kill: () => void): FaultPlan {
  let faults = hostFaultsSchema.parse(initial);
  let random = createRandom(faults.seed ?? 0);
  let struck = new Map<RatedFault, number>();
  let passed = 0;

  const rateOf = (fault: RatedFault): FaultRate => {
    if (fault === "blobEvents.duplicate") return faults.blobEvents?.duplicate ?? false;
    if (fault === "blobEvents.drop") return faults.blobEvents?.drop ?? false;
    return faults.queue?.duplicate ?? false;
  };

  return {
    current: () => faults,
    replace(next) {
      faults = hostFaultsSchema.parse(next);
      random = createRandom(faults.seed ?? 0);
      struck = new Map();
      passed = 0;
    },
    strikes(fault) {
      const chance = rateOf(fault);
      if (typeof chance === "boolean") return chance;
      if (chance < 1) return random() < chance;
      const times = (struck.get(fault) ?? 0) + 1;
      struck.set(fault, times);
      return times <= chance;
    },
    isOn: (fault) =>
      (fault === "blobEvents.reorder" ? faults.blobEvents?.reorder : faults.blobEvents?.early) ??
      false,
    pass(functionName, moment) {
      const rule = faults.killAfter;
      if (rule === undefined || rule.at !== moment) return;
      if (rule.function !== undefined && rule.function !== functionName) return;
      passed += 1;
      if (passed !== rule.count) return;
      if (rule.delayMs === 0) kill();
      else setTimeout(kill, rule.delayMs).unref();
    },
  };
}

/** Returns a generator of numbers in [0, 1): a 32-bit linear congruential generator. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
