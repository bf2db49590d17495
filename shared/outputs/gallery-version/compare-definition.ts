import type { ErrorDetail } from "../../errors.ts";
import type { DefinitionFacts, ImageFacts } from "../../gallery-ports.ts";
import type { ImageDraft } from "../../image/image-request.ts";
import type { SourceFacts } from "../../ports.ts";
import type { Inspection } from "../../record/inspection.ts";
import type { DiskProgress } from "../../record/record.ts";
import { findIllegalSource, sourceOf } from "./legal-sources.ts";

/** What is known of a version's sources. */
export interface KnownSources {
  /** As the manifest or the metadata ask, nothing filled in by the app. */
  readonly asked: ImageDraft;
  readonly disks: readonly DiskProgress[];
  /** Of a source that is not a blob; null for a blob, and where it could not be read. */
  readonly facts: SourceFacts | ImageFacts | null;
  /** Of all sources that are not blobs, as far as they could be read. */
  readonly sizes: readonly SourceSize[];
}

/** A source by its id, and its size. */
export interface SourceSize {
  readonly id: string;
  readonly gib: number;
}

/** Azure's limits for the size of a disk, in GiB. */
const MAX_GIB = { Full: 2_048, Shallow: 32_767 } as const;
const GIBIBYTE = 2 ** 30;

/** One side of a contradiction. `certain`: it holds whatever `inspect` says. */
interface Statement {
  readonly property: "osType" | "osState" | "hyperVGeneration" | "architecture";
  readonly value: string;
  readonly text: string;
  readonly certain: boolean;
}

/** What speaks against publishing these sources under a definition. */
export interface DefinitionVerdict {
  /** Both sides named, as sentences. */
  readonly contradictions: readonly ErrorDetail[];
  /** The same for what only the content of a disk says, which `inspect` may turn into a warning. */
  readonly doubts: readonly ErrorDetail[];
}

/** Compares what the sources are known to be with what the definition says. Unknown contradicts nothing. */
export function compareDefinition(
  definition: DefinitionFacts,
  sources: KnownSources,
): DefinitionVerdict {
  const statements = [
    ...statementsOfRequest(sources.asked),
    ...statementsOfDisk(sources.disks),
    ...statementsOfFacts(sources.facts, sources.asked),
  ];
  const broken = statements.flatMap((statement) => {
    const own =
      definition[statement.property] ?? (statement.property === "architecture" ? "x64" : null);
    if (own === null || own.toLowerCase() === statement.value.toLowerCase()) return [];
    const message = `${statement.text}, but the definition ${definition.id} has the ${statement.property} ${own}.`;
    const detail = { code: "DefinitionMismatch", message, target: statement.property };
    return [{ detail, certain: statement.certain }];
  });
  const illegal = findIllegalSource(sourceOf(sources.asked), definition.securityType);
  return {
    contradictions: [
      ...broken.filter(({ certain }) => certain).map(({ detail }) => detail),
      ...(illegal === null
        ? []
        : [
            {
              code: "DefinitionMismatch",
              message: `${capitalize(illegal)}`,
              target: "SecurityType",
            },
          ]),
    ],
    doubts: broken.filter(({ certain }) => !certain).map(({ detail }) => detail),
  };
}

/** The disks that are too large for the version's replication mode. */
export function findTooLarge({
  asked,
  disks,
  sizes,
}: Pick<KnownSources, "asked" | "disks" | "sizes">): readonly ErrorDetail[] {
  const mode = asked.gallery?.publishingProfile.replicationMode ?? "Full";
  const blobs = disks.flatMap(({ ref, inspection }) =>
    ref === null ? [] : [{ id: ref.name, gib: (inspection?.virtualSize ?? 0) / GIBIBYTE }],
  );
  return [...blobs, ...sizes]
    .filter(({ gib }) => gib > MAX_GIB[mode])
    .map(({ id, gib }) => {
      const message = `${id} has ${Math.ceil(gib)} GiB; a version with replicationMode ${mode} has disks of at most ${MAX_GIB[mode]} GiB${mode === "Full" ? ", one with Shallow of 32767 GiB" : ""}.`;
      return { code: "GallerySourceResourceExceedsMaxSize", message, target: id };
    });
}

function statementsOfRequest({ osDisk, hyperVGeneration }: ImageDraft): Statement[] {
  const say = (property: Statement["property"], value: string | undefined): Statement[] =>
    value === undefined
      ? []
      : [{ property, value, text: `The request has the ${property} ${value}`, certain: true }];
  return [
    ...say("osType", osDisk?.osType),
    ...say("osState", osDisk?.osState),
    ...say("hyperVGeneration", hyperVGeneration),
  ];
}

function statementsOfDisk(disks: readonly DiskProgress[]): Statement[] {
  const disk = disks.find(({ role }) => role === "os");
  if (!disk?.ref || disk.inspection === null) return [];
  const { osType, hyperVGeneration, architecture } = disk.inspection;
  const name = disk.ref.name;
  const say = (property: Statement["property"], value: string | null): Statement[] =>
    value === null || value === "both"
      ? []
      : [{ property, value, text: `${name} has the ${property} ${value}`, certain: false }];
  return [
    ...(isSure(disk.inspection, "osType") ? say("osType", osType) : []),
    ...(isSure(disk.inspection, "hyperVGeneration")
      ? say("hyperVGeneration", hyperVGeneration)
      : []),
    ...say("architecture", architecture),
  ];
}

function isSure(inspection: Inspection, property: "osType" | "hyperVGeneration"): boolean {
  return inspection.certainty[property].confidence === "high";
}

function statementsOfFacts(facts: KnownSources["facts"], asked: ImageDraft): Statement[] {
  if (facts === null) return [];
  const say = (property: Statement["property"], value: string | null): Statement[] =>
    value === null
      ? []
      : [{ property, value, text: `The source has the ${property} ${value}`, certain: true }];
  const osState = "osState" in facts ? facts.osState : stateOfMachine(facts);
  return [
    ...say("osType", facts.osType),
    ...say("hyperVGeneration", facts.hyperVGeneration),
    ...say("architecture", facts.architecture),
    ...(asked.osDisk ? [] : say("osState", osState)),
  ];
}

function stateOfMachine({ machine }: SourceFacts): string | null {
  if (machine === null || machine.isGeneralized === null) return null;
  return machine.isGeneralized ? "Generalized" : "Specialized";
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
