import { ArmError } from "../errors.ts";

const GALLERY = ["2025-12-03"] as const;

/**
 * The api-versions that `@azure/arm-compute` 25.1.1 has built in, by resource type. The service
 * itself knows many more.
 */
const SUPPORTED = {
  images: ["2026-04-01"],
  virtualMachines: ["2026-04-01"],
  disks: ["2026-03-02"],
  snapshots: ["2026-03-02"],
  galleries: GALLERY,
  "galleries/images": GALLERY,
  "galleries/images/versions": GALLERY,
  "galleries/softDeletedArtifactTypes/artifacts/versions": GALLERY,
  "locations/operations": ["2026-04-01", "2026-03-02"],
  "locations/capsOperations": GALLERY,
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

/**
 * Returns the api-version of a request.
 *
 * @throws ArmError 400 in Resource Manager's three ways: none given, none at all of this form, or
 * not one of this type (wording: https://github.com/Azure/azure-cli/issues/28496)
 */
export function judgeApiVersion(url: URL, type: ServedType, location: string): string {
  const given = url.searchParams.get("api-version") ?? "";
  const versions: readonly string[] = SUPPORTED[type];
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
  if (!versions.includes(given)) {
    throw new ArmError(
      400,
      "NoRegisteredProviderFound",
      `No registered resource provider found for location '${location}' and API version '${given}' for type '${type}'. The supported api-versions are '${versions.join(", ")}'. The supported locations are '${location}'.`,
    );
  }
  return given;
}
