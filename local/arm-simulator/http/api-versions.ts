import { ArmError } from "../errors.ts";
import {
  COMPUTE_VERSIONS,
  DISK_VERSIONS,
  GALLERY_VERSIONS,
  OPERATION_VERSIONS,
  SOFT_DELETE_SINCE,
} from "./version-lists.ts";

/** The api-versions of each resource type that is served. */
const SUPPORTED = {
  images: COMPUTE_VERSIONS,
  virtualMachines: COMPUTE_VERSIONS,
  disks: DISK_VERSIONS,
  snapshots: DISK_VERSIONS,
  galleries: GALLERY_VERSIONS,
  "galleries/images": GALLERY_VERSIONS,
  "galleries/images/versions": GALLERY_VERSIONS,
  "galleries/softDeletedArtifactTypes/artifacts/versions": GALLERY_VERSIONS.filter(
    (version) => version >= SOFT_DELETE_SINCE,
  ),
  "locations/operations": OPERATION_VERSIONS,
  "locations/capsOperations": GALLERY_VERSIONS,
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A resource type that the simulator serves. */
export type ServedType = keyof typeof SUPPORTED;

const OPERATION_TYPES = ["locations/operations", "locations/capsOperations"] as const;
const SOFT_DELETED = "galleries/softDeletedArtifactTypes/artifacts/versions";
const LISTED_TYPES = [
  "images",
  "galleries",
  "galleries/images",
  "galleries/images/versions",
  SOFT_DELETED,
] as const;

/** A type of operations. */
export type OperationType = (typeof OPERATION_TYPES)[number];
/** A type whose resources can be listed. */
export type ListedType = (typeof LISTED_TYPES)[number];
/** A type whose resources can be requested one by one. */
export type ResourceType = Exclude<ServedType, OperationType | typeof SOFT_DELETED>;

export function isOperationType(type: ServedType): type is OperationType {
  return OPERATION_TYPES.some((each) => each === type);
}

export function isListedType(type: ServedType): type is ListedType {
  return LISTED_TYPES.some((each) => each === type);
}

export function isResourceType(type: ServedType): type is ResourceType {
  return !isOperationType(type) && type !== SOFT_DELETED;
}

/** Returns the served type of that name in any case, or undefined. */
export function findServedType(name: string): ServedType | undefined {
  const types = Object.keys(SUPPORTED) as ServedType[];
  return types.find((type) => type.toLowerCase() === name.toLowerCase());
}

/** Returns the api-versions of each type, as the list of a provider's types has them. */
export function listServedTypes(): readonly {
  readonly resourceType: string;
  readonly apiVersions: readonly string[];
}[] {
  return Object.entries(SUPPORTED).map(([resourceType, versions]) => ({
    resourceType,
    apiVersions: versions.toReversed(),
  }));
}

/**
 * Returns the api-version of a request.
 *
 * @throws ArmError 400 in Resource Manager's three ways: none given, none at all of this form, or
 * not one of this type (wording: https://github.com/Azure/azure-cli/issues/28496)
 */
export function judgeApiVersion(url: URL, type: ServedType, location: string): string {
  const versions: readonly string[] = SUPPORTED[type];
  const given = judgeVersionForm(url, versions);
  if (!versions.includes(given)) {
    throw new ArmError(
      400,
      "NoRegisteredProviderFound",
      `No registered resource provider found for location '${location}' and API version '${given}' for type '${type}'. The supported api-versions are '${versions.join(", ")}'. The supported locations are '${location}'.`,
    );
  }
  return given;
}

/**
 * Returns the api-version of a request, whatever it is, as long as it is the date of one.
 *
 * @throws ArmError 400 `MissingApiVersionParameter` or `InvalidApiVersionParameter`
 */
export function judgeVersionForm(url: URL, versions: readonly string[]): string {
  const given = url.searchParams.get("api-version") ?? "";
  if (given === "") {
    throw new ArmError(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  if (!/^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i.test(given)) {
    throw new ArmError(
      400,
      "InvalidApiVersionParameter",
      `The api-version '${given}' is invalid. The supported versions are '${versions.join(",")}'.`,
    );
  }
  return given;
}
