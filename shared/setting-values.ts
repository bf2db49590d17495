import { z } from "zod";
import type { TextRule } from "./manifest/names.ts";

/** A text that is there. */
export const text = z.string().trim().min(1, "must not be empty");
/** A text, or not set; empty counts as not set. */
export const optionalText = z.preprocess(
  (value) => (value === "" ? undefined : value),
  z.string().trim().optional(),
);

/** A text that keeps a rule about names, or is not set. */
export function named(rule: TextRule): z.ZodType<string | undefined, unknown> {
  return optionalText.pipe(z.string().regex(rule.pattern, `must be ${rule.expected}`).optional());
}

/** Items between commas, each of a shape. */
export function list(item: TextRule): z.ZodType<readonly string[], unknown> {
  return optionalText.transform((value, context) => {
    const items = (value ?? "").split(",").flatMap((text) => text.trim() || []);
    for (const text of items.filter((candidate) => !item.pattern.test(candidate))) {
      context.addIssue(`lists '${text}'; each item must be ${item.expected}`);
    }
    return items;
  });
}

/** A number not below a minimum; `fallback` when it is not set. */
export function number(fallback: number, minimum: number): z.ZodType<number, unknown> {
  return z.preprocess(
    (value) => (value === undefined || value === "" ? fallback : value),
    z.coerce
      .number(`must be a number, at least ${minimum}`)
      .min(minimum, `must be at least ${minimum}`),
  );
}

/** One of the given words in any case; the word as given here, or undefined when not set. */
export function word<const W extends string>(
  words: readonly W[],
): z.ZodType<W | undefined, unknown> {
  return optionalText.transform((value, context) => {
    if (value === undefined) return undefined;
    const match = words.find((item) => item.toLowerCase() === value.toLowerCase());
    if (match === undefined) context.addIssue(`must be one of ${words.join(", ")}`);
    return match;
  });
}

/** Name of a container or queue, as the storage service takes it. */
export const containerName = text.regex(
  /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  "must be 3–63 lower-case letters, digits and single hyphens",
);
/** Name of a table, as the storage service takes it. */
export const tableName = text.regex(
  /^[A-Za-z][A-Za-z0-9]{2,62}$/,
  "must be 3–63 letters and digits, a letter first",
);

/** One item of ALLOWED_TARGETS. */
export const TARGET: TextRule = {
  pattern: /^[0-9a-f-]{36}\/[^/]+$/i,
  expected: "subscriptionId/resourceGroup",
};
/** One item of ALLOWED_SOURCES. */
export const SOURCE_PREFIX: TextRule = {
  pattern: /^\/subscriptions\/[^/]+(?:\/[^/]+)*\/?$/i,
  expected: "a resource id or the beginning of one, /subscriptions/…",
};
/** One item of ALLOWED_SOURCE_ACCOUNTS. */
export const ACCOUNT: TextRule = {
  pattern: /^[a-z0-9]{3,24}$/i,
  expected: "a storage account's name",
};
