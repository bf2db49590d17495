import { AUDIT_RULES } from "./audit-rules.ts";
import { listEffectivePuts, type Trial } from "./evidence.ts";

/** What an audit found. */
export type Audit = {
  /** Whether nothing is found that must not be. */
  readonly ok: boolean;
  /** Numbers that say how much was put to the test. */
  readonly figures: Readonly<Record<string, number>>;
  /** By the rule's name: what breaks it, a line each. */
  readonly findings: Readonly<Record<string, readonly string[]>>;
};

/** Applies every rule to what a run left behind. */
export function audit(trial: Trial): Audit {
  const findings = Object.fromEntries(AUDIT_RULES.map(({ name, find }) => [name, find(trial)]));
  return {
    ok: Object.values(findings).every(({ length }) => length === 0),
    figures: countFigures(trial),
    findings,
  };
}

function countFigures(trial: Trial): Record<string, number> {
  const { requests, images, events, exchanges, outcomes } = trial;
  const inState = (wanted: string): number =>
    requests.filter(({ state }) => state === wanted).length;
  const names = new Set(images.map(({ name }) => name));
  return {
    uploads: outcomes.length,
    requests: requests.length,
    succeeded: inState("succeeded"),
    failed: inState("failed"),
    canceled: inState("canceled"),
    images: names.size,
    versions: trial.versions.length - trial.foreign.length,
    convertedDisks: trial.converted.length,
    puts: exchanges.filter(({ method }) => method === "PUT").length,
    effectivePuts: [...names].reduce((sum, name) => sum + listEffectivePuts(trial, name).length, 0),
    stateChanges: requests.reduce((sum, request) => sum + request.events.length, 0),
    events: events.length,
  };
}
