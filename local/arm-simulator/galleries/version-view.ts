import { invalidParameter } from "../errors.ts";
import { formatResourceId, lastName } from "../resource-id.ts";
import { describeReplication } from "./replication.ts";
import type { SoftDeletedVersion, StoredVersion } from "./version-model.ts";

/** What a GET may ask for besides a version itself. */
export type Expansion = "ReplicationStatus" | "UefiSettings";

const EXPANSIONS: readonly Expansion[] = ["ReplicationStatus", "UefiSettings"];

/**
 * Returns what the query `$expand` asks for; it takes one value.
 *
 * @throws ArmError 400 `InvalidParameter`
 */
export function readExpansion(url: URL): Expansion | undefined {
  const given = url.searchParams.get("$expand");
  if (given === null || given === "") return undefined;
  const found = EXPANSIONS.find((each) => each.toLowerCase() === given.toLowerCase());
  if (found === undefined) {
    throw invalidParameter(
      "expand",
      `The value '${given}' of parameter expand is invalid. Allowed values are: ${EXPANSIONS.join(", ")}.`,
    );
  }
  return found;
}

/**
 * Returns a version as the service answers it: sizes only once it has been made, the replication and
 * the UEFI settings only if they are requested.
 */
export function viewVersion(version: StoredVersion, expansion?: Expansion): object {
  const { id, location, tags, provisioningState, completedProfile } = version;
  const { securityProfile, ...properties } = version.properties;
  const isMade = provisioningState !== "Creating" && version.isUnusable !== true;
  return {
    name: lastName(id),
    id: formatResourceId(id),
    type: "Microsoft.Compute/galleries/images/versions",
    location,
    ...(tags === undefined ? {} : { tags }),
    properties: {
      ...properties,
      ...(isMade ? { storageProfile: completedProfile } : {}),
      ...(expansion === "UefiSettings" && securityProfile !== undefined ? { securityProfile } : {}),
      provisioningState,
      validationsProfile: { validationOperationStatus: "NotExecuted" },
      ...(expansion === "ReplicationStatus"
        ? { replicationStatus: describeReplication(version) }
        : {}),
    },
  };
}

/** Returns a deleted version as the list of those that can be restored has it. */
export function viewSoftDeleted({ version, deletedAt }: SoftDeletedVersion): object {
  const { id, location } = version;
  return {
    name: lastName(id),
    id: formatResourceId(id),
    type: "Microsoft.Compute/galleries/softDeletedArtifactTypes/artifacts/versions",
    location,
    properties: {
      resourceArmId: formatResourceId(id),
      softDeletedArtifactType: "Images",
      softDeletedTime: deletedAt,
    },
  };
}
