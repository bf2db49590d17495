import * as z from "zod";
import { type BoundedTextRule, keepsRule } from "../image/names.ts";
import { parseResourceId } from "../image/resource-id.ts";
import { LIMITS } from "../limits.ts";
import { leaf } from "./leaf.ts";

/** Leaves of the manifest: each with the words for what it expects, and its part of the JSON Schema. */

const PLACEHOLDER_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";

/** A text that keeps a rule. */
export function textLeaf(rule: BoundedTextRule, description: string): z.ZodType<string, unknown> {
  return leaf({
    expected: rule.expected,
    jsonSchema: { type: "string", pattern: rule.pattern.source, description },
    parse: (value) => (typeof value === "string" && keepsRule(value, rule) ? value : undefined),
  });
}

/** A whole number from `minimum` to `maximum`; as text too where the reference writes it so. */
export function integerLeaf(
  range: { minimum: number; maximum: number; textToo: boolean },
  description: string,
): z.ZodType<number, unknown> {
  const { minimum, maximum, textToo } = range;
  const schema = { type: "integer", minimum, maximum };
  return leaf({
    expected: `a whole number from ${minimum} to ${maximum}`,
    jsonSchema: {
      description,
      ...(textToo ? { anyOf: [schema, { type: "string", pattern: "^[0-9]{1,2}$" }] } : schema),
    },
    parse: (value) => {
      const number =
        textToo && typeof value === "string" && value.length <= 2 && /^\d{1,2}$/.test(value)
          ? Number(value)
          : value;
      const isInRange =
        Number.isInteger(number) && Number(number) >= minimum && Number(number) <= maximum;
      return isInRange ? Number(number) : undefined;
    },
  });
}

/** `{ "id": … }` of a Microsoft.Compute resource, placeholders allowed. */
export function referenceTo(type: string, description: string) {
  const example = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute/${type}/{name}`;
  const id = leaf({
    expected: `a resource id like ${example}`,
    jsonSchema: {
      type: "string",
      maxLength: LIMITS.resourceId.limit,
      description: `Resource id, like ${example}`,
    },
    parse: (value) => {
      if (typeof value !== "string" || value.length > LIMITS.resourceId.limit) return undefined;
      const filled = value
        .replaceAll("{subscriptionId}", PLACEHOLDER_SUBSCRIPTION)
        .replaceAll("{resourceGroup}", "group");
      return parseResourceId(filled)?.type.toLowerCase() === type.toLowerCase() ? value : undefined;
    },
  });
  return z.strictObject({ id }).meta({ description });
}

/** A text that is not blank. What is too long to be a URI is refused where it is read as one. */
export const text = (description: string): z.ZodType<string, unknown> =>
  leaf({
    expected: "a string",
    jsonSchema: { type: "string", minLength: 1, description },
    parse: (value) =>
      typeof value === "string" && (value.length > LIMITS.blobUri.limit || value.trim() !== "")
        ? value
        : undefined,
  });
