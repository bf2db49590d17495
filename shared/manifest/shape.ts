import { distance } from "fastest-levenshtein";
import * as z from "zod";
import { LIMITS } from "../limits.ts";
import { describeValue, type Finding, formatPath, type Path, valueAt } from "./problem.ts";
import { READ_ONLY_KEYS } from "./prune.ts";
import { type Manifest, manifestSchema } from "./schema.ts";

const MAX_TYPO_DISTANCE = 3;
/** Unknown keys of one object that are explained; a manifest with more is corrected here first. */
const MAX_UNKNOWN_KEYS = 200;

/** The manifest in today's values, or what is wrong with its shape: keys and single values. */
export function checkShape(value: unknown): { manifest: Manifest | null; findings: Finding[] } {
  const result = manifestSchema.safeParse(value);
  if (result.success) return { manifest: result.data, findings: [] };
  return {
    manifest: null,
    findings: result.error.issues.flatMap((issue) => explainIssue(issue, value)),
  };
}

function explainIssue(issue: z.core.$ZodIssue, root: unknown): Finding[] {
  const path = readPath(issue, root);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, MAX_UNKNOWN_KEYS).map((key) => ({
      path: [...path, key],
      message: explainUnknownKey(path, key),
    }));
  }
  const found = valueAt(root, path);
  const expected = issue.code === "invalid_type" ? nameOf(issue.expected) : issue.message;
  return [
    {
      path,
      message:
        found === undefined
          ? `is missing; expected ${expected}`
          : `is ${describeValue(found)}; expected ${expected}`,
    },
  ];
}

/** Where a mistake is; a region that is given by its name alone is itself what is wrong. */
function readPath(issue: z.core.$ZodIssue, root: unknown): Path {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  const parent = path.slice(0, -1);
  return typeof valueAt(root, parent) === "string" ? parent : path;
}

/** The type that a value should have had, as JSON calls it. */
function nameOf(type: string): string {
  return type === "array" ? "an array" : "an object";
}

function explainUnknownKey(parent: Path, key: string): string {
  if (parent.length === 0 && key === "name") {
    return "is not a known key; 'imageName' names the image: did you mean that?";
  }
  if (READ_ONLY_KEYS.includes(key)) return "is set by Azure and cannot be requested; remove it";
  const siblings = KNOWN_KEYS.filter(
    (known) => formatPath(known.parent) === formatPath(withoutIndexes(parent)),
  );
  const knownHere = `is not a known key; known here: ${siblings.map((known) => known.key).join(", ")}`;
  if (key.length > LIMITS.manifestKey.limit) return knownHere;
  const near = nearestKey(
    key,
    siblings.map((known) => known.key),
  );
  if (near !== null) return `is not a known key; did you mean '${near}'?`;
  const elsewhere = KNOWN_KEYS.find((known) => known.key.toLowerCase() === key.toLowerCase());
  if (elsewhere) return `is not a known key here; it belongs to '${formatPath(elsewhere.parent)}'`;
  return knownHere;
}

function nearestKey(key: string, candidates: readonly string[]): string | null {
  const ranked = candidates
    .map((candidate) => ({ candidate, cost: distance(key.toLowerCase(), candidate.toLowerCase()) }))
    .sort((left, right) => left.cost - right.cost);
  const best = ranked[0];
  const limit = Math.min(MAX_TYPO_DISTANCE, Math.floor(key.length / 2));
  return best !== undefined && best.cost <= limit ? best.candidate : null;
}

function withoutIndexes(path: Path): Path {
  return path.filter((part) => typeof part === "string");
}

/** Every key of the manifest with the path it stands under, array indexes left out. */
const KNOWN_KEYS = listKeys(manifestSchema, []);

function listKeys(schema: unknown, parent: Path): { parent: Path; key: string }[] {
  if (schema instanceof z.ZodOptional) return listKeys(schema.unwrap(), parent);
  if (schema instanceof z.ZodArray) return listKeys(schema.element, parent);
  if (schema instanceof z.ZodPipe) return listKeys(schema.out, parent);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, child]) => [
    { parent, key },
    ...listKeys(child, [...parent, key]),
  ]);
}
