import { ServiceError } from "../../shared/errors.ts";
import type {
  AccountFacts,
  DefinitionFacts,
  FoundVersion,
  GalleryService,
  ImageFacts,
} from "../../shared/gallery-ports.ts";
import {
  definitionId,
  type GalleryRequest,
  versionId,
} from "../../shared/image/gallery-request.ts";
import type { OperationStatus } from "../../shared/ports.ts";
import { serviceError } from "./image-service.ts";

/** So many looks at a version find it still being made. */
const LOOKS_UNTIL_DONE = 4;

/** A version as the fake keeps it. */
export interface FakeVersion {
  state: FoundVersion["state"];
  readonly body: Readonly<Record<string, unknown>>;
  looks: number;
  /** Regions, by name, that will not get it. */
  readonly failing: readonly string[];
  /** What becomes of it. */
  readonly endsAs: "succeeded" | "failed";
}

type Reaction<T> = T | ServiceError;

/** Galleries in memory. They keep what was requested, and answer as the test has set them up. */
export interface FakeGalleryService extends GalleryService {
  readonly puts: { readonly id: string; readonly body: Record<string, unknown> }[];
  readonly definitionPuts: { readonly id: string; readonly body: unknown }[];
  readonly deletes: string[];
  /** By resource id in lower case. */
  readonly versions: Map<string, FakeVersion>;
  readonly definitions: Map<string, DefinitionFacts>;
  readonly accounts: Map<string, AccountFacts>;
  readonly sources: Map<string, ImageFacts>;
  /** Answers to the next calls, in order; after them all goes well. */
  readonly nextPuts: Reaction<"accept" | "acceptThenDrop" | "rival" | "overwrite">[];
  readonly nextPolls: Reaction<OperationStatus>[];
  /** Regions that the next version does not get to. */
  nextFailing: readonly string[];
  /** What becomes of the next versions, in order; after them they succeed. */
  readonly nextEnds: FakeVersion["endsAs"][];
  /** Adds a version that somebody else has published. */
  publish(id: string, body?: object, state?: FakeVersion["state"]): void;
}

