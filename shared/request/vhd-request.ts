import { type ErrorDetail, type Failure, failure } from "../errors.ts";
import { baseName, IMAGE_NAME, LOCATION, RESOURCE_GROUP, tagProblem } from "../manifest/names.ts";
import { STORAGE_ACCOUNT_TYPES } from "../manifest/schema.ts";
import type { ImageDefaults } from "../settings.ts";
import type { DataDisk, DiskSource, ImageRequest } from "./image-request.ts";

type Metadata = Readonly<Record<string, string>>;

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
  const need = <T>(value: T | null, key: string, setting: string, allowed: string): T | null => {
    const isWrong = metadata[key] !== undefined;
    if (value === null && !isWrong) problems.push(missing(key, setting, allowed));
    return value;
  };
  const read = <T>(reader: Reader<T>, key: string): T | null => reader(metadata, key, problems);

  const imageName =
    read(text(IMAGE_NAME), "imagename") ?? nameFrom(upload.name, metadata, problems);
  const resourceGroup = need(
    read(text(RESOURCE_GROUP), "resourcegroup") ?? defaults.resourceGroup,
    "resourcegroup",
    "IMAGE_RESOURCE_GROUP",
    RESOURCE_GROUP.expected,
  );
  const location = need(
    read(text(LOCATION), "location") ?? defaults.location,
    "location",
    "IMAGE_LOCATION",
    LOCATION.expected,
  );
  const osType = need(
    read(word(["Windows", "Linux"]), "ostype") ?? defaults.osType,
    "ostype",
    "DEFAULT_OS_TYPE",
    "Windows or Linux",
  );
  const osState = need(
    read(word(["Generalized", "Specialized"]), "osstate") ?? defaults.osState,
    "osstate",
    "DEFAULT_OS_STATE",
    "Generalized or Specialized",
  );
  const hyperVGeneration =
    read(word(["V1", "V2"]), "hypervgeneration") ?? defaults.hyperVGeneration;
  const tags = readTags(metadata, problems);
  const osOptions = readDiskOptions(metadata, problems);
  const dataDisks = upload.dataDisks.map(
    (disk): DataDisk => ({
      lun: disk.lun,
      source: disk.source,
      ...readDiskOptions(disk.metadata, problems),
    }),
  );
  const { subscriptionId } = defaults;
  if (subscriptionId === null) {
    problems.push({
      code: "MissingSetting",
      message: "the subscription is not known: set AZURE_SUBSCRIPTION_ID",
      target: "AZURE_SUBSCRIPTION_ID",
    });
  }
  if (
    !imageName ||
    !resourceGroup ||
    !location ||
    !osType ||
    !osState ||
    !subscriptionId ||
    problems.length > 0
  ) {
    return { request: null, failure: incomplete(upload.name, problems) };
  }
  const target = { imageName, resourceGroup, subscriptionId, location };
  const osDisk = { osType, osState, source: upload.source, ...osOptions };
  return {
    request: { ...target, ...(tags && { tags }), hyperVGeneration, osDisk, dataDisks },
    failure: null,
  };
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

type Reader<T> = (metadata: Metadata, key: string, problems: ErrorDetail[]) => T | null;

function text(rule: { readonly pattern: RegExp; readonly expected: string }): Reader<string> {
  return (metadata, key, problems) => {
    const value = metadata[key];
    if (value === undefined || rule.pattern.test(value)) return value ?? null;
    problems.push(invalid(key, value, rule.expected));
    return null;
  };
}

function word<const W extends string>(words: readonly W[]): Reader<W> {
  return (metadata, key, problems) => {
    const value = metadata[key];
    if (value === undefined) return null;
    const match = words.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
    if (match === undefined) problems.push(invalid(key, value, `one of ${words.join(", ")}`));
    return match ?? null;
  };
}

function readDiskOptions(
  metadata: Metadata,
  problems: ErrorDetail[],
): Omit<DataDisk, "lun" | "source"> {
  const storageAccountType = word(STORAGE_ACCOUNT_TYPES)(metadata, "storageaccounttype", problems);
  const caching = word(["None", "ReadOnly", "ReadWrite"])(metadata, "caching", problems);
  return { ...(storageAccountType && { storageAccountType }), ...(caching && { caching }) };
}

function readTags(metadata: Metadata, problems: ErrorDetail[]): Record<string, string> | null {
  const tags = Object.entries(metadata)
    .filter(([key]) => key.startsWith("tag_"))
    .map(([key, value]): [string, string] => [key.slice("tag_".length), value]);
  for (const [name, value] of tags) {
    const problem = tagProblem(name, value);
    if (problem !== null)
      problems.push({
        code: "InvalidMetadata",
        message: `metadata 'tag_${name}': ${problem}`,
        target: `tag_${name}`,
      });
  }
  return tags.length > 0 ? Object.fromEntries(tags) : null;
}

function nameFrom(blobName: string, metadata: Metadata, problems: ErrorDetail[]): string | null {
  const name = baseName(blobName);
  if (metadata.imagename !== undefined) return null;
  if (IMAGE_NAME.pattern.test(name)) return name;
  problems.push({
    code: "InvalidMetadata",
    message: `'${name}' is no image name (${IMAGE_NAME.expected}): set the metadata 'imagename'`,
    target: "imagename",
  });
  return null;
}

function missing(key: string, setting: string, allowed: string): ErrorDetail {
  return {
    code: "MissingMetadata",
    message: `the metadata '${key}' is missing (${allowed}), and so is the setting ${setting}`,
    target: key,
  };
}

function invalid(key: string, value: string, expected: string): ErrorDetail {
  return {
    code: "InvalidMetadata",
    message: `the metadata '${key}' is '${value.slice(0, 80)}'; expected ${expected}`,
    target: key,
  };
}
