import type { DiskFinding } from "../disk/finding.ts";
import type { Generation, OsType } from "../vocabulary.ts";
import { decideProperty, type InspectMode, type PropertyDecision } from "./decide-property.ts";

/** What a source shows about its operating system, whether it was read as a disk or described by the API. */
export type SystemFinding = Pick<DiskFinding, "osType" | "hyperVGeneration" | "certainty"> & {
  /** Absent where nothing is known to be impossible. */
  readonly excluded?: DiskFinding["excluded"] | undefined;
};

/** What is requested, and its default. */
export interface OsDiskQuestion {
  /** By manifest or metadata; null where they do not say. */
  readonly given: { readonly osType: OsType | null; readonly hyperVGeneration: Generation | null };
  /** By settings; null for none. */
  readonly fallback: {
    readonly osType: OsType | null;
    readonly hyperVGeneration: Generation | null;
  };
  readonly mode: InspectMode;
  /** Full sentences: what a user sets where nothing decides. */
  readonly howToSet: { readonly osType: string; readonly hyperVGeneration: string };
}

/** The two properties that an image takes from its OS disk. */
export interface OsDiskDecision {
  readonly osType: PropertyDecision<OsType>;
  readonly hyperVGeneration: PropertyDecision<Generation>;
}

/**
 * Decides what an OS disk is created as. `finding` is null for a disk that cannot be read (another
 * account's blob): then only what is given and the settings count.
 */
export function decideOsDisk(
  finding: SystemFinding | null,
  { given, fallback, mode, howToSet }: OsDiskQuestion,
): OsDiskDecision {
  const unseen = { confidence: "low", reason: "the disk was not inspected" } as const;
  const certainty = finding?.certainty ?? { osType: unseen, hyperVGeneration: unseen };
  const ask = <Property extends "osType" | "hyperVGeneration">(property: Property) => ({
    property,
    confidence: certainty[property].confidence,
    seen: certainty[property].reason,
    howToSet: howToSet[property],
    mode,
  });
  return {
    osType: decideProperty<OsType>({
      ...ask("osType"),
      given: given.osType,
      detected: finding?.osType ?? null,
      excluded: finding?.excluded?.osType ?? [],
      fallback: fallback.osType,
    }),
    hyperVGeneration: decideProperty<Generation>({
      ...ask("hyperVGeneration"),
      given: given.hyperVGeneration,
      detected: finding?.hyperVGeneration ?? null,
      excluded: finding?.excluded?.hyperVGeneration ?? [],
      fallback: fallback.hyperVGeneration,
    }),
  };
}
