import { toVersionForm } from "../galleries/version-forms.ts";
import { isJudgedType, pruneToVersion } from "../judge/schema.ts";
import type { ArmResponse } from "./arm-http.ts";

/** Returns an answer about resources of a type in the form of the api-version that was requested. */
export function shapeAnswer(
  response: ArmResponse,
  givenType: string,
  apiVersion: string,
): ArmResponse {
  const type = givenType.toLowerCase();
  const { body } = response;
  if (!isJudgedType(type) || typeof body !== "object" || body === null) return response;
  const shape = (resource: unknown): unknown =>
    pruneToVersion(
      type,
      type === "galleries/images/versions" ? toVersionForm(resource, apiVersion) : resource,
      apiVersion,
    );
  const isList = "value" in body && Array.isArray(body.value);
  return {
    ...response,
    body: isList ? { ...body, value: (body.value as unknown[]).map(shape) } : shape(body),
  };
}
