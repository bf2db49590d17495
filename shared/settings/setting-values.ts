import type { TextRule } from "../image/names.ts";
import { isNcrontab, NCRONTAB_EXPECTED } from "./ncrontab.ts";

/**
 * A setting as it was read: its value, or everything that is wrong with it. A problem never repeats the
 * value: anybody may read `/api/health`, and a secret may have been set under the wrong name.
 */
export type Reading<T> = { readonly value: T } | { readonly problems: readonly string[] };

/**
 * How one setting is read; undefined stands for one that is not set. Settings are read at every start
 * of a process, before any function is registered: plain functions, because a schema library would
 * take longer to load than all the rest of the start (docs/performance.md).
 */
export type Setting<T> = (text: string | undefined) => Reading<T>;

/** A text that is there and keeps a rule; `fallback` when it is not set. */
export function required(fallback: string, rule?: TextRule): Setting<string> {
  return (text) => {
    const value = (text ?? fallback).trim();
    return value === "" ? wrong("must not be empty") : keep(value, rule);
  };
}

/** A text that keeps a rule, or is not set; empty counts as not set. */
export function optional(rule?: TextRule): Setting<string | undefined> {
  return (text) => (isUnset(text) ? { value: undefined } : keep(text.trim(), rule));
}

/** Items between commas, each of a shape. */
export function list(item: TextRule): Setting<readonly string[]> {
  return (text) => {
    const items = (text ?? "").split(",").flatMap((part) => part.trim() || []);
    const problems = items.flatMap((candidate, index) =>
      item.pattern.test(candidate) ? [] : [`item ${index + 1} must be ${item.expected}`],
    );
    return problems.length === 0 ? { value: items } : wrong(...problems);
  };
}

/** A number not below a minimum; `fallback` when it is not set. */
export function number(fallback: number, minimum: number): Setting<number> {
  return (text) => {
    const value = isUnset(text) ? fallback : Number(text);
    if (!Number.isFinite(value)) return wrong(`must be a number, at least ${minimum}`);
    return value < minimum ? wrong(`must be at least ${minimum}`) : { value };
  };
}

/** One of the given words in any case; the word as given here, or undefined when not set. */
export function word<const W extends string>(words: readonly W[]): Setting<W | undefined> {
  return (text) => {
    if (isUnset(text)) return { value: undefined };
    const sought = text.trim().toLowerCase();
    const value = words.find((item) => item.toLowerCase() === sought);
    return value === undefined ? wrong(`must be one of ${words.join(", ")}`) : { value };
  };
}

/** When the sweep runs; the same check as the host's, which would refuse the timer's binding. */
export function schedule(fallback: string): Setting<string> {
  return (text) => {
    const value = (text ?? fallback).trim();
    if (value === "") return wrong("must not be empty");
    return isNcrontab(value) ? { value } : wrong(`must be ${NCRONTAB_EXPECTED}`);
  };
}

/** An absolute https URL, or not set. */
export const httpsUrl: Setting<string | undefined> = (text) => {
  if (isUnset(text)) return { value: undefined };
  const value = text.trim();
  const isHttps = URL.canParse(value) && new URL(value).protocol === "https:";
  return isHttps ? { value } : wrong("must be an https URL");
};

/** Where a service of the storage account is, or not set. An emulator may be there without https. */
export const serviceUri: Setting<string | undefined> = (text) => {
  if (isUnset(text)) return { value: undefined };
  const value = text.trim();
  const isWeb = URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
  return isWeb ? { value } : wrong("must be a URL, such as https://ACCOUNT.blob.core.windows.net");
};

function isUnset(text: string | undefined): text is undefined | "" {
  return text === undefined || text === "";
}

function keep(value: string, rule: TextRule | undefined): Reading<string> {
  return rule === undefined || rule.pattern.test(value)
    ? { value }
    : wrong(`must be ${rule.expected}`);
}

function wrong(...problems: readonly string[]): { readonly problems: readonly string[] } {
  return { problems };
}

/** Name of a container or queue, as the storage service takes it. */
export const CONTAINER_NAME: TextRule = {
  pattern: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  expected: "3–63 lower-case letters, digits and single hyphens",
};
/** Name of a table, as the storage service takes it. */
export const TABLE_NAME: TextRule = {
  pattern: /^[A-Za-z][A-Za-z0-9]{2,62}$/,
  expected: "3–63 letters and digits, a letter first",
};
/** One item of ALLOWED_TARGETS. */
export const TARGET: TextRule = {
  pattern: /^[0-9a-f-]{36}\/[^/]+$/i,
  expected: "subscriptionId/resourceGroup",
};
/** DEFAULT_GALLERY. */
export const GALLERY_PLACE: TextRule = {
  pattern: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/[-\w.()]{1,90}\/[a-z0-9][\w.]{0,79}$/i,
  expected: "subscriptionId/resourceGroup/gallery",
};
/** One item of ALLOWED_GALLERIES. */
export const GALLERY_PATTERN: TextRule = {
  pattern:
    /^(?:\*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(?:\*|[-\w.()]{1,90})\/(?:\*|[a-z0-9][\w.]{0,79})(?:\/(?:\*|[\w.-]{1,80}))?$/i,
  expected:
    "subscriptionId/resourceGroup/gallery or subscriptionId/resourceGroup/gallery/definition, with '*' for any",
};
/** One item of ALLOWED_SOURCES. */
export const SOURCE_PREFIX: TextRule = {
  pattern: /^\/(?:subscriptions|communityGalleries)\/[^/]+(?:\/[^/]+)*\/?$/i,
  expected: "a resource id or the beginning of one, /subscriptions/… or /communityGalleries/…",
};
/** One item of ALLOWED_SOURCE_ACCOUNTS. */
export const ACCOUNT: TextRule = {
  pattern: /^[a-z0-9]{3,24}$/i,
  expected: "a storage account's name",
};
/** One item of ALLOWED_REGIONS. */
export const REGION: TextRule = {
  pattern: /^(?:\*|[A-Za-z0-9][A-Za-z0-9 -]{0,89})$/,
  expected: "a region such as 'westeurope' or 'West Europe', the name of an edge zone, or '*'",
};
