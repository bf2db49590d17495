import type { BlobLocator } from "../image/blob-uri.ts";
import type { ImageDefaults } from "../image/defaults.ts";
import type { DataDisk, ImageDraft } from "../image/image-request.ts";
import { baseName, IMAGE_NAME, keepsRule, proposeImageName } from "../image/names.ts";
import { LIMITS } from "../limits.ts";
import { findWord } from "../vocabulary.ts";
import { buildDisk, buildOsDisk, present } from "./build-disks.ts";
import { buildGallery, checkGallery, isGalleryOnly } from "./complete-gallery.ts";
import { describeValue, type Finding, type Path, valueAt } from "./problem.ts";
import type { Manifest } from "./schema.ts";

/** What a manifest is read with. */
export interface ManifestContext {
  /** Blob name of the manifest; its base name is the image's name when none is given. */
  readonly name: string;
  readonly defaults: ImageDefaults;
  readonly locator: BlobLocator;
}

const PROFILE: Path = ["properties", "storageProfile"];

/** Settings that stand in for what a manifest does not say, by the manifest's key. */
const FALLBACKS = [
  { key: "resourceGroup", setting: "IMAGE_RESOURCE_GROUP" },
  { key: "subscriptionId", setting: "AZURE_SUBSCRIPTION_ID" },
  { key: "location", setting: "IMAGE_LOCATION" },
] as const;

const OS_TYPE = { key: "osType", setting: "DEFAULT_OS_TYPE" } as const;
const OS_STATE = { key: "osState", setting: "DEFAULT_OS_STATE" } as const;

/**
 * Fills a manifest up from its name and the settings, and turns it into a request. System and
 * generation stay open where the manifest does not say them: the OS disk may tell. What is missing
 * everywhere and every URI that is none is found in any case; the request only comes with no findings.
 * `manifest` is null for one that breaks a rule or has the wrong shape.
 */
export function completeRequest(
  value: unknown,
  manifest: Manifest | null,
  context: ManifestContext,
): { request: ImageDraft | null; findings: Finding[] } {
  const findings = [
    ...checkProperties(value),
    ...checkImageName(value, context.name),
    ...checkFallbacks(value, context),
    ...checkGallery(value, context.defaults),
    ...checkBlobUris(value, context.locator),
  ];
  const isComplete = manifest !== null && findings.length === 0;
  return { request: isComplete ? build(manifest, context) : null, findings };
}

/** A version may have a source of its own; everything else comes from the properties. */
function checkProperties(value: unknown): Finding[] {
  const isThere = valueAt(value, ["properties"]) !== undefined;
  if (isThere || valueAt(value, ["gallery", "source"]) !== undefined) return [];
  return [{ path: ["properties"], message: "is missing; expected an object" }];
}

function checkImageName(value: unknown, blobName: string): Finding[] {
  const derived = baseName(blobName);
  if (isGalleryOnly(value)) return [];
  if (valueAt(value, ["imageName"]) !== undefined || keepsRule(derived, IMAGE_NAME)) return [];
  return [
    {
      path: ["imageName"],
      message: `is missing, and the manifest's own name ${describeValue(derived)} is not a valid image name (${IMAGE_NAME.expected}); '${proposeImageName(derived)}' would be valid`,
    },
  ];
}

function checkFallbacks(value: unknown, { defaults, locator }: ManifestContext): Finding[] {
  const missing = ({ key, setting }: { key: string; setting: string }, parent: Path): Finding => ({
    path: [...parent, key],
    message: `is missing; add it to the manifest or set ${setting}`,
  });
  // The address of a gallery has checks of its own.
  const needed = isGalleryOnly(value)
    ? FALLBACKS.filter(({ key }) => key === "location")
    : FALLBACKS;
  const isSaid = (key: string): boolean =>
    valueAt(value, [key]) !== undefined ||
    (isGalleryOnly(value) && valueAt(value, ["gallery", key]) !== undefined);
  const top = needed.filter(({ key }) => !isSaid(key) && defaults[key] === null);
  const osDisk = valueAt(value, [...PROFILE, "osDisk"]);
  const os =
    typeof osDisk === "object" && osDisk !== null
      ? [...(canTellSystem(value, locator) ? [] : [OS_TYPE]), OS_STATE].filter(
          ({ key }) => valueAt(osDisk, [key]) === undefined && defaults[key] === null,
        )
      : [];
  return [
    ...top.map((item) => missing(item, [])),
    ...os.map((item) => missing(item, [...PROFILE, "osDisk"])),
  ];
}

