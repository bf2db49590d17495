import { type Failure, failure, serviceStatusOf } from "../../errors.ts";
import type {
  AccountFacts,
  DefinitionFacts,
  GalleryService,
  ImageFacts,
} from "../../gallery-ports.ts";
import type { GalleryRequest } from "../../image/gallery-request.ts";
import type { ImageDraft } from "../../image/image-request.ts";
import { normalizeRegion } from "../../image/region.ts";
import type { RegionPolicy } from "../../image/region-policy.ts";
import { foldCase, parseStorageAccountId } from "../../image/resource-id.ts";
import { listResourceSources } from "../../image/resource-sources.ts";
import { mayPlaceIn, placeVersion } from "../../image/version-region.ts";
import type { SourceFacts } from "../../ports.ts";
import type { OutputSubject } from "../output-kind.ts";
import { compareDefinition, findTooLarge, type SourceSize } from "./compare-definition.ts";
import { explainMismatch, explainOtherRegion, explainUnknownAccount } from "./failures.ts";
import { type Accounts, listAccounts } from "./version-body.ts";

/** A request with the version that it makes. */
export type VersionRequest = ImageDraft & { readonly gallery: GalleryRequest };

/** What the sources that are not blobs say about themselves. */
export interface ReadSources {
  /** Of the one that the system is taken from; null for a blob, and what may not be read. */
  readonly facts: SourceFacts | ImageFacts | null;
  readonly sizes: readonly SourceSize[];
}

/** Reads every source that is not a blob, each once. */
export async function readSources(
  request: VersionRequest,
  galleries: Pick<GalleryService, "readSource">,
  { sources }: Pick<OutputSubject, "sources">,
): Promise<ReadSources> {
  const { source } = request.gallery;
  // What is public has no owner here whom the app could ask: Azure compares it with the definition.
  if (source?.kind === "communityGalleryImage") return { facts: null, sizes: [] };
  if (source) {
    const facts = await readAllowed(() => galleries.readSource(source));
    return { facts, sizes: toSizes(source.id, facts) };
  }
  const resources = new Map(
    // The system comes first, and a source that several disks name is read once.
    listResourceSources(request)
      .toReversed()
      .map((each) => [foldCase(each.id), each]),
  );
  const read = await Promise.all(
    [...resources.values()].map(async (resource) => {
      const facts = await readAllowed(() => sources.read(resource));
      return { ...resource, facts };
    }),
  );
  return {
    facts: read.find(({ role }) => role === "os")?.facts ?? null,
    sizes: read.flatMap(({ id, facts }) => toSizes(id, facts)),
  };
}

/** Null for what the app may not read: the service, which is asked next, may have that right. */
async function readAllowed<T>(read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (serviceStatusOf(error) === 403) return null;
    throw error;
  }
}

function toSizes(id: string, facts: Pick<SourceFacts, "sizeGib"> | null): SourceSize[] {
  const gib = facts?.sizeGib ?? null;
  return gib === null ? [] : [{ id, gib }];
}

/**
 * Ids of the accounts of a version's blobs, as the manifest says or looked up, and the version in their
 * region: an assumed region gives way to it, one that was requested is compared.
 */
export async function findAccounts(
  request: VersionRequest,
  options: {
    readonly known: Accounts;
    readonly galleries: Pick<GalleryService, "findAccount">;
    readonly regions: RegionPolicy;
  },
): Promise<
  { readonly accounts: Accounts; readonly gallery: GalleryRequest } | { readonly failure: Failure }
> {
  const { known, galleries, regions } = options;
  const accounts: Record<string, string> = { ...known };
  let { gallery } = request;
  for (const name of listAccounts(request)) {
    if (accounts[name] !== undefined) continue;
    const found = await findAccount(request, name, galleries);
    if ("failure" in found) return found;
    const { id, location } = found;
    accounts[name] = id;
    if (location === null) continue;
    const placed = placeVersion(gallery, location);
    const mayMove = gallery.assumedRegion !== undefined && mayPlaceIn(placed, regions);
    if (!mayMove && !isSameRegion(location, gallery.location)) {
      const what = `The storage account '${name}'`;
      return { failure: explainOtherRegion(what, location, gallery.location) };
    }
    gallery = placed;
  }
  return { accounts, gallery };
}

/** The account of that name: the one that the manifest names, or the first that is found. */
async function findAccount(
  { gallery, subscriptionId }: VersionRequest,
  name: string,
  galleries: Pick<GalleryService, "findAccount">,
): Promise<AccountFacts | { readonly failure: Failure }> {
  const { storageAccountId } = gallery;
  const given = storageAccountId ? parseStorageAccountId(storageAccountId) : null;
  if (storageAccountId && given?.name === name) {
    const found = await galleries.findAccount(given.subscriptionId, name);
    return { id: storageAccountId, location: found?.location ?? null };
  }
  const subscriptions = [...new Set([gallery.subscriptionId, subscriptionId])];
  for (const subscription of subscriptions) {
    const found = await galleries.findAccount(subscription, name);
    if (found !== null) return found;
  }
  return { failure: explainUnknownAccount(name, subscriptions) };
}

/** What speaks against the version before Azure is asked, and what a user should know. */
export function judgeVersion(
  definition: DefinitionFacts,
  { facts, sizes }: ReadSources,
  { record, clock }: Pick<OutputSubject, "record" | "clock">,
  asked: VersionRequest,
): { readonly failure: Failure | null; readonly warnings: readonly string[] } {
  const sources = { asked, disks: record.disks, facts, sizes };
  const { contradictions, doubts } = compareDefinition(definition, sources);
  const isEnforced = record.inspect === "enforce";
  const details = [...contradictions, ...(isEnforced ? doubts : [])];
  const warnings = record.inspect === "warn" ? doubts.map(({ message }) => message) : [];
  const failureOf = (): Failure | null => {
    if (details.length > 0) return explainMismatch(definition, details);
    const tooLarge = findTooLarge(sources);
    if (tooLarge.length > 0) return explainTooLarge(tooLarge);
    const where = facts?.location ?? null;
    if (where !== null && !isSameRegion(where, asked.gallery.location)) {
      return explainOtherRegion("The source", where, asked.gallery.location);
    }
    return findPastEnd(asked.gallery, clock());
  };
  return { failure: failureOf(), warnings };
}

function explainTooLarge(details: ReturnType<typeof findTooLarge>): Failure {
  return failure({
    code: "GallerySourceResourceExceedsMaxSize",
    message: details.map(({ message }) => message).join(" "),
    fix: "Set 'gallery.replicationMode' to 'Shallow', or use a smaller disk, and upload again.",
    target: details[0]?.target ?? null,
    details,
  });
}

function findPastEnd({ publishingProfile }: GalleryRequest, now: Date): Failure | null {
  const { endOfLifeDate } = publishingProfile;
  if (endOfLifeDate === undefined || new Date(endOfLifeDate) > now) return null;
  return failure({
    code: "InvalidParameter",
    message: `The end of life of the version, ${endOfLifeDate}, is not in the future.`,
    fix: "Set 'gallery.endOfLifeDate' to a date in the future, or remove it, and upload again.",
    target: "gallery.endOfLifeDate",
  });
}

function isSameRegion(left: string, right: string): boolean {
  return normalizeRegion(left) === normalizeRegion(right);
}
