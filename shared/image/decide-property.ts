import type { Confidence } from "../disk/finding.ts";

/**
 * How strictly a finding is held against a request, the manifest's `inspect`: a contradiction ends the
 * request, is only told, or is not looked for; then nothing is taken from the disk either.
 */
export const INSPECT_MODES = ["enforce", "warn", "off"] as const;
export type InspectMode = (typeof INSPECT_MODES)[number];

export interface PropertyQuestion<Value extends string> {
  /** Name in messages: `hyperVGeneration`, `osType`. */
  readonly property: string;
  /** What manifest or metadata say, null when they do not. */
  readonly given: Value | null;
  /** What the disk says; `both` when every value fits it. */
  readonly detected: Value | "both" | null;
  readonly confidence: Confidence;
  /** Why the disk says so: the finding's sentence, without a full stop. */
  readonly seen: string;
  /** The setting's default, null for none. */
  readonly fallback: Value | null;
  /** What to set, for the case that nothing decides. A full sentence. */
  readonly howToSet: string;
  readonly mode: InspectMode;
}

/** What is used, or why nothing can be. */
export type PropertyDecision<Value extends string> =
  | {
      readonly kind: "used";
      readonly value: Value;
      readonly source: "given" | "detected" | "fallback";
      readonly warnings: readonly string[];
    }
  | {
      /** The request contradicts the disk. */
      readonly kind: "mismatch";
      readonly code: "DiskMismatch";
      /** A clause that stands by itself, no full stop. */
      readonly message: string;
      readonly fix: string;
    }
  | {
      /** Nobody says what it is. */
      readonly kind: "missing";
      readonly message: string;
      readonly fix: string;
    };

/**
 * Who decides about a property: what the user gives wins, then what the disk says with high
 * confidence, then the setting. A user who contradicts what is certain is told so, unless `mode` says
 * that it shall be a warning or nothing.
 */
export function decideProperty<Value extends string>(
  question: PropertyQuestion<Value>,
): PropertyDecision<Value> {
  return question.given === null
    ? decideWithoutUser(question)
    : decideForUser(question, question.given);
}

function decideForUser<Value extends string>(
  { property, detected, confidence, seen, mode }: PropertyQuestion<Value>,
  given: Value,
): PropertyDecision<Value> {
  const used = (warnings: readonly string[]): PropertyDecision<Value> => ({
    kind: "used",
    value: given,
    source: "given",
    warnings,
  });
  const isContradicted = detected !== null && detected !== "both" && detected !== given;
  if (mode === "off" || !isContradicted) return used([]);
  const message = `${seen}; ${property} ${given} asked`;
  if (mode === "warn" || confidence !== "high") return used([message]);
  return {
    kind: "mismatch",
    code: "DiskMismatch",
    message,
    fix: `Ask for ${property} ${detected}, or leave it out; with "inspect": "warn" in the manifest it is done as asked.`,
  };
}

function decideWithoutUser<Value extends string>({
  property,
  detected,
  confidence,
  seen,
  fallback,
  howToSet,
  mode,
}: PropertyQuestion<Value>): PropertyDecision<Value> {
  const found = mode === "off" || detected === "both" ? null : detected;
  if (found !== null && confidence === "high") {
    return { kind: "used", value: found, source: "detected", warnings: [] };
  }
  if (fallback !== null) {
    const isContradicted = found !== null && found !== fallback;
    const warnings = isContradicted
      ? [`${seen}; ${property} ${fallback} is used, the default, because that is not certain`]
      : [];
    return { kind: "used", value: fallback, source: "fallback", warnings };
  }
  const message =
    mode === "off"
      ? `${property} is not given, and the disk was not to be inspected`
      : `${property} is not given, and the disk does not tell it for certain (${seen})`;
  return { kind: "missing", message, fix: howToSet };
}
