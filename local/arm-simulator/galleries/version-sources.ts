import { ArmError, invalidParameter } from "../errors.ts";
import { normalizeLocation } from "../locations.ts";
import { parseResourceId, toKey } from "../resource-id.ts";
import type { Service } from "../service.ts";
import type { DiskImage, DiskImageSource, VersionStorageProfile } from "./version-model.ts";
import { blobById } from "./version-rules.ts";

const PATH = "galleryImageVersion.properties.storageProfile";
const GIBIBYTE = 2 ** 30;

/** What a version's source is known to be; what is undefined is not known. */
export interface SourceFacts {
  readonly id: string;
  readonly kind: "blob" | "disk" | "virtualMachine" | "image" | "version";
  readonly hyperVGeneration?: string | undefined;
  readonly osType?: string | undefined;
  readonly osState?: string | undefined;
  readonly architecture?: string | undefined;
}

/** A version's disks as they will be, and what its OS disk's source is known to be. */
export interface ResolvedSources {
  readonly profile: VersionStorageProfile;
  readonly facts: SourceFacts;
}

/**
 * Looks up the sources of a version and returns its disks with their sizes.
 *
 * @throws ArmError for a source that does not exist, is in another location, or is unfit
 */
export async function resolveSources(
  service: Service,
  profile: VersionStorageProfile,
  location: string,
): Promise<ResolvedSources> {
  if (profile.source !== undefined) return resolveWhole(service, profile, location);
  const { osDiskImage = {}, dataDiskImages } = profile;
  const os = await resolveDisk(service, osDiskImage, location, "osDiskImage");
  const data = [];
  for (const [index, disk] of (dataDiskImages ?? []).entries()) {
    const name = `dataDiskImages[${index}]`;
    const { sizeInGB } = await resolveDisk(service, disk, location, name);
    data.push({ ...disk, sizeInGB });
  }
  return {
    profile: {
      ...profile,
      osDiskImage: { ...osDiskImage, sizeInGB: os.sizeInGB },
      ...(dataDiskImages === undefined ? {} : { dataDiskImages: data }),
    },
    facts: os.facts,
  };
}

interface ResolvedDisk {
  readonly sizeInGB: number;
  readonly facts: SourceFacts;
}

async function resolveDisk(
  service: Service,
  { source = {} }: DiskImage,
  location: string,
  name: string,
): Promise<ResolvedDisk> {
  const target = `${PATH}.${name}.source`;
  if (source.uri !== undefined) return resolveBlob(service, source, location, name);
  const { id = "" } = source;
  const found = service.store.sources.get(toKey(id));
  const type = parseResourceId(id)?.type.toLowerCase();
  if (type !== "disks" && type !== "snapshots") throw blobById(`${target}.id`);
  if (found === undefined || found.type === "virtualMachines") throw notFound(id, `${target}.id`);
  judgeHere(id, found.location, location, `${target}.id`);
  const { sizeGB, hyperVGeneration, osType, architecture } = found;
  return {
    sizeInGB: sizeGB,
    facts: { id, kind: "disk", hyperVGeneration, osType, architecture },
  };
}

async function resolveBlob(
  service: Service,
  { uri = "", storageAccountId = "" }: DiskImageSource,
  location: string,
  name: string,
): Promise<ResolvedDisk> {
  const target = `${PATH}.${name}.source`;
  const account = service.store.storageAccounts.get(toKey(storageAccountId));
  if (!/\/providers\/Microsoft\.Storage\/storageAccounts\/[^/]+$/i.test(storageAccountId)) {
    throw invalidParameter(
      `${target}.storageAccountId`,
      `Id ${storageAccountId} is not a valid resource reference. Expected the id of a resource of type Microsoft.Storage/storageAccounts.`,
    );
  }
  if (account === undefined) throw notFound(storageAccountId, `${target}.storageAccountId`);
  judgeHere(storageAccountId, account.location, location, `${target}.storageAccountId`);
  const role = name === "osDiskImage" ? "os" : "data";
  const blob = await service.judgeBlob({ role, parameter: name, target: `${target}.uri`, uri });
  if (blob.account !== account.name) {
    throw invalidParameter(
      `${target}.uri`,
      `The blob is in the storage account '${blob.account}', not in ${storageAccountId}.`,
    );
  }
  return { sizeInGB: Math.ceil(blob.bytes / GIBIBYTE), facts: { id: uri, kind: "blob" } };
}

