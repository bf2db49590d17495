import { type Failure, failure, ServiceError } from "../../errors.ts";
import type { DefinitionFacts, GalleryService, ImageFacts } from "../../gallery-ports.ts";
import type { GalleryRequest } from "../../image/gallery-request.ts";
import type { ImageDraft } from "../../image/image-request.ts";
import { normalizeRegion } from "../../image/region.ts";
import { parseStorageAccountId } from "../../image/resource-id.ts";
import { listResourceSources } from "../../image/resource-sources.ts";
import type { SourceFacts } from "../../ports.ts";
import type { OutputSubject } from "../output-kind.ts";
import { compareDefinition, findTooLarge } from "./compare-definition.ts";
import { explainMismatch, explainOtherRegion, explainUnknownAccount } from "./failures.ts";
import { type Accounts, listAccounts } from "./version-body.ts";

/** A request with the version that it makes. */
export type VersionRequest = ImageDraft & { readonly gallery: GalleryRequest };

/** What a source that is not a blob says about itself; null for blobs and what may not be read. */
export async function readFacts(
  request: VersionRequest,
  galleries: GalleryService,
  { sources }: Pick<OutputSubject, "sources">,
): Promise<SourceFacts | ImageFacts | null> {
  try {
    const { source } = request.gallery;
    if (source) return await galleries.readSource(source);
    const os = listResourceSources(request).find(({ role }) => role === "os");
    return os === undefined ? null : await sources.read(os);
  } catch (error) {
    // The service, which is asked next, may have the right that the app lacks.
    if (error instanceof ServiceError && error.parts.status === 403) return null;
    throw error;
  }
}

/** Ids of the accounts of a version's blobs: as the manifest says, or looked up. */
export async function findAccounts(
  request: VersionRequest,
  known: Accounts,
  galleries: GalleryService,
): Promise<{ readonly accounts: Accounts } | { readonly failure: Failure }> {
  const { gallery } = request;
  const given = gallery.storageAccountId ? parseStorageAccountId(gallery.storageAccountId) : null;
  const subscriptions = [...new Set([gallery.subscriptionId, request.subscriptionId])];
  const accounts: Record<string, string> = { ...known };
  for (const account of listAccounts(request)) {
    if (accounts[account] !== undefined) continue;
    if (given?.name === account && gallery.storageAccountId) {
      accounts[account] = gallery.storageAccountId;
      continue;
    }
    let found = null;
    for (const subscription of subscriptions) {
      found ??= await galleries.findAccount(subscription, account);
    }
    if (found === null) return { failure: explainUnknownAccount(account, subscriptions) };
    if (found.location !== null && !isSameRegion(found.location, gallery.location)) {
      const what = `The storage account '${account}'`;
      return { failure: explainOtherRegion(what, found.location, gallery.location) };
    }
    accounts[account] = found.id;
  }
  return { accounts };
}

/** What speaks against the version before Azure is asked, and what a user should know. */
export function judgeVersion(
  definition: DefinitionFacts,
  facts: SourceFacts | ImageFacts | null,
  { record, clock }: Pick<OutputSubject, "record" | "clock">,
  asked: VersionRequest,
): { readonly failure: Failure | null; readonly warnings: readonly string[] } {
  const sources = { asked, disks: record.disks, facts };
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
