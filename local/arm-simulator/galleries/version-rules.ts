import { type ArmError, invalidParameter, missingParameter } from "../errors.ts";
import { isKnownLocation } from "../locations.ts";
import { judgeRegions } from "./region-rules.ts";
import type { DiskImageSource, VersionProperties, VersionSource } from "./version-model.ts";

const ROOT = "galleryImageVersion.properties";
const MAX_INT32 = 2 ** 31 - 1;
const MAX_LUN = 63;
const SOURCE_IDS = ["id", "virtualMachineId", "communityGalleryImageId"] as const;

/** What a version's properties are judged against. */
export interface VersionContext {
  /** Short name of the version's location. */
  readonly location: string;
  readonly ownLocation: string;
  readonly now: Date;
}

/**
 * Judges a version's name: three whole numbers of 32 bits. Whether the service takes leading zeros
 * is not known; they are refused.
 *
 * @throws ArmError 400 `InvalidParameter`
 */
export function judgeVersionName(name: string): void {
  const numbers = name.split(".");
  const isNumber = (text: string) => /^(0|[1-9]\d{0,9})$/.test(text) && Number(text) <= MAX_INT32;
  if (numbers.length !== 3 || !numbers.every(isNumber)) {
    throw invalidParameter(
      "galleryImageVersionName",
      `The gallery image version name '${name}' is invalid. It must follow the format 'Major.Minor.Patch', each a number from 0 to ${MAX_INT32}.`,
    );
  }
}

/**
 * Judges what the schema cannot say about a version that is to be made.
 *
 * @throws ArmError 400 `InvalidParameter`
 */
export function judgeVersion(properties: VersionProperties, context: VersionContext): void {
  judgeSources(properties);
  judgeLuns(properties);
  judgePublishing(properties, context);
}

/**
 * Judges how a version is published: what an update may change too.
 *
 * @throws ArmError 400 `InvalidParameter`
 */
export function judgePublishing(
  { publishingProfile = {} }: VersionProperties,
  context: VersionContext,
): void {
  const { storageAccountType, storageAccountStrategy, endOfLifeDate } = publishingProfile;
  const path = `${ROOT}.publishingProfile`;
  if (storageAccountType !== undefined && storageAccountStrategy !== undefined) {
    throw invalidParameter(
      `${path}.storageAccountStrategy`,
      "Parameters storageAccountType and storageAccountStrategy can not be specified together.",
    );
  }
  if (endOfLifeDate !== undefined && Date.parse(endOfLifeDate) <= context.now.getTime()) {
    throw invalidParameter(
      `${path}.endOfLifeDate`,
      `The value '${endOfLifeDate}' of parameter endOfLifeDate is invalid. The end of life date must be in the future.`,
    );
  }
  judgeRegions(publishingProfile, path, context.location, (name) =>
    isKnownLocation(name, context.ownLocation),
  );
}

/** Refuses a version without a source, with both kinds, or with a disk that has more than one. */
function judgeSources({ storageProfile }: VersionProperties): void {
  const { source, osDiskImage, dataDiskImages = [] } = storageProfile;
  const disks = [
    ["osDiskImage", osDiskImage?.source] as const,
    ...dataDiskImages.map((disk, index) => [`dataDiskImages[${index}]`, disk.source] as const),
  ];
  const withSource = disks.filter(([, given]) => given !== undefined);
  if (source !== undefined && withSource.length > 0) {
    throw invalidParameter(
      `${ROOT}.storageProfile.source`,
      "Source can be specified either in storageProfile.source or in the disk images, but not in both.",
    );
  }
  if (source !== undefined) {
    judgeVersionSource(source);
    return;
  }
  if (osDiskImage?.source === undefined) {
    throw missingParameter(`${ROOT}.storageProfile.osDiskImage.source`);
  }
  for (const [name, given] of disks) {
    const path = `${ROOT}.storageProfile.${name}.source`;
    if (given === undefined) throw missingParameter(path);
    judgeDiskSource(given, path);
  }
}

function judgeVersionSource(source: VersionSource): void {
  const path = `${ROOT}.storageProfile.source`;
  const given = SOURCE_IDS.filter((name) => source[name] !== undefined);
  if (given.length === 0) throw missingParameter(`${path}.id`);
  if (given.length > 1) {
    throw invalidParameter(path, `Only one of ${SOURCE_IDS.join(", ")} can be specified.`);
  }
}

function judgeDiskSource(source: DiskImageSource, path: string): void {
  const { id, uri, storageAccountId } = source;
  if (id === undefined && uri === undefined && storageAccountId === undefined) {
    throw missingParameter(`${path}.id`);
  }
  if (id !== undefined && uri === undefined && storageAccountId === undefined) return;
  if (id !== undefined) throw blobById(`${path}.id`);
  if (uri === undefined) throw missingParameter(`${path}.uri`);
  if (storageAccountId === undefined) throw missingParameter(`${path}.storageAccountId`);
}

/** Returns the refusal of a blob in `source.id`: https://github.com/Azure/azure-cli/issues/24624. */
export function blobById(target: string): ArmError {
  return invalidParameter(
    target,
    "The source id must be the id of a managed disk or a snapshot. Use storageAccountId and uri for a blob.",
  );
}

function judgeLuns({ storageProfile }: VersionProperties): void {
  const luns = (storageProfile.dataDiskImages ?? []).map(({ lun }) => lun);
  const wrong = luns.find((lun, at) => lun < 0 || lun > MAX_LUN || luns.indexOf(lun) !== at);
  if (wrong !== undefined) {
    throw invalidParameter(
      `${ROOT}.storageProfile.dataDiskImages.lun`,
      `The lun '${wrong}' is invalid: each data disk must have a unique lun between 0 and ${MAX_LUN}.`,
    );
  }
}