function resolveWhole(
  service: Service,
  profile: VersionStorageProfile,
  location: string,
): ResolvedSources {
  const { id, virtualMachineId, communityGalleryImageId } = profile.source ?? {};
  const given = id ?? virtualMachineId ?? communityGalleryImageId ?? "";
  const member =
    id !== undefined ? "id" : virtualMachineId ? "virtualMachineId" : "communityGalleryImageId";
  const target = `${PATH}.source.${member}`;
  const found =
    virtualMachineId !== undefined
      ? findMachine(service, given)
      : id !== undefined
        ? (findImageSource(service, given) ?? findVersionSource(service, given))
        : findCommunitySource(service, given);
  if (found === undefined) {
    judgeKind(given, virtualMachineId !== undefined, target);
    throw notFound(given, target);
  }
  judgeHere(given, found.location, location, target);
  const { osDiskImage = {}, dataDiskImages = [] } = profile;
  return {
    profile: {
      ...profile,
      osDiskImage: { hostCaching: "ReadWrite", ...osDiskImage, sizeInGB: found.osSizeGB },
      ...(found.dataDisks.length === 0
        ? {}
        : {
            dataDiskImages: found.dataDisks.map((disk) => ({
              hostCaching: "ReadWrite",
              ...dataDiskImages.find(({ lun }) => lun === disk.lun),
              ...disk,
            })),
          }),
    },
    facts: found.facts,
  };
}

interface FoundWhole {
  readonly location: string;
  readonly osSizeGB: number;
  readonly dataDisks: readonly { readonly lun: number; readonly sizeInGB: number }[];
  readonly facts: SourceFacts;
}

function findMachine(service: Service, id: string): FoundWhole | undefined {
  const machine = service.store.sources.get(toKey(id));
  if (machine?.type !== "virtualMachines") return undefined;
  const { location, osDisk, dataDisks, hyperVGeneration, osType, generalized } = machine;
  return {
    location,
    osSizeGB: osDisk.sizeGB,
    dataDisks: dataDisks.map(({ lun, sizeGB }) => ({ lun, sizeInGB: sizeGB })),
    facts: {
      id,
      kind: "virtualMachine",
      hyperVGeneration,
      osType,
      osState: generalized ? "Generalized" : "Specialized",
    },
  };
}

function findImageSource(service: Service, id: string): FoundWhole | undefined {
  const image = service.store.images.get(toKey(id));
  if (image?.provisioningState !== "Succeeded") return undefined;
  const { location, properties = {} } = image.completed;
  const { osDisk, dataDisks = [] } = properties.storageProfile ?? {};
  return {
    location,
    osSizeGB: osDisk?.diskSizeGB ?? 1,
    dataDisks: dataDisks.map(({ lun, diskSizeGB = 1 }) => ({ lun, sizeInGB: diskSizeGB })),
    facts: {
      id,
      kind: "image",
      hyperVGeneration: properties.hyperVGeneration,
      osType: osDisk?.osType,
      osState: osDisk?.osState,
    },
  };
}

function findVersionSource({ store }: Service, id: string): FoundWhole | undefined {
  const version = store.versions.get(toKey(id));
  if (version?.provisioningState !== "Succeeded") return undefined;
  const definition = store.definitions.get(toKey(id).replace(/\/versions\/[^/]*$/, ""));
  const { osDiskImage, dataDiskImages = [] } = version.completedProfile;
  return {
    location: version.location,
    osSizeGB: osDiskImage?.sizeInGB ?? 1,
    dataDisks: dataDiskImages.map(({ lun, sizeInGB = 1 }) => ({ lun, sizeInGB })),
    facts: {
      id,
      kind: "version",
      hyperVGeneration: definition?.properties.hyperVGeneration,
      osType: definition?.properties.osType,
      osState: definition?.properties.osState,
      architecture: definition?.properties.architecture,
    },
  };
}

/**
 * A version by its community id. Every gallery of the simulator is shared with the community, as
 * `{name}-` and whatever follows; the service chooses what follows.
 */
function findCommunitySource(service: Service, id: string): FoundWhole | undefined {
  const [, gallery, image, version] =
    /^\/communitygalleries\/([^/]+?)-[^/]*\/images\/([^/]+)\/versions\/([^/]+)$/.exec(
      id.toLowerCase(),
    ) ?? [];
  const end = `/galleries/${gallery}/images/${image}/versions/${version}`;
  const found = [...service.store.versions.keys()].find((key) => key.endsWith(end));
  return found === undefined ? undefined : findVersionSource(service, found);
}

/** A machine's place is `virtualMachineId` since 2023-07-03; everything else has `id`. */
function judgeKind(id: string, isMachine: boolean, target: string): void {
  const type = parseResourceId(id)?.type.toLowerCase();
  const allowed = isMachine ? ["virtualmachines"] : ["images", "galleries/images/versions"];
  if (target.endsWith(".communityGalleryImageId") || allowed.includes(type ?? "")) return;
  throw invalidParameter(
    target,
    `Id ${id} is not a valid resource reference. ${isMachine ? "Expected the id of a virtual machine." : "Expected the id of an image or a gallery image version; a virtual machine belongs in virtualMachineId."}`,
  );
}

function judgeHere(id: string, where: string, location: string, target: string): void {
  if (normalizeLocation(where) !== normalizeLocation(location)) {
    throw new ArmError(404, "NotFound", `The entity ${id} was not found in this Azure location.`, {
      target,
    });
  }
}

function notFound(id: string, target: string): ArmError {
  return new ArmError(404, "NotFound", `Resource ${id} is not found.`, { target });
}
