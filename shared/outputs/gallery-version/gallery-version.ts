import { failure } from "../../errors.ts";
import type { FoundVersion, GalleryService } from "../../gallery-ports.ts";
import { versionId } from "../../image/gallery-request.ts";
import type { RegionPolicy } from "../../image/region-policy.ts";
import { RECORD_TAG } from "../../image/version-tags.ts";
import type { FoundOutput } from "../../ports.ts";
import type { OutputProgress } from "../../record/output.ts";
import type { OutputCheck, OutputKind, OutputSubject } from "../output-kind.ts";
import { findAccounts, judgeVersion, readSources, type VersionRequest } from "./check-version.ts";
import { claimNumber } from "./claim-number.ts";
import { findVersionDifferences } from "./compare-version.ts";
import { needDefinition } from "./create-definition.ts";
import { createVersion } from "./create-version.ts";
import { explainExhausted, explainVersionExists } from "./failures.ts";
import { followVersion } from "./follow-version.ts";
import { isOwnVersion } from "./own-version.ts";
import { isReplicated } from "./replication.ts";
import { toVersionBody } from "./version-body.ts";
import { accountsOf, isOpenNumber, numberOf, versionOf, withGallery } from "./version-work.ts";

/** What the kind works with. */
export interface GalleryVersionOptions {
  readonly galleries: GalleryService;
  readonly allowDefinitionCreate: boolean;
  /** Where a version may be that is published in the region of its storage account. */
  readonly regions: RegionPolicy;
}

/**
 * Image versions in a Compute Gallery (Microsoft.Compute/galleries/images/versions): numbered by the app
 * where the number is left open, published from the disks themselves, ready when every region has them.
 */
export function createGalleryVersionKind(options: GalleryVersionOptions): OutputKind {
  const { galleries } = options;
  return {
    kind: "galleryVersion",
    noun: "image version",
    deadlineSetting: "REPLICATE_DEADLINE_HOURS",
    isWanted: ({ gallery }) => gallery !== undefined,
    deadlineSeconds: ({ replicateDeadlineSeconds }) => replicateDeadlineSeconds,
    mayRename: ({ gallery }) => gallery !== undefined && isOpenNumber(gallery.version),
    check: (request, output, subject) =>
      check(withGallery(request, output), output, subject, options),
    idOf(request, output) {
      const { gallery } = withGallery(request, output);
      const version = versionOf(gallery.version, output);
      return version === null ? null : versionId(gallery, version);
    },
    find: (request, output, subject) =>
      find(withGallery(request, output), output, subject, galleries),
    explainExisting: explainVersionExists,
    create: (request, output, subject) =>
      createVersion(withGallery(request, output), output, subject, galleries),
    follow: (request, output, subject) =>
      followVersion(withGallery(request, output), output, subject, {
        galleries,
        version: numberOf(request, output),
      }),
  };
}

async function check(
  asRequested: VersionRequest,
  output: OutputProgress,
  subject: OutputSubject,
  { galleries, allowDefinitionCreate, regions }: GalleryVersionOptions,
): Promise<OutputCheck> {
  const known = accountsOf(output);
  const located = await findAccounts(asRequested, { known, galleries, regions });
  if ("failure" in located) return { verdict: "refused", failure: located.failure };
  const { accounts, gallery } = located;
  const request = { ...asRequested, gallery };
  const read = await readSources(request, galleries, subject);
  const needed = await needDefinition(request, output, read.facts, {
    galleries,
    subject,
    allowDefinitionCreate,
  });
  if ("check" in needed) return needed.check;
  const asked = { ...(subject.record.request ?? request), gallery };
  const { failure: reason, warnings } = judgeVersion(needed.definition, read, subject, asked);
  if (reason !== null) return { verdict: "refused", failure: reason };
  const claim = await claimNumber(gallery, subject.record.requestId, {
    records: subject.records,
    list: () => galleries.listVersions(gallery),
    isTaken: async (version) => {
      const found = await galleries.findVersion(gallery, version);
      return found !== null && !isOwnVersion(found, subject.record);
    },
  });
  const notes = { ...output.notes, accounts, region: gallery.location };
  const noted = { ...output, notes };
  switch (claim.outcome) {
    case "exhausted":
      return { verdict: "refused", failure: explainExhausted(gallery) };
    case "held":
      return {
        verdict: "later",
        output,
        reason: inWork(`Request ${claim.holder} has the number ${gallery.version}`),
      };
    case "contended":
      return {
        verdict: "later",
        output,
        reason: inWork("Other requests are claiming numbers of the same definition"),
      };
    case "claimed": {
      const { version } = claim;
      const named = { ...noted, progress: { ...output.progress, version } };
      const existing = await galleries.findVersion(gallery, version);
      return existing?.state === "deleting"
        ? {
            verdict: "later",
            output: named,
            reason: inWork(`The version ${version} is being deleted`),
          }
        : { verdict: "ready", output: named, warnings };
    }
  }
}

function inWork(message: string) {
  return failure({
    code: "VersionInWork",
    message: `${message}; this request resumes when that has ended.`,
    fix: "Wait, or choose another 'gallery.version' and upload again.",
    retryable: true,
  });
}

async function find(
  request: VersionRequest,
  output: OutputProgress,
  { record }: Pick<OutputSubject, "record">,
  galleries: GalleryService,
): Promise<FoundOutput | null> {
  const version = numberOf(request, output);
  const found = await galleries.findVersion(request.gallery, version);
  // The check waits for what is being deleted; then it is created again.
  if (found === null || found.state === "deleting") return null;
  const asked = toVersionBody(request, accountsOf(output));
  const differences = findVersionDifferences(asked, found.body);
  // After a PUT the version bears this request's tags, or somebody else was faster.
  const isOthers = output.operation !== null && !isOwnVersion(found, record);
  return {
    id: found.id,
    state: stateOf(found),
    differences: isOthers ? [...differences, `tags.${RECORD_TAG}`] : differences,
  };
}

/** A version that is not in every region yet is still being made. */
function stateOf({ state, replication }: FoundVersion): FoundOutput["state"] {
  if (state === "deleting") return "working";
  return state === "succeeded" && !isReplicated(replication) ? "working" : state;
}
