import { createRandom, type Random } from "../fault-proxy/index.ts";

/**
 * What can happen to a Put Page From URL.
 * - `busy`, `error`: answered 503 ServerBusy, 500 InternalError; nothing is written.
 * - `errorAfter`: the pages are written, and the answer is 500 OperationTimedOut.
 * - `firewall`: 403 CannotVerifyCopySource, as if the source's firewall kept the service out.
 * - `changeSource`: somebody changes the source's metadata, and with it its ETag, just before.
 * - `slow`: carried out after `delayMs`.
 */
export const COPY_FAULTS = [
  "busy",
  "error",
  "errorAfter",
  "firewall",
  "changeSource",
  "slow",
] as const;
export type CopyFault = (typeof COPY_FAULTS)[number];

/** A fault for the next copies that match; what is absent matches all. */
export interface PlannedCopyFault {
  readonly fault: CopyFault;
  /** A part of the target's path, `/account/container/blob`. */
  readonly path?: string;
  /** A part of the source's URL. */
  readonly source?: string;
  /** Matching copies that pass before it strikes; 0 unless given. */
  readonly after?: number;
  /** How many copies it strikes; 1 unless given. */
  readonly count?: number;
  /** Milliseconds by which `slow` holds a copy back; 500 unless given. */
  readonly delayMs?: number;
}

/** Everything that is switched on. Planned faults come before those by chance. */
export interface CopyFaults {
  /** Seed of the random numbers behind `chances`. */
  readonly seed?: number;
  /** Probability of each fault for a copy, 0 to 1; together at most 1. */
  readonly chances?: Readonly<Partial<Record<CopyFault, number>>>;
  readonly plan?: readonly PlannedCopyFault[];
}

/** A fault that strikes. */
export interface StrikingFault {
  readonly fault: CopyFault;
  readonly delayMs: number;
}

/** Where a copy goes and comes from. */
interface CopyPlaces {
  readonly path: string;
  readonly source: string;
}

/** Decides what happens to each copy. */
export interface CopyFaultSwitch {
  /** Replaces all faults; `{}` switches them off. */
  set(faults: CopyFaults): void;
  /** Adds planned faults to those that are on; chances replace those that are on, if given. */
  add(faults: CopyFaults): void;
  /** The fault that strikes this copy, null for none. */
  decide(copy: CopyPlaces): StrikingFault | null;
  /** Planned faults that have not struck as often as they will. */
  list(): readonly PlannedCopyFault[];
  /** How often each fault struck so far. */
  readonly struck: Readonly<Record<CopyFault, number>>;
}

const DEFAULT_DELAY_MS = 500;

/** A switch with all faults off. */
export function createCopyFaultSwitch(): CopyFaultSwitch {
  let chances: NonNullable<CopyFaults["chances"]> = {};
  let random = createRandom(0);
  let planned: { rule: PlannedCopyFault; passing: number; left: number }[] = [];
  const struck = Object.fromEntries(COPY_FAULTS.map((fault) => [fault, 0])) as Record<
    CopyFault,
    number
  >;
  const takePlanned = (copy: CopyPlaces): PlannedCopyFault | null => {
    for (const one of planned) {
      if (one.left === 0 || !matches(one.rule, copy)) continue;
      if (one.passing > 0) {
        one.passing -= 1;
        continue;
      }
      one.left -= 1;
      return one.rule;
    }
    return null;
  };
  const add = (faults: CopyFaults): void => {
    const rules = faults.plan ?? [];
    planned.push(
      ...rules.map((rule) => ({ rule, passing: rule.after ?? 0, left: rule.count ?? 1 })),
    );
    if (faults.chances === undefined) return;
    chances = faults.chances;
    random = createRandom(faults.seed ?? 0);
  };
  return {
    struck,
    add,
    set(faults) {
      planned = [];
      add({ chances: {}, ...faults });
    },
    list: () =>
      planned
        .filter(({ left }) => left > 0)
        .map(({ rule, passing, left }) => ({ ...rule, after: passing, count: left })),
    decide(copy) {
      const rule = takePlanned(copy);
      const fault = rule?.fault ?? drawFault(chances, random);
      if (fault === null) return null;
      struck[fault] += 1;
      return { fault, delayMs: rule?.delayMs ?? DEFAULT_DELAY_MS };
    },
  };
}

function matches({ path = "", source = "" }: PlannedCopyFault, copy: CopyPlaces): boolean {
  return copy.path.includes(path) && copy.source.includes(source);
}

/** One random number decides among all faults, so that their order of mention changes nothing. */
function drawFault(
  chances: Readonly<Partial<Record<CopyFault, number>>>,
  random: Random,
): CopyFault | null {
  let left = random.next();
  for (const fault of COPY_FAULTS) {
    left -= chances[fault] ?? 0;
    if (left < 0) return fault;
  }
  return null;
}
