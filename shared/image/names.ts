import { LIMITS } from "../limits.ts";

/**
 * Names and tags as Resource Manager takes them.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
 */

/** A rule about a text: whether it holds, and how it reads in an error message. */
export interface TextRule {
  readonly pattern: RegExp;
  readonly expected: string;
}

/** A rule about a text of an uploader, who may write one of any length. */
export interface BoundedTextRule extends TextRule {
  /** Characters; nothing else looks at a longer text. */
  readonly limit: number;
}

/** Whether a text keeps a rule. Its length is checked first. */
export function keepsRule(text: string, { limit, pattern }: BoundedTextRule): boolean {
  return text.length <= limit && pattern.test(text);
}

export const IMAGE_NAME: BoundedTextRule = {
  limit: LIMITS.imageName.limit,
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$/,
  expected:
    "1–80 letters, digits, '_', '.', '-'; a letter or digit first; a letter, digit or '_' last",
};

export const RESOURCE_GROUP: BoundedTextRule = {
  limit: LIMITS.resourceGroup.limit,
  pattern: /^[-\w.()]{0,89}[-\w()]$/,
  expected: "1–90 letters, digits, '_', '-', '.', '(', ')', without a final '.'",
};

export const SUBSCRIPTION_ID: BoundedTextRule = {
  limit: LIMITS.subscriptionId.limit,
  pattern: /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  expected: "a subscription id (GUID)",
};

export const LOCATION: BoundedTextRule = {
  limit: LIMITS.region.limit,
  pattern: /^[A-Za-z0-9][A-Za-z0-9 ]{0,89}$/,
  expected: "a region such as 'westeurope' or 'West Europe'",
};

export const EDGE_ZONE: BoundedTextRule = {
  limit: LIMITS.region.limit,
  pattern: /^[A-Za-z0-9][A-Za-z0-9-]{0,89}$/,
  expected: "the name of an edge zone such as 'microsoftlosangeles1', 1–90 letters, digits and '-'",
};

/** Gallery names have no hyphen, unlike other names. Microsoft Learn is stricter than the schema. */
export const GALLERY_NAME: BoundedTextRule = {
  limit: LIMITS.imageName.limit,
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9_.]{0,78}[A-Za-z0-9])?$/,
  expected:
    "1–80 letters, digits, '_', '.'; a letter or digit first and last (a gallery's name has no '-')",
};

export const DEFINITION_NAME: BoundedTextRule = {
  limit: LIMITS.imageName.limit,
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,78}[A-Za-z0-9])?$/,
  expected: "1–80 letters, digits, '_', '.', '-'; a letter or digit first and last",
};

/** Publisher, offer and SKU of a definition. */
export const IDENTIFIER: BoundedTextRule = {
  limit: 128,
  pattern: /^[A-Za-z0-9_.-]{0,127}[A-Za-z0-9_-]$/,
  expected: "1–128 letters, digits, '_', '.', '-', without a final '.'",
};

/** `1.4.0`, or with the last numbers left to the app. */
export const VERSION: BoundedTextRule = {
  limit: "2147483647.2147483647.2147483647".length,
  pattern: /^(?:auto|(?:0|[1-9]\d{0,9})\.(?:auto|(?:0|[1-9]\d{0,9})\.(?:auto|0|[1-9]\d{0,9})))$/,
  expected:
    "a version such as '1.4.0', each number from 0 to 2147483647 without leading zeros, or '1.4.auto', '1.auto' or 'auto'",
};
const MAX_VERSION_NUMBER = 2 ** 31 - 1;

/** Whether a text is a version, each of whose numbers the service can hold (32 bits). */
export function isVersion(text: string): boolean {
  const isNumber = (part: string): boolean => part === "auto" || Number(part) <= MAX_VERSION_NUMBER;
  return keepsRule(text, VERSION) && text.split(".").every(isNumber);
}

export const MAX_TAGS = LIMITS.tags.limit;
export const MAX_TAG_NAME = LIMITS.tagName.limit;
export const MAX_TAG_VALUE = LIMITS.tagValue.limit;
const TAG_NAME_FORBIDDEN = /[<>%&\\?/]/;

/** What is wrong with a tag, or null. Lengths count UTF-16 units. */
export function tagProblem(name: string, value: unknown): string | null {
  if (name.length > MAX_TAG_NAME) return `a tag name has at most ${MAX_TAG_NAME} characters`;
  if (name === "") return "a tag needs a name";
  if (name === "__proto__") return "a tag may not be named __proto__";
  if (TAG_NAME_FORBIDDEN.test(name)) return "a tag name may not contain < > % & \\ ? /";
  if (typeof value !== "string") return "a tag value must be a string";
  if (value.length > MAX_TAG_VALUE) return `a tag value has at most ${MAX_TAG_VALUE} characters`;
  return null;
}

/** File name without folder and extension: `disks/web.json` gives `web`. */
export function baseName(path: string): string {
  const file = path.slice(path.lastIndexOf("/") + 1);
  const dot = file.lastIndexOf(".");
  return dot > 0 ? file.slice(0, dot) : file;
}

/** The nearest name that an image may have: `my image!` gives `my-image`. */
export function proposeImageName(name: string): string {
  const proposal = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 80)
    .replace(/(?<![^A-Za-z0-9_])[^A-Za-z0-9_]+$/, "");
  return proposal === "" ? "image" : proposal;
}
