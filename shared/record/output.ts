import * as z from "zod";
import { failureSchema } from "./failure.ts";

const timestamp = z.iso.datetime();

/** What a state of an output means, and whether something is still to happen in it. */
interface OutputStateRow {
  readonly meaning: string;
  readonly isOpen: boolean;
}

/** The states of one output of a request, a row each. */
export const OUTPUT_STATE_ROWS = {
  pending: { meaning: "Azure has not accepted the request for it", isOpen: true },
  creating: { meaning: "Azure accepted the request and is creating it", isOpen: true },
  replicating: {
    meaning: "an image version is in one of its regions, and on its way to the others",
    isOpen: true,
  },
  succeeded: { meaning: "it is ready; `id` is its resource id", isOpen: false },
  failed: {
    meaning: "it was not created; its `error` or that of the request says why",
    isOpen: false,
  },
  canceled: { meaning: "Azure canceled it, or the request was canceled", isOpen: false },
} as const satisfies Record<string, OutputStateRow>;

export type OutputState = keyof typeof OUTPUT_STATE_ROWS;
export const OUTPUT_STATES = Object.keys(OUTPUT_STATE_ROWS) as [OutputState, ...OutputState[]];

/** A long-running operation of Azure as plain data: any process can go on with it. */
const operationSchema = z.object({
  /** Signed and opaque: never shown. Null when Azure gave none; then the output itself is read. */
  url: z.string().nullable(),
  /** Since when a PUT may be under way. */
  submittedAt: timestamp,
});
export type Operation = z.infer<typeof operationSchema>;

export const outputSchema = z.object({
  /** Which kind of output; a request has at most one of each. */
  kind: z.string(),
  state: z.enum(OUTPUT_STATES),
  /** Resource id, once the output is there. */
  id: z.string().nullable(),
  operation: operationSchema.nullable(),
  /** Why it failed; before that, Azure's last answer that is being retried. Null if it ended with its request. */
  error: failureSchema.nullable(),
  /** As in the record, for this output alone. */
  attempts: z.number(),
  retries: z.number(),
  refusals: z.number(),
  /** When its next step is due; null: at once. */
  dueAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  /** What only this kind of output has to say, as its status shows it. */
  progress: z.record(z.string(), z.unknown()),
  /** What this kind of output has to remember, and does not show. */
  notes: z.record(z.string(), z.unknown()).default({}),
  /** PUTs that may have been sent: counted before each. */
  puts: z.number().default(0),
});
export type OutputProgress = z.infer<typeof outputSchema>;

/** An output before its first step. */
export function newOutput(kind: string): OutputProgress {
  return {
    kind,
    state: "pending",
    id: null,
    operation: null,
    error: null,
    attempts: 0,
    retries: 0,
    refusals: 0,
    dueAt: null,
    endedAt: null,
    progress: {},
    notes: {},
    puts: 0,
  };
}

/** Whether something is still to happen to an output. */
export function isOpenOutput({ state }: Pick<OutputProgress, "state">): boolean {
  return OUTPUT_STATE_ROWS[state].isOpen;
}

/** Of several outputs the one whose step is due first; null when all have ended. */
export function nextOutput(outputs: readonly OutputProgress[]): OutputProgress | null {
  const open = outputs.filter(isOpenOutput);
  const due = ({ dueAt }: OutputProgress): number => (dueAt === null ? 0 : Date.parse(dueAt));
  return open.sort((left, right) => due(left) - due(right))[0] ?? null;
}

/** Of the outputs that failed the one that did so first; null when none did. */
export function firstFailed(outputs: readonly OutputProgress[]): OutputProgress | null {
  const failed = outputs.filter(({ state }) => state === "failed");
  const end = ({ endedAt }: OutputProgress): number => Date.parse(endedAt ?? "9999");
  return failed.sort((left, right) => end(left) - end(right))[0] ?? null;
}
