import type { HttpRequest } from "@azure/functions";
import { BadQueryError } from "../shared/errors.ts";
import { readPlanQuery } from "../shared/http/plan-query.ts";
import { problem } from "../shared/http/problem.ts";
import { findNameProblem } from "../shared/image/blob-name.ts";
import type { Plan, PlanInput } from "../shared/plan/plan-upload.ts";
import { toPlanAnswer } from "../shared/plan/plan-view.ts";
import { kindOf } from "../shared/stages/upload-kind.ts";
import type { Answer } from "./http-handler.ts";

/** Plans one upload; null when it does not exist. */
export type Planner = (input: PlanInput) => Promise<Plan | null>;

/** `POST /api/plan`: what a manifest, or an upload, would become; nothing is changed. */
export function makeHandler(plan: Planner): Answer {
  return async (request) => {
    const input = await readInput(request);
    const planned = await plan(input);
    if (planned !== null) return toPlanAnswer(planned);
    return problem(404, `The upload ${JSON.stringify(input.name)} does not exist.`);
  };
}

/** @throws BadQueryError when it is not clear what is to be planned. */
async function readInput(request: HttpRequest): Promise<PlanInput> {
  const { source, name } = readPlanQuery(request.query);
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (source === null) {
    if (bytes.length > 0) return { kind: "manifest", name: requireName("name", name), bytes };
    throw new BadQueryError(
      "Send a manifest as the body, or name an upload: POST /api/plan?source=NAME.",
    );
  }
  if (bytes.length > 0) {
    throw new BadQueryError("Send either a manifest as the body or 'source', not both.");
  }
  const uploadKind = kindOf(requireName("source", source));
  if (uploadKind !== null) return { kind: "upload", name: source, uploadKind };
  throw new BadQueryError("'source' names neither a manifest (.json) nor a disk.");
}

function requireName(parameter: string, name: string): string {
  const reason = findNameProblem(name);
  if (reason !== null)
    throw new BadQueryError(`'${parameter}' is not a name of a blob: ${reason}.`);
  if (parameter === "name" && kindOf(name) !== "manifest") {
    throw new BadQueryError("'name' must end with .json, as the name of a manifest.");
  }
  return name;
}
