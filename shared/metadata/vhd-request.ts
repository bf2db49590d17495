import { type ErrorDetail, type Failure, failure } from "../errors.ts";
import {
  decideImage,
  explainUndecided,
  type ImageAnswer,
  type Undecided,
} from "../image/decide-image.ts";
import type { SystemFinding } from "../image/decide-os-disk.ts";
import type { ImageDefaults } from "../image/defaults.ts";
import { HOW_TO_SET } from "../image/how-to-set.ts";
import type {
  DataDisk,
  DiskSource,
  ImageDraft,
  ImageRequest,
  OsDisk,
} from "../image/image-request.ts";
import {
  baseName,
  IMAGE_NAME,
  keepsRule,
  LOCATION,
  proposeImageName,
  RESOURCE_GROUP,
} from "../image/names.ts";
import { GENERATIONS, type Generation, OS_STATES, OS_TYPES } from "../vocabulary.ts";
import { readConversion } from "./conversion-metadata.ts";
import { asksForVersion, readGallery, withGalleryPlace } from "./gallery-metadata.ts";
import {
  type Field,
  findExcessMetadata,
  type Metadata,
  readDiskOptions,
  readField,
  readTags,
  readText,
  readWord,
} from "./vhd-metadata.ts";

/** A VHD that was uploaded without a manifest, and its data disks. */
export interface VhdUpload {
  readonly name: string;
  /** Keys in lower case, as the storage service gives them. */
  readonly metadata: Metadata;
  readonly source: DiskSource;
  /** What was found on the disk; null when it was not checked. */
  readonly finding: SystemFinding | null;
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
  read: readText(RESOURCE_GROUP),
};
const LOCATION_FIELD: Field<string> = {
  key: "location",
  setting: "IMAGE_LOCATION",
  expected: LOCATION.expected,
  read: readText(LOCATION),
};
const OS_STATE_FIELD: Field<OsDisk["osState"]> = {
  key: "osstate",
  setting: "DEFAULT_OS_STATE",
  expected: OS_STATES.join(" or "),
  read: readWord(OS_STATES),
};

/** What a VHD without a manifest is to become, or why it cannot. */
export type VhdPlan =
  | ({ readonly ok: true; readonly draft: ImageDraft } & Pick<ImageAnswer, "decided" | "warnings">)
  | { readonly ok: false; readonly failure: Failure };

/**
 * The request for a VHD without a manifest: blob metadata, then what the disk is, then settings. What
 * none of them says ends in a failure that names the metadata key and the setting.
 */
export function planVhdRequest(upload: VhdUpload, defaults: ImageDefaults): VhdPlan {
  const excess = findExcess(upload);
  if (excess !== null) return { ok: false, failure: incomplete(upload.name, [excess]) };
  const problems: ErrorDetail[] = [];
  const { metadata } = upload;
  const isVersion = asksForVersion(metadata);
  const imageName = isVersion ? baseName(upload.name) : readImageName(upload, problems);
  const target = readTarget(metadata, withGalleryPlace(defaults, isVersion), problems);
  const osType = readWord(OS_TYPES)(metadata, "ostype", problems);
  const osState = readField(OS_STATE_FIELD, metadata, defaults.osState, problems);
  const hyperVGeneration = readGeneration(metadata, problems);
  readConversion(metadata, problems);
  const tags = readTags(metadata, problems);
  const gallery =
    isVersion && target ? readGallery(metadata, { target, tags, defaults }, problems) : null;
  const osOptions = readDiskOptions(metadata, problems);
  const dataDisks = upload.dataDisks.map(
    ({ lun, source, metadata: own }): DataDisk => ({
      lun,
      source,
      ...readDiskOptions(own, problems),
    }),
  );
  const { decided, undecided, warnings } = decideImage({
    given: { osType, hyperVGeneration },
    isMachine: false,
    finding: upload.finding,
    mode: "enforce",
    defaults,
    howToSet: HOW_TO_SET.metadata,
  });
  problems.push(...undecided.flatMap((open) => explainMissing(open, metadata)));
  if (!imageName || !target || !osState || problems.length > 0) {
    return { ok: false, failure: incomplete(upload.name, problems) };
  }
  if (undecided.length > 0) {
    return { ok: false, failure: explainUndecided(upload.name, undecided) };
  }
  const osDisk = { ...(osType && { osType }), osState, source: upload.source, ...osOptions };
  const asked = { ...(hyperVGeneration && { hyperVGeneration }), osDisk, dataDisks };
  const outputs = { ...(tags && { tags }), ...(gallery && { gallery }) };
  const draft = { imageName, ...target, ...outputs, ...asked };
  return { ok: true, draft, decided, warnings };
}

/** The first of the disks whose metadata are too much to be read, as a mistake. */
function findExcess({ name, metadata, dataDisks }: VhdUpload): ErrorDetail | null {
  const disks = [
    { target: name, metadata },
    ...dataDisks.map(({ lun, metadata: own }) => ({ target: `data disk ${lun}`, metadata: own })),
  ];
  for (const disk of disks) {
    const excess = findExcessMetadata(disk.metadata);
    if (excess !== null) return { ...excess, target: disk.target };
  }
  return null;
}

/** Reported with the other problems, unless a wrong value has been reported already. */
function explainMissing(open: Undecided, metadata: Metadata): ErrorDetail[] {
  const key = open.property.toLowerCase();
  if (open.kind !== "missing" || metadata[key] !== undefined) return [];
  return [{ code: "MissingMetadata", message: `${open.message}: ${open.fix}`, target: key }];
}

/** The generation that the metadata ask for; null when they do not say it, or say it wrong. */
export function askedGeneration(metadata: Metadata): Generation | null {
  return findExcessMetadata(metadata) === null ? readGeneration(metadata, []) : null;
}

function readGeneration(metadata: Metadata, problems: ErrorDetail[]): Generation | null {
  return readWord(GENERATIONS)(metadata, "hypervgeneration", problems);
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
    return readText(IMAGE_NAME)(upload.metadata, "imagename", problems);
  }
  const name = baseName(upload.name);
  if (keepsRule(name, IMAGE_NAME)) return name;
  problems.push({
    code: "InvalidMetadata",
    message: `'${name}' is not a valid image name (${IMAGE_NAME.expected}): set the metadata 'imagename', for example to '${proposeImageName(name)}'`,
    target: "imagename",
  });
  return null;
}
