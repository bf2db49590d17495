import type { Failure } from "../../shared/errors.ts";
import type { OutputKind, OutputOutcome } from "../../shared/outputs/output-kind.ts";
import type { FoundOutput } from "../../shared/ports.ts";

type Working = { readonly state: "working"; readonly progress?: Record<string, unknown> };
type Outcome =
  | Exclude<OutputOutcome, { state: "working" | "again" }>
  | Working
  | { state: "again" };

/** A kind of output that no stage has ever heard of: it does as the test has told it to. */
export interface ScriptedOutput extends OutputKind {
  /** What was called, in order, reads left out. */
  readonly calls: string[];
  /** What exists under its id, as the world has it. */
  readonly existing: { found: FoundOutput | null };
  /** Answers to the next looks, in order; after them it succeeds. */
  readonly nextOutcomes: (Outcome | Error)[];
  /** Answers to the next checks, in order; after them it is ready. */
  readonly nextChecks: ({ refuse: Failure } | { wait: Failure })[];
  /** Answers to the next PUTs, in order; after them they are accepted. */
  readonly nextPuts: (Error | number)[];
}

export const SCRIPTED_ID = "/subscriptions/s/resourceGroups/g/providers/Test/things/one";

/** @param deadlineSeconds how long it may take. */
export function createScriptedOutput(deadlineSeconds = 6 * 3600): ScriptedOutput {
  const calls: string[] = [];
  const existing: ScriptedOutput["existing"] = { found: null };
  const nextOutcomes: ScriptedOutput["nextOutcomes"] = [];
  const nextChecks: ScriptedOutput["nextChecks"] = [];
  const nextPuts: ScriptedOutput["nextPuts"] = [];
  return {
    calls,
    existing,
    nextOutcomes,
    nextChecks,
    nextPuts,
    kind: "thing",
    noun: "thing",
    deadlineSetting: "THING_DEADLINE_HOURS",
    mayRename: () => false,
    isWanted: () => true,
    deadlineSeconds: () => deadlineSeconds,
    idOf: () => SCRIPTED_ID,
    async check(_, output) {
      const next = nextChecks.shift();
      if (next === undefined) {
        return { verdict: "ready", output: { ...output, progress: { number: 7 } } };
      }
      if ("refuse" in next) return { verdict: "refused", failure: next.refuse };
      return { verdict: "later", output, reason: next.wait };
    },
    find: async () => existing.found,
    explainExisting: ({ id }, reason) => ({
      code: "ThingExists",
      message: `The thing ${id} exists and ${reason}.`,
      fix: null,
      retryable: false,
      target: id,
      details: [],
    }),
    async create() {
      const next = nextPuts.shift();
      if (next instanceof Error) throw next;
      calls.push(next === undefined ? "put" : "clear");
      if (next !== undefined) return { retryInSeconds: next };
      existing.found = { id: SCRIPTED_ID, state: "working", differences: [] };
      return { operationUrl: null };
    },
    async follow(_, output) {
      const next = nextOutcomes.shift() ?? { state: "succeeded", id: SCRIPTED_ID };
      if (next instanceof Error) throw next;
      switch (next.state) {
        case "working":
          return {
            state: "working",
            output: { ...output, progress: { ...output.progress, ...next.progress } },
            retryAfterSeconds: null,
          };
        case "again":
          existing.found = null;
          return { state: "again", output, retryInSeconds: 30 };
        default:
          return next;
      }
    },
  };
}
