import { getNodeValue, type Node, type ParseError, parseTree } from "jsonc-parser";
import type { BlobLocator } from "../request/blob-uri.ts";
import type { BlobRef, ImageRequest } from "../request/image-request.ts";
import type { ImageDefaults } from "../settings.ts";
import { completeRequest } from "./complete-request.ts";
import { type Finding, locateFinding, type Problem, valueAt } from "./problem.ts";
import { MANIFEST_RULES } from "./rules.ts";
import { checkShape } from "./shape.ts";
import { explainSyntax, isHarmless, plainSpaces } from "./syntax.ts";

/** What a manifest is read with. */
export interface ManifestContext {
  /** Blob name of the manifest; its base name is the image's name when none is given. */
  readonly name: string;
  readonly defaults: ImageDefaults;
  readonly locator: BlobLocator;
}

/** A request, or every problem in the order of the text. */
export type ManifestReading =
  | { readonly ok: true; readonly request: ImageRequest; readonly mentioned: readonly BlobRef[] }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      readonly mentioned: readonly BlobRef[];
    };

/**
 * Reads a manifest: JSON with comments and trailing commas, in either vocabulary. All mistakes are
 * returned together. `mentioned` are the blobs it names as far as they can be told, also of a manifest
 * that is wrong: those disks are spoken for.
 */
export function readManifest(text: string, context: ManifestContext): ManifestReading {
  const errors: ParseError[] = [];
  const root = parseTree(plainSpaces(text), errors, {
    allowTrailingComma: true,
    disallowComments: false,
  });
  const syntax = errors.map((error) => explainSyntax(text, error));
  const value: unknown = root === undefined ? undefined : getNodeValue(root);
  const mentioned = listMentioned(value, context.locator);
  // A missing comma leaves no doubt about the rest; after any other syntax error the rest is a guess.
  const isReadable = errors.every(isHarmless);
  if (root === undefined || !isReadable) return { ok: false, problems: syntax, mentioned };
  const { request, findings } = check(value, context);
  if (request !== null && syntax.length === 0) return { ok: true, request, mentioned };
  return {
    ok: false,
    problems: inTextOrder([...syntax, ...locate(text, root, findings)]),
    mentioned,
  };
}

function check(
  value: unknown,
  context: ManifestContext,
): { request: ImageRequest | null; findings: Finding[] } {
  const shape = checkShape(value);
  const broken = MANIFEST_RULES.flatMap((rule) => rule.check(value));
  const sound = broken.length === 0 ? shape.manifest : null;
  const { request, findings } = completeRequest(value, sound, context);
  return { request, findings: [...shape.findings, ...broken, ...findings] };
}

function locate(text: string, root: Node, findings: readonly Finding[]): Problem[] {
  return findings.map((finding) => locateFinding(text, root, finding));
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
  ];
  return disks.flatMap((disk) => {
    const uri = valueAt(disk, ["blobUri"]);
    const located = typeof uri === "string" ? locator.locate(uri) : null;
    return located?.kind === "own" ? [located.ref] : [];
  });
}
