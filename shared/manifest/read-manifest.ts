import { getNodeValue, type ParseError, parseTree } from "jsonc-parser";
import type { InspectMode } from "../image/decide-property.ts";
import type { BlobRef, ImageDraft } from "../image/image-request.ts";
import type { ConvertMode } from "../vocabulary.ts";
import type { ManifestContext } from "./complete-request.ts";
import { completeRequest } from "./complete-request.ts";
import { findLimitBreach } from "./limits.ts";
import { blobsOf, findMentions } from "./mentions.ts";
import { createPositionFinder } from "./position.ts";
import { type Finding, locateFinding, type Problem, valueAt } from "./problem.ts";
import { type Pruned, prune } from "./prune.ts";
import { checkName, describeDropped } from "./read-only.ts";
import { MANIFEST_RULES } from "./rules.ts";
import { checkShape } from "./shape.ts";
import { identifyStranger } from "./strangers.ts";
import { explainSyntax, isHarmless, plainSpaces } from "./syntax.ts";
import { checkTree } from "./tree.ts";

/** A request, or every problem in the order of the text. */
export type ManifestReading =
  | {
      readonly ok: true;
      readonly request: ImageDraft;
      /** How strictly the content of the disks is compared with the request. */
      readonly inspect: InspectMode;
      /** Whether its disks may be converted; null when it does not say. */
      readonly convert: ConvertMode | null;
      /** What its author should know though it is right. */
      readonly warnings: readonly string[];
      readonly mentioned: readonly BlobRef[];
    }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      readonly mentioned: readonly BlobRef[];
    };

/** Mistakes that are looked up in the text; who has more corrects these first. */
const MAX_PROBLEMS = 200;

/**
 * Reads a manifest: JSON with comments and trailing commas, in either vocabulary. All mistakes are
 * returned together. `mentioned` are the blobs it speaks for, each also as it is probably meant: of a
 * manifest that is right those of its disks, of any other one all that its text can be seen to name.
 */
export function readManifest(text: string, context: ManifestContext): ManifestReading {
  const find = createPositionFinder(text);
  const breach = findLimitBreach(text);
  if (breach !== null) {
    const { message, offset } = breach;
    const problems = [{ path: [], message, ...find(offset) }];
    return { ok: false, problems, mentioned: findMentions(text, undefined, context) };
  }
  const errors: ParseError[] = [];
  const options = { allowTrailingComma: true, disallowComments: false };
  const written = parseTree(plainSpaces(text), errors, options);
  const { root, dropped } = written === undefined ? NOTHING : prune(written);
  const value: unknown = root === undefined ? undefined : getNodeValue(root);
  const refuse = (problems: readonly Problem[]): ManifestReading => ({
    ok: false,
    problems,
    mentioned: findMentions(text, written, context),
  });
  // A missing comma leaves no doubt about the rest; after any other syntax error the rest is a guess.
  const doubt = errors.findIndex((error) => !isHarmless(error));
  const stranger = identifyStranger({ text, value, isJson: doubt < 0 && written !== undefined });
  if (stranger !== null) return refuse([{ path: [], message: stranger, line: 1, column: 1 }]);
  const syntax = (doubt < 0 ? errors : errors.slice(0, doubt + 1)).map((error) =>
    explainSyntax(error, find),
  );
  if (written === undefined || doubt >= 0) return refuse(syntax);
  const slips = [...checkTree(written), ...checkName(written, dropped, context.name)];
  const { request, inspect, convert, findings } = check(slips, value, context);
  if (request !== null && syntax.length === 0) {
    const warnings = dropped.length === 0 ? [] : [describeDropped(dropped)];
    const mentioned = blobUrisOf(value).flatMap((uri) => blobsOf(uri, context));
    return { ok: true, request, inspect, convert, warnings, mentioned };
  }
  const located = (root === undefined ? slips : findings)
    .slice(0, MAX_PROBLEMS)
    .map((finding) =>
      locateFinding(slips.includes(finding) ? written : (root ?? written), finding, find),
    );
  return refuse(inTextOrder([...syntax, ...located]));
}

const NOTHING: Pruned = { root: undefined, dropped: [] };

/** `slips` are mistakes in what is not among the values any more. */
function check(
  slips: readonly Finding[],
  value: unknown,
  context: ManifestContext,
): {
  request: ImageDraft | null;
  inspect: InspectMode;
  convert: ConvertMode | null;
  findings: Finding[];
} {
  const shape = checkShape(value);
  const broken = [...slips, ...MANIFEST_RULES.flatMap((rule) => rule.check(value))];
  const sound = broken.length === 0 ? shape.manifest : null;
  const { request, findings } = completeRequest(value, sound, context);
  const inspect = sound?.inspect ?? "enforce";
  const convert = sound?.convert ?? null;
  return { request, inspect, convert, findings: [...shape.findings, ...broken, ...findings] };
}

function inTextOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Every `blobUri` of the manifest's disks. */
function blobUrisOf(value: unknown): string[] {
  const profile = ["properties", "storageProfile"];
  const dataDisks = valueAt(value, [...profile, "dataDisks"]);
  const disks = [
    valueAt(value, [...profile, "osDisk"]),
    ...(Array.isArray(dataDisks) ? dataDisks : []),
  ];
  return disks.flatMap((disk) => {
    const uri = valueAt(disk, ["blobUri"]);
    return typeof uri === "string" ? [uri] : [];
  });
}
