import { getNodeValue, type Node, type ParseError, parseTree } from "jsonc-parser";
import type { BlobLocator } from "../image/blob-uri.ts";
import type { InspectMode } from "../image/decide-property.ts";
import type { BlobRef, ImageDraft } from "../image/image-request.ts";
import type { ManifestContext } from "./complete-request.ts";
import { completeRequest } from "./complete-request.ts";
import { findLimitBreach } from "./limits.ts";
import { createPositionFinder } from "./position.ts";
import { type Finding, locateFinding, type Problem, valueAt } from "./problem.ts";
import { MANIFEST_RULES } from "./rules.ts";
import { checkShape } from "./shape.ts";
import { explainSyntax, isHarmless, plainSpaces } from "./syntax.ts";
import { checkTree } from "./tree.ts";

/** A request, or every problem in the order of the text. */
export type ManifestReading =
  | {
      readonly ok: true;
      readonly request: ImageDraft;
      /** How strictly what is on the disks is held against the request. */
      readonly inspect: InspectMode;
      readonly mentioned: readonly BlobRef[];
    }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      readonly mentioned: readonly BlobRef[];
    };

/** Mistakes that are looked up in the text; who has more corrects these first. */
const MAX_PROBLEMS = 200;
/** Blobs that a manifest can speak for: one OS disk and 64 data disks. */
const MAX_MENTIONED = 65;

/**
 * Reads a manifest: JSON with comments and trailing commas, in either vocabulary. All mistakes are
 * returned together. `mentioned` are the blobs it names as far as they can be told, also of a manifest
 * that is wrong: those disks are spoken for.
 */
export function readManifest(text: string, context: ManifestContext): ManifestReading {
  const find = createPositionFinder(text);
  const breach = findLimitBreach(text);
  if (breach !== null) {
    const { message, offset } = breach;
    return { ok: false, problems: [{ path: [], message, ...find(offset) }], mentioned: [] };
  }
  const errors: ParseError[] = [];
  const options = { allowTrailingComma: true, disallowComments: false };
  const root = parseTree(plainSpaces(text), errors, options);
  const value: unknown = root === undefined ? undefined : getNodeValue(root);
  const mentioned = listMentioned(value, context.locator);
  // A missing comma leaves no doubt about the rest; after any other syntax error the rest is a guess.
  const doubt = errors.findIndex((error) => !isHarmless(error));
  const syntax = (doubt < 0 ? errors : errors.slice(0, doubt + 1)).map((error) =>
    explainSyntax(error, find),
  );
  if (root === undefined || doubt >= 0) return { ok: false, problems: syntax, mentioned };
  const { request, inspect, findings } = check(root, value, context);
  if (request !== null && syntax.length === 0) return { ok: true, request, inspect, mentioned };
  const located = findings
    .slice(0, MAX_PROBLEMS)
    .map((finding) => locateFinding(root, finding, find));
  return { ok: false, problems: inTextOrder([...syntax, ...located]), mentioned };
}

function check(
  root: Node,
  value: unknown,
  context: ManifestContext,
): { request: ImageDraft | null; inspect: InspectMode; findings: Finding[] } {
  const shape = checkShape(value);
  const broken = [...checkTree(root), ...MANIFEST_RULES.flatMap((rule) => rule.check(value))];
  const sound = broken.length === 0 ? shape.manifest : null;
  const { request, findings } = completeRequest(value, sound, context);
  const inspect = sound?.inspect ?? "enforce";
  return { request, inspect, findings: [...shape.findings, ...broken, ...findings] };
}

function inTextOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Blobs of the own account under any `blobUri` of the manifest's disks. */
function listMentioned(value: unknown, locator: BlobLocator): BlobRef[] {
  const profile = ["properties", "storageProfile"];
  const dataDisks = valueAt(value, [...profile, "dataDisks"]);
  const disks = [
    valueAt(value, [...profile, "osDisk"]),
    ...(Array.isArray(dataDisks) ? dataDisks : []),
  ].slice(0, MAX_MENTIONED);
  return disks.flatMap((disk) => {
    const uri = valueAt(disk, ["blobUri"]);
    const located = typeof uri === "string" ? locator.locate(uri) : null;
    return located?.kind === "own" ? [located.ref] : [];
  });
}
