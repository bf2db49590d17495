import { type ErrorDetail, type Failure, failure } from "../errors.ts";
import {
  baseName,
  IMAGE_NAME,
  LOCATION,
  proposeImageName,
  RESOURCE_GROUP,
} from "../manifest/names.ts";
import type { ImageDefaults } from "../settings.ts";
import type { DataDisk, DiskSource, ImageRequest, OsDisk } from "./image-request.ts";
import {
  type Field,
  type Metadata,
  readDiskOptions,
  readField,
  readTags,
  text,
  word,
} from "./vhd-metadata.ts";

/** A VHD that was uploaded without a manifest, and its data disks. */
export interface VhdUpload {
  readonly name: string;
  /** Keys in lower case, as the storage service gives them. */
  readonly metadata: Metadata;
  readonly source: DiskSource;
  readonly dataDisks: readonly {
    readonly lun: number;
    readonly metadata: Metadata;
    readonly source: DiskSource;
  }[];
}

const RESOURCE_GROUP_FIELD: Field<string> = {
  key: "resourcegroup",
  setting: "IMAGE_RESOURCE_GROUP",
  expected: RESOURCE_GROUP.expected,
  read: text(RESOURCE_GROUP),
};
const LOCATION_FIELD: Field<string> = {
  key: "location",
  setting: "IMAGE_LOCATION",
  expected: LOCATION.expected,
  read: text(LOCATION),
};
const OS_TYPE_FIELD: Field<OsDisk["osType"]> = {
  key: "ostype",
  setting: "DEFAULT_OS_TYPE",
  expected: "Windows or Linux",
  read: word(["Windows", "Linux"]),
};
const OS_STATE_FIELD: Field<OsDisk["osState"]> = {
  key: "osstate",
  setting: "DEFAULT_OS_STATE",
  expected: "Generalized or Specialized",
  read: word(["Generalized", "Specialized"]),
};

/**
 * The request for a VHD without a manifest: blob metadata, then settings. What neither of them says
 * ends in a failure that names the metadata key and the setting.
 */
export function planVhdRequest(
  upload: VhdUpload,
  defaults: ImageDefaults,
): { readonly request: ImageRequest | null; readonly failure: Failure | null } {
  const problems: ErrorDetail[] = [];
  const { metadata } = upload;
  const imageName = readImageName(upload, problems);
  const target = readTarget(metadata, defaults, problems);
  const osType = readField(OS_TYPE_FIELD, metadata, defaults.osType, problems);
  const osState = readField(OS_STATE_FIELD, metadata, defaults.osState, problems);
  const hyperVGeneration =
    word(["V1", "V2"])(metadata, "hypervgeneration", problems) ?? defaults.hyperVGeneration;
  const tags = readTags(metadata, problems);
  const osOptions = readDiskOptions(metadata, problems);
  const dataDisks = upload.dataDisks.map(
    ({ lun, source, metadata: own }): DataDisk => ({
      lun,
      source,
      ...readDiskOptions(own, problems),
    }),
  );
  if (!imageName || !target || !osType || !osState || problems.length > 0) {
    return { request: null, failure: incomplete(upload.name, problems) };
  }
  const osDisk = { osType, osState, source: upload.source, ...osOptions };
  return {
    request: { imageName, ...target, ...(tags && { tags }), hyperVGeneration, osDisk, dataDisks },
    failure: null,
  };
}

function readTarget(
  metadata: Metadata,
  defaults: ImageDefaults,
  problems: ErrorDetail[],
): Pick<ImageRequest, "subscriptionId" | "resourceGroup" | "location"> | null {
  const resourceGroup = readField(RESOURCE_GROUP_FIELD, metadata, defaults.resourceGroup, problems);
  const location = readField(LOCATION_FIELD, metadata, defaults.location, problems);
  const { subscriptionId } = defaults;
  if (subscriptionId === null) {
    problems.push({
      code: "MissingSetting",
      message: "the subscription is not known: set AZURE_SUBSCRIPTION_ID",
      target: "AZURE_SUBSCRIPTION_ID",
    });
  }
  return resourceGroup && location && subscriptionId
    ? { subscriptionId, resourceGroup, location }
    : null;
}

function incomplete(name: string, problems: readonly ErrorDetail[]): Failure {
  return failure({
    code: "IncompleteRequest",
    message: `${name} cannot become an image as it is: ${problems.map((problem) => problem.message).join("; ")}.`,
    fix: "Set the metadata when you upload the VHD (azcopy --metadata, az --metadata), set the settings, or upload a manifest that names the VHD.",
    target: problems[0]?.target ?? null,
    details: problems,
  });
}

function readImageName(upload: VhdUpload, problems: ErrorDetail[]): string | null {
  if (upload.metadata.imagename !== undefined) {
    return text(IMAGE_NAME)(upload.metadata, "imagename", problems);
  }
  const name = baseName(upload.name);
  if (IMAGE_NAME.pattern.test(name)) return name;
  problems.push({
    code: "InvalidMetadata",
    message: `'${name}' is no image name (${IMAGE_NAME.expected}): set the metadata 'imagename', for example to '${proposeImageName(name)}'`,
    target: "imagename",
  });
  return null;
}
