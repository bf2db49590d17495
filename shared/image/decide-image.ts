import { type ErrorDetail, type Failure, failure } from "../errors.ts";
import { decideOsDisk, type OsDiskQuestion, type SystemFinding } from "./decide-os-disk.ts";
import type { InspectMode, PropertyDecision } from "./decide-property.ts";
import type { ImageDefaults } from "./defaults.ts";
import type { ImageDecision, ImageDraft, ImageRequest } from "./image-request.ts";

/** What there is to decide an image's system and generation by. */
export interface ImageQuestion {
  readonly given: OsDiskQuestion["given"];
  /** Whether the source is a whole virtual machine. */
  readonly isMachine: boolean;
  /** What the OS disk or the machine was found to be; null when it could not be read. */
  readonly finding: SystemFinding | null;
  readonly mode: InspectMode;
  readonly defaults: ImageDefaults;
  readonly howToSet: OsDiskQuestion["howToSet"];
}

/** A property that cannot be decided. */
export interface Undecided {
  readonly kind: "mismatch" | "missing";
  readonly property: "osType" | "hyperVGeneration";
  /** A clause without a full stop. */
  readonly message: string;
  readonly fix: string;
}

export interface ImageAnswer {
  readonly decided: ImageDecision;
  readonly undecided: readonly Undecided[];
  readonly warnings: readonly string[];
}

/**
 * Decides what an image is created as: what was requested, then what the OS disk certainly is, then the
 * settings. A virtual machine brings its own system and generation: what is requested is only compared
 * against them, and nothing is filled in.
 */
export function decideImage(question: ImageQuestion): ImageAnswer {
  const { given, isMachine, finding, mode, defaults, howToSet } = question;
  const answer = decideOsDisk(finding, { given, fallback: defaults, mode, howToSet });
  const osType = isMachine ? null : answer.osType;
  const hyperVGeneration =
    isMachine && given.hyperVGeneration === null ? null : answer.hyperVGeneration;
  return {
    decided: { osType: usedValue(osType), hyperVGeneration: usedValue(hyperVGeneration) },
    undecided: [
      ...explainOpen("osType", osType),
      ...explainOpen("hyperVGeneration", hyperVGeneration),
    ],
    warnings: [...warningsOf(osType), ...warningsOf(hyperVGeneration)],
  };
}

/** Null for a property that is not asked about. */
type Answer<Value extends string> = PropertyDecision<Value> | null;

function usedValue<Value extends string>(answer: Answer<Value>): Value | null {
  return answer?.kind === "used" ? answer.value : null;
}

function warningsOf(answer: Answer<string>): readonly string[] {
  return answer?.kind === "used" ? answer.warnings : [];
}

function explainOpen(property: Undecided["property"], answer: Answer<string>): Undecided[] {
  if (answer === null || answer.kind === "used") return [];
  const { kind, message, fix } = answer;
  return [{ kind, property, message, fix }];
}

/** The failure of a request that contradicts its OS disk, or whose operating system nothing shows. */
export function explainUndecided(name: string, undecided: readonly Undecided[]): Failure {
  const mismatches = undecided.filter(({ kind }) => kind === "mismatch");
  const told = mismatches.length > 0 ? mismatches : undecided;
  const code = mismatches.length > 0 ? "DiskMismatch" : "IncompleteRequest";
  const details = told.map(
    ({ property, message }): ErrorDetail => ({ code, message, target: property }),
  );
  return failure({
    code,
    message: `${name}: ${told.map(({ message }) => message).join("; ")}.`,
    fix: told.map(({ fix }) => fix).join(" "),
    target: told[0]?.property ?? null,
    details,
  });
}

/** A request with what has been decided about it so far. */
export function withDecision(request: ImageDraft, decided: ImageDecision | null): ImageDraft {
  const { osDisk } = request;
  const osType = decided?.osType ?? null;
  const hyperVGeneration = decided?.hyperVGeneration ?? null;
  return {
    ...request,
    ...(hyperVGeneration !== null && { hyperVGeneration }),
    ...(osDisk && osType !== null && { osDisk: { ...osDisk, osType } }),
  };
}

/**
 * A request in which nothing is left open, as it is sent to the service.
 * @throws TypeError when the system of its OS disk is still open: a mistake of ours, never of input.
 */
export function finalRequest({ osDisk, ...rest }: ImageDraft): ImageRequest {
  if (osDisk === undefined) return rest;
  const { osType } = osDisk;
  if (osType === undefined) throw new TypeError(`the osType of ${rest.imageName} is not decided`);
  return { ...rest, osDisk: { ...osDisk, osType } };
}