/** Whether the OS disk may say its system itself: it is to be inspected, and the app can read it. */
function canTellSystem(value: unknown, locator: BlobLocator): boolean {
  const uri = valueAt(value, [...PROFILE, "osDisk", "blobUri"]);
  const isForeign = typeof uri === "string" && locator.locate(uri).kind === "external";
  const mode = valueAt(value, ["inspect"]);
  return !isForeign && !(typeof mode === "string" && findWord(["off"], mode) === "off");
}

function checkBlobUris(value: unknown, locator: BlobLocator): Finding[] {
  const dataDisks = valueAt(value, [...PROFILE, "dataDisks"]);
  const count = Array.isArray(dataDisks) ? dataDisks.length : 0;
  const paths = [
    [...PROFILE, "osDisk", "blobUri"],
    ...Array.from({ length: count }, (_, index) => [...PROFILE, "dataDisks", index, "blobUri"]),
  ];
  return paths.flatMap((path) => {
    const uri = valueAt(value, path);
    const isThere =
      typeof uri === "string" && (uri.length > LIMITS.blobUri.limit || uri.trim() !== "");
    const located = isThere ? locator.locate(uri) : null;
    if (located?.kind !== "invalid") return [];
    return [{ path, message: `is ${describeValue(uri)}: ${located.reason}` }];
  });
}

function build(manifest: Manifest, context: ManifestContext): ImageDraft {
  const { defaults, locator } = context;
  const { properties = {}, tags, extendedLocation, managedImage, gallery } = manifest;
  const { gallery: place } = defaults;
  // A gallery's own address stands in where no managed image is made.
  const target = {
    imageName: manifest.imageName ?? baseName(context.name),
    resourceGroup: present(
      manifest.resourceGroup ??
        defaults.resourceGroup ??
        gallery?.resourceGroup ??
        place?.resourceGroup,
    ),
    subscriptionId: present(
      manifest.subscriptionId ??
        defaults.subscriptionId ??
        gallery?.subscriptionId ??
        place?.subscriptionId,
    ),
  };
  const location = present(manifest.location ?? gallery?.location ?? defaults.location);
  const fillIn = (id: string): string => fillPlaceholders(id, target);
  const { osDisk, dataDisks = [], zoneResilient } = properties.storageProfile ?? {};
  const vm = properties.sourceVirtualMachine;
  const { hyperVGeneration } = properties;
  return {
    ...target,
    location,
    ...(tags && { tags: tags as Record<string, string> }),
    ...(extendedLocation && { extendedLocation }),
    ...(hyperVGeneration && { hyperVGeneration }),
    ...(zoneResilient !== undefined && { zoneResilient }),
    ...(vm && { sourceVirtualMachine: fillIn(vm.id) }),
    ...(osDisk && {
      osDisk: buildOsDisk(osDisk, defaults, (disk) => buildDisk(disk, locator, fillIn)),
    }),
    dataDisks: dataDisks.map(
      (disk): DataDisk => ({ lun: disk.lun, ...buildDisk(disk, locator, fillIn) }),
    ),
    ...(managedImage !== undefined && { managedImage }),
    ...(gallery && {
      gallery: buildGallery({ ...manifest, gallery }, { target, location, defaults, fillIn }),
    }),
  };
}

/** Today's form of a resource id: a leading slash, placeholders filled with the request's target. */
function fillPlaceholders(
  id: string,
  target: Pick<ImageDraft, "subscriptionId" | "resourceGroup">,
): string {
  const filled = id
    .replaceAll("{subscriptionId}", target.subscriptionId)
    .replaceAll("{resourceGroup}", target.resourceGroup);
  return filled.startsWith("/") ? filled : `/${filled}`;
}