/** A service with the given definition, ready for a Linux disk of generation 1. */
export function createFakeGalleryService(
  definition = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/galleries-rg/providers/Microsoft.Compute/galleries/images/images/ubuntu",
): FakeGalleryService {
  const puts: FakeGalleryService["puts"] = [];
  const definitionPuts: FakeGalleryService["definitionPuts"] = [];
  const deletes: string[] = [];
  const versions: FakeGalleryService["versions"] = new Map();
  const definitions: FakeGalleryService["definitions"] = new Map();
  const accounts: FakeGalleryService["accounts"] = new Map();
  const sources: FakeGalleryService["sources"] = new Map();
  const nextPuts: FakeGalleryService["nextPuts"] = [];
  const nextPolls: FakeGalleryService["nextPolls"] = [];
  definitions.set(definition.toLowerCase(), makeDefinition({ id: definition }));
  accounts.set("own", { id: accountId("own"), location: "westeurope" });
  const keyOf = (gallery: GalleryRequest, version: string): string =>
    versionId(gallery, version).toLowerCase();
  const look = (key: string): FakeVersion | undefined => {
    const version = versions.get(key);
    if (version === undefined) return undefined;
    version.looks += 1;
    if (version.state === "deleting") versions.delete(key);
    else if (version.state === "working" && version.looks >= LOOKS_UNTIL_DONE) {
      version.state = version.endsAs;
    }
    return version;
  };
  const service: FakeGalleryService = {
    puts,
    definitionPuts,
    deletes,
    versions,
    definitions,
    accounts,
    sources,
    nextPuts,
    nextPolls,
    nextFailing: [],
    nextEnds: [],
    publish(id, body = { tags: {}, properties: {} }, state = "succeeded") {
      versions.set(id.toLowerCase(), {
        state,
        body: { ...body },
        looks: 9,
        failing: [],
        endsAs: "succeeded",
      });
    },
    async findDefinition(gallery) {
      return definitions.get(definitionId(gallery).toLowerCase()) ?? null;
    },
    async createDefinition(gallery, body) {
      const id = definitionId(gallery);
      definitionPuts.push({ id, body });
      const { properties } = body as { properties: Record<string, never> };
      const features = properties.features as unknown as { name: string; value: string }[];
      const security = features.find(({ name }) => name === "SecurityType");
      definitions.set(
        id.toLowerCase(),
        makeDefinition({ id, ...properties, securityType: security?.value ?? "" }),
      );
    },
    async listVersions(gallery) {
      const prefix = `${definitionId(gallery).toLowerCase()}/versions/`;
      return [...versions.keys()].flatMap((key) =>
        key.startsWith(prefix) ? [key.slice(prefix.length)] : [],
      );
    },
    async findVersion(gallery, version) {
      const found = look(keyOf(gallery, version));
      return found === undefined ? null : view(versionId(gallery, version), found);
    },
    async createVersion(gallery, version, body) {
      const id = versionId(gallery, version);
      const key = id.toLowerCase();
      const reaction = nextPuts.shift() ?? "accept";
      if (reaction instanceof ServiceError) throw reaction;
      if (reaction === "rival") {
        service.publish(id);
        throw serviceError({ status: 409, code: "PropertyChangeNotAllowed" });
      }
      const isNew = !versions.has(key) && reaction !== "overwrite";
      const own = body as Record<string, unknown>;
      puts.push({ id, body: own });
      versions.set(key, {
        state: "working",
        body: own,
        looks: 0,
        failing: service.nextFailing,
        endsAs: service.nextEnds.shift() ?? "succeeded",
      });
      service.nextFailing = [];
      if (reaction === "acceptThenDrop") throw serviceError({ status: null, code: "ECONNRESET" });
      return { operationUrl: `https://arm.test/operations/${puts.length}`, isNew };
    },
    async deleteVersion(gallery, version) {
      const key = keyOf(gallery, version);
      deletes.push(key);
      const found = versions.get(key);
      if (found !== undefined) found.state = "deleting";
    },
    async poll(gallery) {
      const prefix = `${definitionId(gallery).toLowerCase()}/versions/`;
      const last = [...versions].findLast(([key]) => key.startsWith(prefix))?.[1];
      const { parts } = serviceError({ status: 200, code: "InternalOperationError" });
      const usual: OperationStatus =
        last?.endsAs === "failed" ? { status: "failed", error: parts } : { status: "succeeded" };
      const reaction = nextPolls.shift() ?? usual;
      if (reaction instanceof ServiceError) throw reaction;
      if (last?.state === "working" && reaction.status !== "running") {
        const state = reaction.status === "gone" ? "working" : reaction.status;
        last.state = state;
      }
      return reaction;
    },
    async findAccount(_, name) {
      return accounts.get(name) ?? null;
    },
    async readSource({ id }) {
      return sources.get(id.toLowerCase()) ?? null;
    },
  };
  return service;
}

function view(id: string, version: FakeVersion): FoundVersion {
  const { state, body, failing, looks } = version;
  const properties = (body.properties ?? {}) as Record<string, Record<string, unknown>>;
  const targets = (properties.publishingProfile?.targetRegions ?? [{ name: "westeurope" }]) as {
    name: string;
  }[];
  const isMade = state === "succeeded";
  const regions = targets.map(({ name }) => {
    const isFailed = isMade && failing.includes(name);
    return {
      region: name,
      state: isFailed ? "Failed" : isMade ? "Completed" : "Replicating",
      progress: isMade && !isFailed ? 100 : Math.min(99, looks * 20),
      details: isFailed ? "there is no capacity" : "",
    };
  });
  const aggregatedState = isMade ? (failing.length > 0 ? "Failed" : "Completed") : "InProgress";
  const tags = (body.tags ?? {}) as Record<string, string>;
  return { id, state, tags, replication: { aggregatedState, regions }, body };
}

/** Resource id of a storage account. */
export function accountId(name: string): string {
  return `/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/storage-rg/providers/Microsoft.Storage/storageAccounts/${name}`;
}

/** A definition for generalized Linux disks of generation 1. */
export function makeDefinition(facts: Partial<DefinitionFacts> = {}): DefinitionFacts {
  return {
    id: "/subscriptions/s/definition",
    state: "succeeded",
    osType: "Linux",
    osState: "Generalized",
    hyperVGeneration: "V1",
    architecture: "x64",
    securityType: "Standard",
    ...facts,
  };
}
