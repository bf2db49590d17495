import { invalidParameter, missingParameter } from "../errors.ts";
import type { BlobJudge } from "../judge/judge-blob.ts";
import {
  judgeEncryptionSet,
  resolveSourceDisk,
  resolveVirtualMachine,
} from "../judge/judge-references.ts";
import type {
  AttachedDisk,
  SourceResource,
  SourceVirtualMachine,
} from "../sources/source-model.ts";
import { applyDefaults } from "./image-defaults.ts";
import {
  type ImageBody,
  type ImageDisk,
  type ImageProperties,
  listDisks,
  type PlacedDisk,
} from "./image-model.ts";

const GIBIBYTE = 2 ** 30;

/** What an image's sources are looked up in. */
export interface SourceLookup {
  readonly sources: ReadonlyMap<string, SourceResource>;
  readonly judgeBlob: BlobJudge;
  readonly apiVersion: string;
}

/** From this api-version on the generation of a blob has to be given; before, there was only V1. */
const GENERATION_SINCE = "2019-03-01";

/**
 * Judges an image's sources and returns the image with what the service fills in from them: sizes,
 * generation, defaults, and for a virtual machine the whole storage profile.
 *
 * @throws ArmError for a source that is missing, unfit, or in contradiction to the request
 */
export async function completeImage(image: ImageBody, lookup: SourceLookup): Promise<ImageBody> {
  const properties = image.properties ?? {};
  const machineId = properties.sourceVirtualMachine?.id;
  return {
    ...image,
    properties:
      machineId === undefined
        ? await completeFromDisks(image, lookup)
        : completeFromMachine(
            properties,
            resolveVirtualMachine(lookup.sources, machineId, image.location),
          ),
  };
}

async function completeFromDisks(image: ImageBody, lookup: SourceLookup): Promise<ImageProperties> {
  const disks = listDisks(image.properties);
  const sources = disks.map((disk) => {
    judgeEncryptionSet(disk);
    return resolveSourceDisk(lookup.sources, disk, image.location);
  });
  const usual = lookup.apiVersion < GENERATION_SINCE ? "V1" : undefined;
  const ofSource = sources[0]?.hyperVGeneration ?? usual;
  const hyperVGeneration = decideGeneration(image.properties, ofSource, "osDisk");
  const sizes = new Map<ImageDisk, number>();
  for (const [index, disk] of disks.entries()) {
    const sourceGB =
      sources[index]?.sizeGB ?? Math.ceil((await judgeDiskBlob(disk, lookup)) / GIBIBYTE);
    sizes.set(disk.disk, decideSize(disk, sourceGB));
  }
  return applyDefaults(fillSizes({ ...image.properties, hyperVGeneration }, sizes));
}

async function judgeDiskBlob(
  { role, parameter, disk }: PlacedDisk,
  { judgeBlob }: SourceLookup,
): Promise<number> {
  const uri = disk.blobUri ?? "";
  const { bytes } = await judgeBlob({ role, parameter, target: `${parameter}.blobUri`, uri });
  return bytes;
}

function fillSizes(properties: ImageProperties, sizes: Map<ImageDisk, number>): ImageProperties {
  const sized = <Disk extends ImageDisk>(disk: Disk): Disk => {
    const size = sizes.get(disk);
    return size === undefined ? disk : { ...disk, diskSizeGB: size };
  };
  const profile = properties.storageProfile;
  return {
    ...properties,
    storageProfile: {
      ...profile,
      ...(profile?.osDisk === undefined ? {} : { osDisk: sized(profile.osDisk) }),
      dataDisks: (profile?.dataDisks ?? []).map(sized),
    },
  };
}

function decideSize({ disk, parameter }: PlacedDisk, sourceGB: number): number {
  if (disk.diskSizeGB !== undefined && disk.diskSizeGB < sourceGB) {
    const name = `${parameter}.diskSizeGB`;
    throw invalidParameter(
      name,
      `The value '${disk.diskSizeGB}' of parameter ${name} is smaller than the size of the source, ${sourceGB} GB.`,
    );
  }
  return disk.diskSizeGB ?? sourceGB;
}

/**
 * A blob does not tell its generation, a managed source may
 * (https://github.com/Azure/azure-rest-api-specs/issues/12247); wording of the mismatch:
 * https://github.com/MicrosoftDocs/azure-devops-docs/issues/12411.
 */
function decideGeneration(
  properties: ImageProperties | undefined,
  ofSource: string | undefined,
  source: string,
): string {
  const asked = properties?.hyperVGeneration;
  const generation = asked ?? ofSource;
  if (generation === undefined) throw missingParameter("hyperVGeneration");
  if (ofSource !== undefined && ofSource !== generation) {
    throw invalidParameter(
      "hyperVGeneration",
      `The Input HyperVGeneration property: '${asked}' does not match with the HyperVGeneration property: '${ofSource}' belonging to source: '${source}'.`,
    );
  }
  return generation;
}

function completeFromMachine(
  properties: ImageProperties,
  machine: SourceVirtualMachine,
): ImageProperties {
  const copy = (disk: AttachedDisk) => ({
    managedDisk: { id: disk.id },
    caching: disk.caching,
    diskSizeGB: disk.sizeGB,
    storageAccountType: disk.sku,
  });
  return {
    ...properties,
    hyperVGeneration: decideGeneration(
      properties,
      machine.hyperVGeneration,
      "sourceVirtualMachine",
    ),
    storageProfile: {
      osDisk: { osType: machine.osType, osState: "Generalized", ...copy(machine.osDisk) },
      dataDisks: machine.dataDisks.map((disk) => ({ lun: disk.lun, ...copy(disk) })),
      zoneResilient: properties.storageProfile?.zoneResilient ?? false,
    },
  };
}
