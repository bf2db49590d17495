import type {
  AccountFacts,
  DefinitionFacts,
  FoundVersion,
  ImageFacts,
  RegionProgress,
  Replication,
} from "../../gallery-ports.ts";
import { isObject } from "../../plain-object.ts";
import { redactUpTo } from "../../redact.ts";
import { ARCHITECTURES, findWord, GENERATIONS, OS_TYPES } from "../../vocabulary.ts";
import { type Document, objectAt, readDocument, sizeOf, wordOf } from "./answer-document.ts";
import type { ArmAnswer } from "./arm-error.ts";
import { toResourceState } from "./image-answers.ts";

/** What ends up in a record is bounded: longer than any word, id or reason of the service. */
const MAX_WORD = 100;
const MAX_ID = 1_024;
const MAX_DETAILS = 500;
const MAX_REGIONS = 200;

/** Values of a definition; those that it does not say are null. */
export function toDefinitionFacts(id: string, answer: ArmAnswer): DefinitionFacts {
  const body = readDocument(answer);
  const properties = objectAt(body, "properties");
  return {
    id,
    state: toDefinitionState(properties.provisioningState),
    osType: textOf(properties.osType),
    osState: textOf(properties.osState),
    hyperVGeneration: textOf(properties.hyperVGeneration),
    architecture: textOf(properties.architecture),
    securityType: findFeature(properties, "SecurityType") ?? "Standard",
  };
}

/** A version with its replication, as far as the answer tells. */
export function toFoundVersion(id: string, answer: ArmAnswer): FoundVersion {
  const body = readDocument(answer);
  const properties = objectAt(body, "properties");
  const tags = Object.entries(objectAt(body, "tags")).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  return {
    id: typeof body.id === "string" && body.id.length <= MAX_ID ? body.id : id,
    state: toState(properties.provisioningState),
    tags: Object.fromEntries(tags),
    replication: toReplication(objectAt(properties, "replicationStatus")),
    body,
  };
}

/** What a managed image, or a version by its definition, says about itself. */
export function toImageFacts(located: Document, described: Document): ImageFacts {
  const properties = objectAt(described, "properties");
  const { osDisk } = objectAt(properties, "storageProfile");
  const { osDiskImage } = objectAt(objectAt(located, "properties"), "storageProfile");
  const system = isObject(osDisk) ? osDisk : properties;
  return {
    location: textOf(located.location),
    osType: oneOf(OS_TYPES, system.osType),
    osState: textOf(system.osState),
    hyperVGeneration: oneOf(GENERATIONS, properties.hyperVGeneration),
    architecture: oneOf(ARCHITECTURES, properties.architecture),
    securityType: findFeature(properties, "SecurityType"),
    sizeGib: sizeOf(system.diskSizeGB) ?? sizeOf(Object(osDiskImage).sizeInGB),
  };
}

/** The storage account of that name on a page of a list. */
export function toAccount(page: Document, name: string): AccountFacts | null {
  const found = itemsOf(page).find((item) => wordOf(item.name) === name);
  if (found === undefined || typeof found.id !== "string" || found.id.length > MAX_ID) return null;
  return { id: found.id, location: textOf(found.location) };
}

/** The names on a page of a list. */
export function readNames(page: Document): readonly string[] {
  return itemsOf(page).flatMap(({ name }) => textOf(name) ?? []);
}

/** Where a list goes on; null on its last page. */
export function readNextLink({ nextLink }: Document): string | null {
  return typeof nextLink === "string" && nextLink !== "" ? nextLink : null;
}

function itemsOf({ value }: Document): readonly Document[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The service's words for how a version stands: those of every resource, and its deletion. */
function toState(state: unknown): FoundVersion["state"] {
  return wordOf(state) === "deleting" ? "deleting" : toResourceState(state);
}

/** A creation that was canceled has made nothing either. */
function toDefinitionState(state: unknown): DefinitionFacts["state"] {
  if (wordOf(state) === null) return "succeeded";
  const known = toResourceState(state);
  return known === "canceled" ? "failed" : known;
}

function toReplication({ aggregatedState, summary }: Document): Replication {
  const regions = Array.isArray(summary) ? summary.filter(isObject).slice(0, MAX_REGIONS) : [];
  return {
    aggregatedState: textOf(aggregatedState) ?? "Unknown",
    regions: regions.map(toRegion),
  };
}

function toRegion({ region, state, progress, details }: Document): RegionProgress {
  const percent = typeof progress === "number" && Number.isFinite(progress) ? progress : 0;
  return {
    region: textOf(region) ?? "",
    state: textOf(state) ?? "Unknown",
    progress: Math.round(Math.min(100, Math.max(0, percent))),
    details: typeof details === "string" ? redactUpTo(details, MAX_DETAILS) : "",
  };
}

function findFeature({ features }: Document, wanted: string): string | null {
  const list = Array.isArray(features) ? features.filter(isObject) : [];
  const found = list.find(({ name }) => wordOf(name) === wanted.toLowerCase());
  return found === undefined ? null : textOf(found.value);
}

function oneOf<const W extends string>(words: readonly W[], value: unknown): W | null {
  return (typeof value === "string" && findWord(words, value)) || null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, MAX_WORD) : null;
}
