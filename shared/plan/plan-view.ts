import type { Failure } from "../errors.ts";
import { type ProblemResponse, problem } from "../http/problem.ts";
import { type DiskView, type StatusView, toStatusView } from "../http/status-view.ts";
import { formatPath } from "../manifest/problem.ts";
import type { PlannedCall } from "../ports.ts";
import { describeWaiting } from "../record/plan-disks.ts";
import { redact, redactDeep } from "../redact.ts";
import type { OutputAction, PlannedOutput } from "./plan-outputs.ts";
import type { Plan } from "./plan-upload.ts";

/** What would come of a request that nothing is wrong with. */
export const VERDICTS = {
  create: "every call that the outputs need would be sent",
  exists: "everything exists already and matches the request",
  follow: "Azure is creating the outputs already",
  wait: "the app would wait; `message` names what is missing",
  canceled: "the request would end as `canceled`; `message` says why",
} as const;
export type Verdict = keyof typeof VERDICTS;

/** One output in a plan. Each kind may say more of itself, such as the version's number. */
export interface OutputPlanView {
  readonly kind: string;
  readonly action: OutputAction;
  readonly id: string | null;
  readonly requests: readonly PlannedCall[];
  readonly detail: string | null;
  readonly error: Failure | null;
}

/** The answer of `POST /api/plan`. */
export interface PlanView {
  readonly verdict: Verdict;
  readonly message: string;
  /** Of the request that is open, or would be opened; null for a manifest that was not uploaded. */
  readonly requestId: string | null;
  readonly kind: StatusView["kind"];
  readonly source: string;
  readonly image: StatusView["image"];
  readonly outputs: readonly OutputPlanView[];
  readonly disks: readonly DiskView[];
  readonly warnings: readonly string[];
}

/** A mistake of a manifest, and where it is; lines and columns count from 1. */
export interface MistakeView {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/** What is said of a request that would fail, beside the members that every problem has. */
export interface PlanRefusal {
  readonly error: Failure;
  readonly mistakes: readonly MistakeView[];
  readonly outputs: readonly OutputPlanView[];
  readonly disks: readonly DiskView[];
  readonly warnings: readonly string[];
}

/** A plan as users see it: 200 with what would happen, or 422 with everything that is wrong. */
export function toPlanAnswer(plan: Plan): { readonly jsonBody: PlanView } | RefusedPlan {
  const { record, mistakes } = plan;
  const { disks, warnings, kind, source, image } = toStatusView(record);
  const outputs = plan.outputs.map(toOutputView);
  const error = record.error ?? outputs.find(({ action }) => action === "fail")?.error ?? null;
  if (error !== null) {
    const refusal: PlanRefusal = redactDeep({
      error,
      mistakes: mistakes.map(({ line, column, path, message }) => ({
        line,
        column,
        path: formatPath(path),
        message,
      })),
      outputs,
      disks,
      warnings,
    });
    const base = problem(422, `The request would fail: ${error.message}`);
    return { ...base, jsonBody: { ...base.jsonBody, ...refusal } };
  }
  const verdict = verdictOf(plan);
  const requestId = plan.isUploaded ? record.requestId : null;
  const message = redact(messageOf(plan, verdict));
  return {
    jsonBody: { verdict, message, requestId, kind, source, image, outputs, disks, warnings },
  };
}

type RefusedPlan = Omit<ProblemResponse, "jsonBody"> & {
  readonly jsonBody: ProblemResponse["jsonBody"] & PlanRefusal;
};

function toOutputView({ output, action, id, requests, detail }: PlannedOutput): OutputPlanView {
  const { kind, progress, error } = output;
  return redactDeep({ ...progress, kind, action, id, requests, detail, error });
}

/** What the request waits for; a disk that is to be converted is complete, and known. */
function describeIncomplete({ disks }: Plan["record"]): string | null {
  return describeWaiting(disks.filter((disk) => String(disk.state) !== "converting"));
}

function verdictOf({ record, outputs }: Plan): Verdict {
  if (record.state === "canceled") return "canceled";
  const actions = outputs.map(({ action }) => action);
  const isWaiting = describeIncomplete(record) !== null;
  if (actions.length === 0 || isWaiting || actions.includes("wait")) return "wait";
  if (actions.includes("create")) return "create";
  return actions.includes("follow") ? "follow" : "exists";
}

function messageOf({ record, outputs }: Plan, verdict: Verdict): string {
  switch (verdict) {
    case "canceled":
      return record.events.at(-1)?.message ?? "";
    case "wait": {
      const inTheWay = outputs.flatMap(({ output }) => output.error?.message ?? []);
      return describeIncomplete(record) ?? inTheWay[0] ?? record.events.at(-1)?.message ?? "";
    }
    default:
      return VERDICTS[verdict];
  }
}
