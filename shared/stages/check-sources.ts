import type { Certainty } from "../disk/finding.ts";
import { type ErrorDetail, type Failure, failure, ServiceError } from "../errors.ts";
import type { SystemFinding } from "../image/decide-os-disk.ts";
import { type ImageDraft, wantsManagedImage } from "../image/image-request.ts";
import { foldCase } from "../image/resource-id.ts";
import {
  listResourceSources,
  type ResourceSource,
  SOURCE_KINDS,
  type SourcesOfImage,
} from "../image/resource-sources.ts";
import type { SourceFacts, SourceService } from "../ports.ts";
import { SOURCE_RULES, SOURCE_WARNINGS, type SourceCase } from "./source-rules.ts";

/** What came of one look at all sources that are not blobs. */
export interface SourcesCheck {
  /** Why no image can be made from them, all reasons at once; null when nothing speaks against it. */
  readonly failure: Failure | null;
  /** Full sentences, each with the id of its source. */
  readonly warnings: readonly string[];
  /** Of the virtual machine or the OS disk; null where that is a blob, or could not be read. */
  readonly finding: SystemFinding | null;
}

/** What is wrong with a source, and what to do about it. */
interface Problem extends ErrorDetail {
  readonly fix: string;
}

/** One source after the look at it. */
interface Look {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  readonly finding: SystemFinding | null;
}

/**
 * Reads every source that is not a blob, all at the same time, and says whether an image can be made
 * from them. One that the app may not read is a warning: the service, which is asked next, may have
 * the right that the app lacks. Without such sources nothing is asked.
 * @throws ServiceError for every other error of the service.
 */
export async function checkSources(
  request: SourcesOfImage & Pick<ImageDraft, "location" | "managedImage" | "gallery">,
  { sources }: { readonly sources: SourceService },
): Promise<SourcesCheck> {
  const read = readOnce(sources);
  const makesImage = wantsManagedImage(request);
  const location = makesImage ? request.location : (request.gallery?.location ?? request.location);
  const looks = await Promise.all(
    listResourceSources(request).map((source) => lookAt({ source, location, makesImage }, read)),
  );
  return {
    failure: toFailure(looks.flatMap(({ problems }) => problems)),
    warnings: [...new Set(looks.flatMap(({ warnings }) => warnings))],
    finding: looks.find(({ finding }) => finding !== null)?.finding ?? null,
  };
}

async function lookAt(
  wanted: Omit<SourceCase, "facts">,
  read: SourceService["read"],
): Promise<Look> {
  const { source } = wanted;
  const name = nameOf(source);
  let facts: SourceFacts | null;
  try {
    facts = await read(source);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.parts.status !== 403) throw error;
    return { problems: [], warnings: [`${name} ${lackedRight(source)}.`], finding: null };
  }
  if (facts === null) return { problems: [describeMissing(source)], warnings: [], finding: null };
  const found = { ...wanted, facts };
  return {
    problems: SOURCE_RULES.flatMap(({ code, problem, fix }) => {
      const text = problem(found);
      const message = `${name} ${text}.`;
      return text === null ? [] : [{ code, message, target: source.path, fix: fix(found) }];
    }),
    warnings: SOURCE_WARNINGS.filter(({ holds }) => holds(found)).map(
      ({ text }) => `${name} ${text(found)}.`,
    ),
    finding: source.role === "os" ? toFinding(source, facts) : null,
  };
}

/** A source that several disks name is read once. */
function readOnce(sources: SourceService): SourceService["read"] {
  const reads = new Map<string, ReturnType<SourceService["read"]>>();
  return (source) => {
    const key = foldCase(source.id);
    const reading = reads.get(key) ?? sources.read(source);
    reads.set(key, reading);
    return reading;
  };
}

function toFailure(problems: readonly Problem[]): Failure | null {
  const [first] = problems;
  if (first === undefined) return null;
  return failure({
    code: first.code,
    message: [...new Set(problems.map(({ message }) => message))].join(" "),
    fix: [...new Set(problems.map(({ fix }) => fix))].join(" "),
    target: first.target,
    details: problems.map(({ code, message, target }) => ({ code, message, target })),
  });
}

/** What the service answers to the PUT has this code too. */
function describeMissing(source: ResourceSource): Problem {
  return {
    code: "NotFound",
    message: `${nameOf(source)} does not exist.`,
    target: source.path,
    fix: `Correct '${source.path}.id', or create what it names, and upload the manifest again.`,
  };
}

function lackedRight({ kind }: ResourceSource): string {
  return `could not be checked: the app's identity lacks the right Microsoft.Compute/${SOURCE_KINDS[kind].type}/read on it`;
}

/** A resource's own word counts as certain: the service holds the image against it. */
function toFinding(
  { kind }: ResourceSource,
  { osType, hyperVGeneration }: SourceFacts,
): SystemFinding {
  const { noun } = SOURCE_KINDS[kind];
  const certainty = (property: string, value: string | null): Certainty =>
    value === null
      ? { confidence: "low", reason: `the ${noun} does not show its ${property}` }
      : { confidence: "high", reason: `the ${noun} has the ${property} ${value}` };
  return {
    osType,
    hyperVGeneration,
    certainty: {
      osType: certainty("osType", osType),
      hyperVGeneration: certainty("hyperVGeneration", hyperVGeneration),
    },
  };
}

/** Begins a sentence. */
function nameOf({ kind, id }: ResourceSource): string {
  return `The ${SOURCE_KINDS[kind].noun} ${id}`;
}
