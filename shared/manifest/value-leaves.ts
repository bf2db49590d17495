import * as z from "zod";
import { type BoundedTextRule, keepsRule } from "../image/names.ts";
import {
  isCommunityImageId,
  parseResourceId,
  parseStorageAccountId,
  parseVersionId,
} from "../image/resource-id.ts";
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

/** The id of a Microsoft.Compute resource of one type, placeholders allowed. */
export function idLeaf(type: string, description: string): z.ZodType<string, unknown> {
  return resourceLeaf(
    `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute/${type}/{name}`,
    (filled) => parseResourceId(filled)?.type.toLowerCase() === type.toLowerCase(),
    description,
  );
}

/** The id of a managed image, or of an image version in a gallery of one's own or of the community. */
export function imageIdLeaf(description: string): z.ZodType<string, unknown> {
  const compute =
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute";
  return resourceLeaf(
    `${compute}/images/{name}, ${compute}/galleries/{gallery}/images/{definition}/versions/{version} or /CommunityGalleries/{gallery}/Images/{definition}/Versions/{version}`,
    (filled) =>
      parseResourceId(filled)?.type.toLowerCase() === "images" ||
      parseVersionId(filled) !== null ||
      isCommunityImageId(filled),
    description,
  );
}

/** The id of a storage account. */
export function accountIdLeaf(description: string): z.ZodType<string, unknown> {
  return resourceLeaf(
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Storage/storageAccounts/{name}",
    (filled) => parseStorageAccountId(filled) !== null,
    description,
  );
}

function resourceLeaf(
  example: string,
  isRight: (filled: string) => boolean,
  description: string,
): z.ZodType<string, unknown> {
  return leaf({
    expected: `a resource id like ${example}`,
    jsonSchema: {
      type: "string",
      maxLength: LIMITS.resourceId.limit,
      description: `${description}; like ${example}`,
    },
    parse: (value) => {
      if (typeof value !== "string" || value.length > LIMITS.resourceId.limit) return undefined;
      const filled = value
        .replaceAll("{subscriptionId}", PLACEHOLDER_SUBSCRIPTION)
        .replaceAll("{resourceGroup}", "group");
      return isRight(filled) ? value : undefined;
    },
  });
}

/** `{ "id": … }` of a Microsoft.Compute resource, placeholders allowed. */
export function referenceTo(type: string, description: string) {
  return z.strictObject({ id: idLeaf(type, "Resource id") }).meta({ description });
}

/** true or false. */
export function booleanLeaf(description: string): z.ZodType<boolean, unknown> {
  return leaf({
    expected: "true or false",
    jsonSchema: { type: "boolean", description },
    parse: (value) => (typeof value === "boolean" ? value : undefined),
  });
}

const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** With fractions of a second and a time zone. */
const MAX_DATE = 33;

/** A date, with or without a time; in the form that the service's clients send. */
export function dateLeaf(description: string): z.ZodType<string, unknown> {
  return leaf({
    expected: "a date such as '2030-01-31' or '2030-01-31T12:00:00Z'",
    jsonSchema: { type: "string", pattern: DATE.source, description },
    parse: (value) => {
      if (typeof value !== "string" || value.length > MAX_DATE) return undefined;
      if (!DATE.test(value)) return undefined;
      const date = new Date(value);
      // A day that a month does not have would become one of the next month.
      const isDay = !Number.isNaN(date.getTime()) && isRealDay(value.slice(0, 10));
      return isDay ? date.toISOString() : undefined;
    },
  });
}

function isRealDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** Tags by name; what they may be is the business of a rule. */
export function tagsSchema(description: string) {
  return z.record(z.string(), z.unknown()).meta({
    description,
    additionalProperties: { type: "string", maxLength: 256 },
  });
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
