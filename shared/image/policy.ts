import type { ErrorDetail, Failure } from "../errors.ts";
import { failure } from "../errors.ts";
import { type CloudName, readBlobHost } from "./blob-hosts.ts";
import type { ImageDefaults } from "./defaults.ts";
import {
  createGalleryPolicy,
  findForbiddenGallery,
  type GalleryPolicy,
  type GalleryPolicySettings,
  listGalleryResources,
} from "./gallery-policy.ts";
import { type ImageDraft, wantsManagedImage } from "./image-request.ts";
import { refusal } from "./refusal.ts";
import { createRegionPolicy, findForbiddenRegions, type RegionPolicy } from "./region-policy.ts";
import {
  equals,
  foldCase,
  isCommunityImageId,
  parseResourceId,
  parseVersionId,
} from "./resource-id.ts";

/** What uploads may make the app touch; an empty list means the default named in the docs. */
export interface PolicySettings extends GalleryPolicySettings {
  readonly targets: readonly string[];
  readonly sources: readonly string[];
  readonly sourceAccounts: readonly string[];
  readonly regions: readonly string[];
}

/** What uploads may make the app touch: its identity can do more than they should. */
export interface Policy {
  readonly targets: readonly { readonly subscriptionId: string; readonly resourceGroup: string }[];
  /** Resource id prefixes, as their segments in lower case. */
  readonly sources: readonly (readonly string[])[];
  readonly accounts: readonly string[];
  /** The cloud that these accounts are in. */
  readonly cloud: CloudName;
  readonly regions: RegionPolicy;
  readonly galleries: GalleryPolicy;
}

/**
 * The policy of the settings. Without a word there, only the configured target, resources of the
 * configured subscription and blobs of the app's own account are allowed.
 */
export function createPolicy(
  settings: PolicySettings,
  defaults: ImageDefaults,
  cloud: CloudName = "AzureCloud",
): Policy {
  const { subscriptionId, resourceGroup } = defaults;
  const ownTarget = subscriptionId && resourceGroup ? [`${subscriptionId}/${resourceGroup}`] : [];
  const ownSources = subscriptionId ? [`/subscriptions/${subscriptionId}`] : [];
  const orDefault = (given: readonly string[], own: readonly string[]): readonly string[] =>
    given.length > 0 ? given : own;
  return {
    targets: orDefault(settings.targets, ownTarget).map((target) => {
      const [subscription = "", group = ""] = target.split("/");
      return { subscriptionId: subscription, resourceGroup: group };
    }),
    sources: orDefault(settings.sources, ownSources).map(segmentsOf),
    accounts: settings.sourceAccounts.map((account) => account.toLowerCase()),
    cloud,
    regions: createRegionPolicy(settings.regions, defaults),
    galleries: createGalleryPolicy(settings),
  };
}

/** The refusal of a request with every reason at once, or null when the policy allows it. */
export function checkPolicy(request: ImageDraft, policy: Policy): Failure | null {
  const details = [
    ...(wantsManagedImage(request) ? findForbiddenTarget(request, policy) : []),
    ...findForbiddenRegions(request, policy.regions),
    ...(request.gallery ? findForbiddenGallery(request.gallery, policy) : []),
    ...findForbiddenSources(request, policy),
  ];
  const [first] = details;
  if (first === undefined) return null;
  return failure({
    code: "NotAllowed",
    message: details.map((detail) => detail.message).join(" "),
    fix: "Request something that is allowed, or have an operator extend the setting that the message names.",
    target: first.target,
    details,
  });
}

function findForbiddenTarget(request: ImageDraft, policy: Policy): ErrorDetail[] {
  const isAllowed = policy.targets.some(
    (target) =>
      equals(request.subscriptionId, target.subscriptionId) &&
      equals(request.resourceGroup, target.resourceGroup),
  );
  if (isAllowed) return [];
  const target = `${request.subscriptionId}/${request.resourceGroup}`;
  return [
    refusal(
      `Images may not be created in ${target}: ALLOWED_TARGETS does not list it.`,
      "resourceGroup",
    ),
  ];
}

function findForbiddenSources(request: ImageDraft, policy: Policy): ErrorDetail[] {
  const disks = [
    ...(request.osDisk ? [{ disk: request.osDisk, path: "properties.storageProfile.osDisk" }] : []),
    ...request.dataDisks.map((disk, index) => ({
      disk,
      path: `properties.storageProfile.dataDisks[${index}]`,
    })),
  ];
  const vm = request.sourceVirtualMachine;
  const resources = [
    ...(vm ? [{ id: vm, path: "properties.sourceVirtualMachine" }] : []),
    ...disks.flatMap(({ disk, path }) => [
      ...("id" in disk.source ? [{ id: disk.source.id, path }] : []),
      ...(disk.diskEncryptionSet ? [{ id: disk.diskEncryptionSet, path }] : []),
    ]),
    ...(request.gallery ? listGalleryResources(request.gallery) : []),
  ];
  return [
    ...resources
      .filter(({ id }) => !isAllowedSource(id, policy))
      .map(({ id, path }) =>
        refusal(`${id} may not be used: ALLOWED_SOURCES does not cover it.`, path),
      ),
    ...disks.flatMap(({ disk, path }) => findForbiddenAccount(disk.source, path, policy)),
  ];
}

/** An account is one of the configured cloud: its name may be somebody else's in another. */
function findForbiddenAccount(
  source: NonNullable<ImageDraft["osDisk"]>["source"],
  path: string,
  { accounts, cloud }: Policy,
): ErrorDetail[] {
  if (source.kind !== "externalBlob") return [];
  const { hostname } = new URL(source.uri);
  const host = readBlobHost(hostname);
  if (host?.cloud === cloud && accounts.includes(host.account)) return [];
  const blobs = `Blobs of the storage account '${host?.account ?? hostname}'`;
  return [
    refusal(
      host === null || host.cloud === cloud
        ? `${blobs} may not be used: ALLOWED_SOURCE_ACCOUNTS does not list it.`
        : `${blobs} in ${host.cloud} may not be used: ALLOWED_SOURCE_ACCOUNTS lists accounts of ${cloud}, the cloud set by AZURE_CLOUD.`,
      path,
    ),
  ];
}

function isAllowedSource(id: string, policy: Policy): boolean {
  const isId =
    parseResourceId(id) !== null || parseVersionId(id) !== null || isCommunityImageId(id);
  if (!isId) return false;
  const segments = segmentsOf(id);
  return policy.sources.some((prefix) =>
    prefix.every((segment, index) => segments[index] === segment),
  );
}

function segmentsOf(id: string): readonly string[] {
  return foldCase(id)
    .split("/")
    .filter((segment) => segment !== "");
}
