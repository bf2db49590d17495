import { isObject } from "../plain-object.ts";
import { newOutput, OUTPUT_STATES, type OutputState } from "./output.ts";

/**
 * The JSON of a record in today's schema. Version 1 had one image and its operation in the record
 * itself; its request becomes one with a managed image as its only output, at the same point of its way.
 * Anything else is returned as it is.
 */
export function upgradeRecord(json: unknown): unknown {
  if (!isObject(json) || json.schemaVersion !== 1) return json;
  const { operation, ...others } = json;
  return { ...others, schemaVersion: 2, outputs: listOutputs(json, operation ?? null) };
}

function listOutputs(json: Readonly<Record<string, unknown>>, operation: unknown): unknown[] {
  const { request, state, image, completedAt } = json;
  // Before a request was understood nobody knew what it would be made into.
  if (!isObject(request)) return [];
  const isTracked = state === "submitting" || state === "creating";
  return [
    {
      ...newOutput("managedImage"),
      state: toOutputState(state),
      id: isObject(image) ? image.id : null,
      operation,
      endedAt: completedAt,
      ...(isTracked && {
        error: json.error,
        attempts: json.attempts,
        retries: json.retries,
        refusals: json.refusals,
      }),
    },
  ];
}

/** An output is `pending` while its request is in a state of an earlier part of its way. */
function toOutputState(state: unknown): OutputState {
  return OUTPUT_STATES.find((own) => own === state) ?? "pending";
}
