import { type Architecture, type Generation, OS_TYPES, type OsType } from "../../vocabulary.ts";
import type { Confidence } from "../finding.ts";
import { type Evidence, lowerConfidence } from "./evidence.ts";
import { excludeGenerations, GENERATION_RULES, judgeStarts } from "./generation-rules.ts";
import { OS_TYPE_RULES } from "./os-type-rules.ts";

/** A value, how sure it is, and why. */
export interface Conclusion<Value> {
  readonly value: Value | null;
  readonly confidence: Confidence;
  readonly reason: string;
  /** Values that the disk certainly does not have. */
  readonly excluded: readonly Exclude<Value, "both">[];
}

/** The generation by the first rule that holds; a table whose checksums are wrong proves nothing. */
export function concludeGeneration(evidence: Evidence): Conclusion<Generation | "both"> {
  const starts = judgeStarts(evidence);
  const rule = GENERATION_RULES.find(({ holds }) => holds(starts));
  if (rule === undefined) throw new TypeError("the last rule of generations holds always");
  return {
    value: rule.generation,
    confidence: evidence.isVerified ? rule.confidence : "low",
    reason: rule.reason(starts),
    excluded: excludeGenerations(starts),
  };
}

/** The system by the first rule that holds; what is not understood may contradict, so it is not certain. */
export function concludeOsType(evidence: Evidence): Conclusion<OsType> {
  const rule = OS_TYPE_RULES.find(({ holds }) => holds(evidence));
  if (rule === undefined) throw new TypeError("the last rule of systems holds always");
  const ceiling = evidence.isVerified ? (evidence.unknownCount > 0 ? "medium" : "high") : "low";
  const confidence = lowerConfidence(rule.confidence, ceiling);
  return {
    value: rule.osType,
    confidence,
    reason: rule.reason(evidence),
    excluded: excludeSystems(evidence, confidence === "high" ? rule.osType : null),
  };
}

/** The systems that the disk certainly does not hold. */
function excludeSystems(evidence: Evidence, certain: OsType | null): readonly OsType[] {
  if (certain !== null) return certain === "Windows" ? ["Linux"] : ["Windows"];
  const { foreign, windows, linux, bsd, unknownCount, isVerified } = evidence;
  const isForeign = foreign.length > 0 && unknownCount === 0 && isVerified;
  const hasOthers = windows.length + linux.length + bsd.length > 0;
  return isForeign && !hasOthers ? OS_TYPES : [];
}

/** The processor by partition types, loaders and boot code; null when they do not say, or differ. */
export function concludeArchitecture(evidence: Evidence): {
  readonly value: Architecture | null;
  readonly reason: string | null;
} {
  const { architectures, efiMachines, bootCode } = evidence;
  const loaders = efiMachines.filter((machine) => machine !== "x86");
  const [byLoader, ...otherLoaders] = loaders;
  if (byLoader !== undefined && otherLoaders.length === 0) {
    return { value: byLoader, reason: `${byLoader}: name of the loader in \\EFI\\BOOT` };
  }
  const [byType, ...otherTypes] = architectures;
  if (byType !== undefined && otherTypes.length === 0) {
    return { value: byType, reason: `${byType}: type of a partition` };
  }
  const isBios = evidence.table !== "none" && bootCode !== "none" && bootCode !== "other";
  return isBios
    ? { value: "x64", reason: `x64: boot code for a BIOS (${bootCode})` }
    : { value: null, reason: null };
}
