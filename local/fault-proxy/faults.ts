import { createRandom, type Random } from "./seeded-random.ts";

/** The three services of a storage account. */
export const STORAGE_SERVICES = ["blob", "queue", "table"] as const;
export type StorageService = (typeof STORAGE_SERVICES)[number];

/**
 * What can happen to a request.
 * - `busy`, `error`, `conflict`, `precondition`: answered 503, 500, 409, 412; storage never sees it.
 * - `resetBefore`: the connection breaks, storage never sees it.
 * - `resetAfter`: storage does what was asked, and the connection breaks before the answer.
 * - `delay`: forwarded after `delayMs`.
 */
export const STORAGE_FAULTS = [
  "busy",
  "error",
  "conflict",
  "precondition",
  "resetBefore",
  "resetAfter",
  "delay",
] as const;
export type StorageFault = (typeof STORAGE_FAULTS)[number];

/** A fault for the next requests that match; what is absent matches all. */
export type PlannedFault = {
  readonly fault: StorageFault;
  readonly service?: StorageService;
  readonly method?: string;
  /** A part of the path and query as sent. */
  readonly path?: string;
  /** How many requests it strikes; default 1. */
  readonly count?: number;
};

/** Everything that is switched on. Planned faults come before those by chance. */
export type StorageFaults = {
  /** Seed of the random numbers behind `chances`. */
  readonly seed?: number;
  /** Probability of each fault for a request, 0 to 1; together at most 1. */
  readonly chances?: Readonly<Partial<Record<StorageFault, number>>>;
  readonly plan?: readonly PlannedFault[];
  /** Milliseconds by which the fault `delay` holds a request back; default 500. */
  readonly delayMs?: number;
};

/** A request as far as it decides about faults. */
export type ProxiedRequest = {
  readonly service: StorageService;
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
};

/** Decides what happens to each request. */
export type FaultSwitch = {
  /** Replaces all faults; `{}` switches them off. */
  set(faults: StorageFaults): void;
  /** Returns the fault that strikes this request, null for none. */
  decide(request: ProxiedRequest): StorageFault | null;
  readonly delayMs: number;
};

const DEFAULT_DELAY_MS = 500;

/** Returns a switch with all faults off. */
export function createFaultSwitch(): FaultSwitch {
  let faults: StorageFaults = {};
  let random = createRandom(0);
  let planned: { rule: PlannedFault; left: number }[] = [];
  return {
    get delayMs() {
      return faults.delayMs ?? DEFAULT_DELAY_MS;
    },
    set(next) {
      faults = next;
      random = createRandom(next.seed ?? 0);
      planned = (next.plan ?? []).map((rule) => ({ rule, left: rule.count ?? 1 }));
    },
    decide(request) {
      const match = planned.find(({ rule, left }) => left > 0 && matches(rule, request));
      if (match !== undefined) {
        match.left -= 1;
        return match.rule.fault;
      }
      return drawFault(faults.chances ?? {}, random);
    },
  };
}

function matches(rule: PlannedFault, request: ProxiedRequest): boolean {
  return (
    (rule.service === undefined || rule.service === request.service) &&
    (rule.method === undefined || rule.method.toUpperCase() === request.method) &&
    (rule.path === undefined || request.path.includes(rule.path))
  );
}

/** One random number decides among all faults, so that their order of mention changes nothing. */
function drawFault(
  chances: Readonly<Partial<Record<StorageFault, number>>>,
  random: Random,
): StorageFault | null {
  let left = random.next();
  for (const fault of STORAGE_FAULTS) {
    left -= chances[fault] ?? 0;
    if (left < 0) return fault;
  }
  return null;
}
