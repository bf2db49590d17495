/** A reference to another resource by its id. */
export interface SubResource {
  readonly id: string;
}

/** What OS disk and data disks of an image have in common, in the wire form of the API. */
export interface ImageDisk {
  readonly snapshot?: SubResource;
  readonly managedDisk?: SubResource;
  readonly blobUri?: string;
  readonly caching?: string;
  readonly diskSizeGB?: number;
  readonly storageAccountType?: string;
  readonly diskEncryptionSet?: SubResource;
}

/** The OS disk of an image. */
export interface ImageOSDisk extends ImageDisk {
  readonly osType: string;
  readonly osState: string;
}

/** A data disk of an image. */
export interface ImageDataDisk extends ImageDisk {
  readonly lun: number;
}

/** The disks of an image. */
export interface ImageStorageProfile {
  readonly osDisk?: ImageOSDisk;
  readonly dataDisks?: readonly ImageDataDisk[];
  readonly zoneResilient?: boolean;
}

/** The `properties` of an image. */
export interface ImageProperties {
  readonly sourceVirtualMachine?: SubResource;
  readonly storageProfile?: ImageStorageProfile;
  readonly hyperVGeneration?: string;
}

/** An edge zone. */
export interface ExtendedLocation {
  readonly name?: string;
  readonly type?: string;
}

/** The body of a PUT: an image without what only the service sets. */
export interface ImageBody {
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly extendedLocation?: ExtendedLocation;
  readonly properties?: ImageProperties;
}

/** The body of a PATCH. */
export interface ImageUpdateBody {
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: ImageProperties;
}

/** A disk of an image body, with the role it plays and the name the service uses for it in errors. */
export interface PlacedDisk {
  readonly role: "os" | "data";
  /** `osDisk` or `dataDisks[n]`. */
  readonly parameter: string;
  /** Path from the body's root, e.g. `properties.storageProfile.osDisk`. */
  readonly path: string;
  readonly disk: ImageDisk;
}

/** Returns the disks of an image: the OS disk first, then the data disks in their order. */
export function listDisks(properties: ImageProperties | undefined): PlacedDisk[] {
  const profile = properties?.storageProfile;
  const place = (role: "os" | "data", parameter: string, disk: ImageDisk): PlacedDisk => ({
    role,
    parameter,
    path: `properties.storageProfile.${parameter}`,
    disk,
  });
  const osDisk = profile?.osDisk === undefined ? [] : [place("os", "osDisk", profile.osDisk)];
  const dataDisks = (profile?.dataDisks ?? []).map((disk, index) =>
    place("data", `dataDisks[${index}]`, disk),
  );
  return [...osDisk, ...dataDisks];
}
