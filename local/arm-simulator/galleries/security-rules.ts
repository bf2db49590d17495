import { ArmError, type ArmErrorBody, invalidParameter } from "../errors.ts";
import { normalizeLocation } from "../locations.ts";
import { type DefinitionProperties, findFeature } from "./gallery-model.ts";
import type { TargetRegion, VersionProperties, VersionStorageProfile } from "./version-model.ts";
import type { SourceFacts } from "./version-sources.ts";

const ROOT = "galleryImageVersion.properties";
const MAX_SIZE_GB = 2048;
const MAX_SHALLOW_SIZE_GB = 32_767;

/** Kinds of sources that a definition's SecurityType allows; a type that is not here allows all. */
const SOURCES_OF_SECURITY_TYPE: Readonly<Record<string, readonly SourceFacts["kind"][]>> = {
  trustedlaunchsupported: ["blob", "image", "version"],
  confidentialvmsupported: ["blob", "image", "version"],
  trustedlaunchandconfidentialvmsupported: ["blob", "image", "version"],
  trustedlaunch: ["disk", "virtualMachine", "version"],
  confidentialvm: ["disk", "virtualMachine", "version"],
};

/**
 * Judges whether a version's source suits the definition's SecurityType
 * (https://github.com/hashicorp/packer-plugin-azure/issues/304 and /372), and the encryption that a
 * confidential one takes (https://github.com/Azure/azure-cli/issues/22995, packer-plugin-azure#373).
 *
 * @throws ArmError 400 `InvalidParameter`
 */
export function judgeSecurity(
  definition: DefinitionProperties,
  facts: SourceFacts,
  { publishingProfile = {} }: VersionProperties,
  location: string,
): void {
  const type = findFeature(definition, "SecurityType");
  const allowed = SOURCES_OF_SECURITY_TYPE[type.toLowerCase()];
  if (allowed !== undefined && !allowed.includes(facts.kind)) {
    throw invalidParameter(
      `${ROOT}.storageProfile.${facts.kind === "virtualMachine" ? "source" : "osDiskImage.source"}`,
      `The source '${facts.id}' is not supported for a gallery image with the security type '${type}'.`,
    );
  }
  if (type.toLowerCase() !== "confidentialvm") return;
  for (const region of publishingProfile.targetRegions ?? []) {
    judgeConfidentialRegion(region, location);
  }
}

function judgeConfidentialRegion({ name, encryption }: TargetRegion, location: string): void {
  const target = `${ROOT}.publishingProfile.targetRegions.${normalizeLocation(name)}.encryption.osDiskImage.securityProfile.confidentialVMEncryptionType`;
  const type = encryption?.osDiskImage?.securityProfile?.confidentialVMEncryptionType;
  if (type === undefined) {
    throw invalidParameter(
      target,
      "The confidential VM encryption type must be specified for a gallery image with the security type 'ConfidentialVM'.",
    );
  }
  if (normalizeLocation(name) !== location && type !== "NonPersistedTPM") {
    throw invalidParameter(
      target,
      `The confidential VM encryption type '${type}' is not supported outside of the source's region.`,
    );
  }
}

/**
 * Judges the size of a version's disks.
 *
 * @throws ArmError 400 `GallerySourceResourceExceedsMaxSize`
 */
export function judgeSize(
  { osDiskImage, dataDiskImages = [] }: VersionStorageProfile,
  replicationMode: string | undefined,
): void {
  const limit = replicationMode === "Shallow" ? MAX_SHALLOW_SIZE_GB : MAX_SIZE_GB;
  const sizes = [osDiskImage, ...dataDiskImages].map((disk) => disk?.sizeInGB ?? 0);
  const size = Math.max(...sizes);
  if (size > limit) {
    throw new ArmError(
      400,
      "GallerySourceResourceExceedsMaxSize",
      `The source has a size of ${size} GB, which exceeds the maximum of ${limit} GB for replicationMode '${replicationMode ?? "Full"}'.`,
      { target: `${ROOT}.storageProfile` },
    );
  }
}

/**
 * Returns what the service finds wrong only after it has begun: a source that contradicts the
 * definition. Code and wording: https://github.com/MicrosoftDocs/azure-docs/issues/118774; the
 * wordings for system, state and architecture are made after it.
 */
export function findContradiction(
  definition: DefinitionProperties,
  facts: SourceFacts,
  { publishingProfile }: VersionProperties,
): ArmErrorBody | undefined {
  const differs = (ofSource: string | undefined, ofDefinition: string | undefined) =>
    ofSource !== undefined && ofSource !== ofDefinition;
  const contradictions = [
    ["Hypervisor generation", facts.hyperVGeneration, definition.hyperVGeneration],
    ["OS type", facts.osType, definition.osType],
    ["OS state", facts.osState, definition.osState],
    ["architecture", facts.architecture, definition.architecture],
  ] as const;
  const found = contradictions.find(([, source, parent]) => differs(source, parent));
  if (found !== undefined) {
    const [what, source, parent] = found;
    return {
      code: "Conflict",
      message: `The resource with id '${facts.id}' has a different ${what} ['${source}'] than the parent gallery image ${what} ['${parent}'].`,
    };
  }
  const isTrusted = findFeature(definition, "SecurityType").toLowerCase() === "trustedlaunch";
  const hasOwnKeys = (publishingProfile?.targetRegions ?? []).some(
    ({ encryption }) => encryption?.osDiskImage?.diskEncryptionSetId !== undefined,
  );
  // https://github.com/Azure/azure-rest-api-specs/issues/29280
  return isTrusted && hasOwnKeys
    ? { code: "InternalOperationError", message: "Contract.Assert failed." }
    : undefined;
}
