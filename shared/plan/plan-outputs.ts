import { ServiceError } from "../errors.ts";
import type { ImageDraft } from "../image/image-request.ts";
import type { PlannedCall } from "../ports.ts";
import type { OutputProgress } from "../record/output.ts";
import type { DiskProgress, RequestRecord } from "../record/record.ts";
import type { OutputWork } from "../stages/output-step.ts";
import { retryOutput } from "../stages/service-failure.ts";
import type { StepControl } from "../stages/stage.ts";
import { submitOutput } from "../stages/submit.ts";
import type { Planning } from "./plan-context.ts";

/** What would be done for an output. */
export const OUTPUT_ACTIONS = {
  create: "the calls in `requests` would be sent, in their order",
  exists: "it exists already and matches the request: nothing would be sent",
  follow: "Azure is creating it already: nothing more would be sent",
  wait: "something is in the way, which `error` names: the app would check again later",
  unknown: "it depends on a disk that is not complete, which `detail` names",
  fail: "it would fail, with `error`",
} as const;
export type OutputAction = keyof typeof OUTPUT_ACTIONS;

/** What would be done for one output, and how it stands then. */
export interface PlannedOutput {
  readonly output: OutputProgress;
  readonly action: OutputAction;
  /** Its resource id; null where it has no name yet. */
  readonly id: string | null;
  readonly requests: readonly PlannedCall[];
  readonly detail: string | null;
}

/** Tries for one output: a call that has to be followed up by another one is. */
const MAX_TRIES = 4;

/**
 * Runs the step that asks for an output, for each of them. Disks that are not complete are left out, so
 * that what does not depend on them can be told already.
 */
export async function planOutputs(
  record: RequestRecord,
  request: ImageDraft,
  context: Planning,
  control: StepControl,
): Promise<{ readonly record: RequestRecord; readonly outputs: readonly PlannedOutput[] }> {
  const isThere = ({ state }: DiskProgress): boolean =>
    state === "complete" || state === "converting" || state === "external";
  const missing = findUndecided(record, request);
  let current: RequestRecord = { ...record, disks: record.disks.filter(isThere) };
  const outputs: PlannedOutput[] = [];
  for (const output of record.outputs) {
    const kind = context.outputs.kindOf(output);
    const work: OutputWork = { record: current, request, output, kind, context, control };
    if (missing !== null) {
      outputs.push({ output, action: "unknown", id: null, requests: [], detail: missing });
      continue;
    }
    const result = await planOutput(work, context);
    current = result.record;
    outputs.push(result.planned);
  }
  const { warnings, decided, image } = current;
  return { record: { ...record, warnings, decided, image }, outputs };
}

/** Why nobody can say yet what the PUT will be; null when it is clear. */
function findUndecided(record: RequestRecord, request: ImageDraft): string | null {
  const disk = record.disks.find(({ role }) => role === "os");
  const isOpen = request.osDisk?.osType === undefined || request.hyperVGeneration === undefined;
  if (disk === undefined || disk.ref === null || isRead(disk) || !isOpen) return null;
  return `the operating system and the generation are read from ${disk.ref.name}, which is ${disk.state}`;
}

/** Whether the app knows what is on a disk, also of one that is yet to be converted. */
function isRead({ state }: DiskProgress): boolean {
  return state === "complete" || state === "converting";
}

async function planOutput(
  first: OutputWork,
  context: Planning,
): Promise<{ readonly record: RequestRecord; readonly planned: PlannedOutput }> {
  const { record: before, output: known, request: asked, kind: own } = first;
  if (known.state !== "pending") {
    const id = own.idOf(asked, known);
    const planned = { output: known, action: actionOf(known, []), id, requests: [], detail: null };
    return { record: before, planned };
  }
  let work = first;
  const requests: PlannedCall[] = [];
  let message = "";
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const result = await submitOutput(work).catch((error: unknown) => {
      if (error instanceof ServiceError) return retryOutput(work, error);
      throw error;
    });
    const calls = context.takeCalls();
    requests.push(...calls);
    ({ message } = result);
    work = { ...work, record: result.record, output: result.output };
    if (calls.length === 0 || result.output.state !== "pending") break;
  }
  const { record, output, request, kind } = work;
  const action = actionOf(output, requests);
  const id = action === "fail" ? null : kind.idOf(request, output);
  const detail = action === "exists" || action === "follow" ? message : null;
  return { record, planned: { output, action, id, requests, detail } };
}

function actionOf(output: OutputProgress, requests: readonly PlannedCall[]): OutputAction {
  if (output.state === "failed") return "fail";
  if (requests.length > 0) return "create";
  if (output.state === "succeeded") return "exists";
  return output.state === "creating" ? "follow" : "wait";
}
