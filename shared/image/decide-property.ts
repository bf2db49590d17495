import type { Confidence } from "../disk/finding.ts";

/**
 * How strictly a finding is compared with a request, the manifest's `inspect`: a contradiction ends the
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
  /** Values that the disk certainly does not have; all of them: it cannot be what is requested. */
  readonly excluded?: readonly Value[];
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
 * Who decides about a property: what the user gives wins, then what the disk says, then the setting. A
 * default never beats evidence: it is used only where the disk says nothing, or says it with low
 * confidence and could be otherwise. Without a default nothing less than certain is used. A user who contradicts what is certain gets an error, unless `mode` says
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
  const message = `${seen}; ${property} ${given} requested`;
  if (mode === "warn" || confidence !== "high") return used([message]);
  return {
    kind: "mismatch",
    code: "DiskMismatch",
    message,
    fix: `Set ${property} to ${detected}, or leave it out; with "inspect": "warn" in the manifest, the image is created as requested.`,
  };
}

function decideWithoutUser<Value extends string>({
  property,
  detected,
  confidence,
  excluded: impossible = [],
  seen,
  fallback,
  howToSet,
  mode,
}: PropertyQuestion<Value>): PropertyDecision<Value> {
  const excluded = mode === "off" ? [] : impossible;
  const found =
    mode === "off" || detected === "both" || detected === null || excluded.includes(detected)
      ? null
      : detected;
  const standIn = fallback !== null && !excluded.includes(fallback) ? fallback : null;
  const isUsable = confidence === "high" || (confidence === "medium" && fallback !== null);
  if (found !== null && isUsable) {
    const isAgainstDefault = confidence !== "high" && fallback !== found;
    const warnings = isAgainstDefault
      ? [`${seen}; ${property} ${found} is used, not the default ${fallback}`]
      : [];
    return { kind: "used", value: found, source: "detected", warnings };
  }
  if (standIn !== null) {
    const isContradicted = found !== null && found !== standIn;
    const warnings = isContradicted
      ? [`${seen}; the default ${property} ${standIn} is used, because that is not certain`]
      : [];
    return { kind: "used", value: standIn, source: "fallback", warnings };
  }
  return { kind: "missing", message: explainMissing(), fix: howToSet };

  function explainMissing(): string {
    if (mode === "off") return `${property} is not set, and inspection of the disk is off`;
    if (fallback !== null && excluded.includes(fallback)) {
      return `${property} is not set, and the disk rules out the default ${fallback} (${seen})`;
    }
    return `${property} is not set, and cannot be determined from the disk for certain (${seen})`;
  }
}
