import { findNodeAtLocation, type Node } from "jsonc-parser";
import { redact, redactUpTo } from "../redact.ts";
import type { Position, PositionFinder } from "./position.ts";

/** Keys and indexes from the root of the manifest to a value. */
export type Path = readonly (string | number)[];

/** One mistake in a manifest, found before its place in the text was looked up. */
export interface Finding {
  readonly path: Path;
  /** A whole clause: what is wrong, what was found, what is allowed. */
  readonly message: string;
}

/** A mistake with its place; lines and columns count from 1. */
export interface Problem extends Finding, Position {}

/** A key is shown up to this length: what is reported about it has to fit into a queue message. */
const MAX_KEY = 80;
/** Characters of a value that are read: more than are shown, so that a secret in it is whole. */
const MAX_VALUE = 10_000;

/** `["dataDisks", 1, "lun"]` as `dataDisks[1].lun`; the root as `(root)`. */
export function formatPath(path: Path): string {
  const text = path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${shorten(part)}`))
    .join("")
    .replace(/^\./, "");
  return text === "" ? "(root)" : text;
}

function shorten(key: string): string {
  // Redacted first: what is cut may no longer have the shape of a secret.
  const shown = redactUpTo(key, MAX_KEY + 1);
  return shown.length > MAX_KEY ? `${shown.slice(0, MAX_KEY - 1)}…` : shown;
}

/** The place of a path: the value there, or the nearest thing around it that exists. */
export function locateFinding(root: Node, finding: Finding, find: PositionFinder): Problem {
  const property = findNodeAtLocation(root, [...finding.path])?.parent;
  const place = property?.type === "property" ? property : nearestNode(root, finding.path);
  return { ...finding, ...find(place.offset) };
}

function nearestNode(root: Node, path: Path): Node {
  return findNodeAtLocation(root, [...path]) ?? nearestNode(root, path.slice(0, -1));
}

/**
 * A value as it reads in a message: short, and without what may hold a password or a signature.
 */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "number") return String(value);
  const json = JSON.stringify(typeof value === "string" ? redact(withoutSecrets(value)) : value);
  return json.length > 80 ? `${json.slice(0, 77)}…"` : json;
}

/** The beginning of a text without a query, and of a URL also without user information and fragment. */
function withoutSecrets(long: string): string {
  const text = long.slice(0, MAX_VALUE);
  const isUrl = text.includes("://");
  // Where the text was cut within them, they have no end.
  const userInformation = long.length > MAX_VALUE ? /:\/\/[^/]*(?:@|$)/ : /:\/\/[^/]*@/;
  const start = isUrl ? text.replace(userInformation, "://…@") : text;
  return start.replace(isUrl ? /[?#].*$/s : /\?.*$/s, "?…");
}

/** The value at a path of parsed JSON, undefined when something on the way is not there. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, key) => {
    const isContainer =
      typeof current === "object" && current !== null && Object.hasOwn(current, key);
    return isContainer ? (current as Record<string | number, unknown>)[key] : undefined;
  }, value);
}
