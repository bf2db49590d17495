/** Where the examples of the images API reference have their resources. */
const COMPUTE =
  "/subscriptions/{subscriptionId}/resourceGroups/myResourceGroup/providers/Microsoft.Compute";
const EXAMPLE_BLOBS = "https://mystorageaccount.blob.core.windows.net";

/** A manifest's JSON, and the body of the PUT that it has to become. */
export type ManifestPair = {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
};

type Disk = Readonly<Record<string, unknown>>;

/** The place that the local settings give to images that do not say otherwise. */
const LOCATION = "westus";

/** An image from blobs of the uploads container: an OS disk, and data disks by their luns. */
export function fromBlobs(osBlob: string, dataBlobs: readonly string[], tag: string): ManifestPair {
  const os = { osType: "Linux", osState: "Generalized", blobUri: osBlob, caching: "ReadWrite" };
  const dataDisks = dataBlobs.map((blobUri, lun) => ({ lun, blobUri, diskSizeGB: 4 }));
  const storageProfile = {
    osDisk: os,
    ...(dataDisks.length === 0 ? {} : { dataDisks }),
  };
  const properties = { storageProfile, hyperVGeneration: "V2" };
  return {
    manifest: { tags: { run: tag }, properties },
    body: { location: LOCATION, tags: { run: tag }, properties },
  };
}

/** Sources that are there from the start; the first use the words of the 2017-03-30 reference. */
export const RESOURCE_SOURCES = ["snapshot", "managedDisk", "virtualMachine", "blob"] as const;
export type ResourceSource = (typeof RESOURCE_SOURCES)[number];

/** An image from a resource or from a blob of another account, so that nothing has to be uploaded. */
export function fromResource(source: ResourceSource, diskSizeGB: number): ManifestPair {
  return BUILDERS[source](diskSizeGB);
}

const BUILDERS: Readonly<Record<ResourceSource, (diskSizeGB: number) => ManifestPair>> = {
  snapshot: (size) => fromOsDisk({ snapshot: { id: `${COMPUTE}/snapshots/mySnapshot1` } }, size),
  managedDisk: (size) =>
    fromOsDisk({ managedDisk: { id: `${COMPUTE}/disks/myManagedDisk1` } }, size),
  blob: (size) => fromOsDisk({ blobUri: `${EXAMPLE_BLOBS}/osimages/osimage.vhd` }, size),
  virtualMachine: () => {
    const properties = { sourceVirtualMachine: { id: `${COMPUTE}/virtualMachines/myVM` } };
    return { manifest: { properties }, body: { location: LOCATION, properties } };
  },
};

function fromOsDisk(source: Disk, diskSizeGB: number): ManifestPair {
  const fixed = { osType: "Windows", ...source };
  const lun = 3;
  const data = { snapshot: { id: `${COMPUTE}/snapshots/mySnapshot2` } };
  return {
    manifest: {
      location: "West US",
      properties: {
        storageProfile: {
          osDisk: { osState: "generalized", hostCaching: "ReadOnly", ...fixed },
          dataDisks: [{ lun: `${lun}`, diskSizeInGB: diskSizeGB, ...data }],
        },
      },
    },
    body: {
      location: "West US",
      properties: {
        storageProfile: {
          osDisk: { osState: "Generalized", caching: "ReadOnly", ...fixed },
          dataDisks: [{ lun, diskSizeGB, ...data }],
        },
        hyperVGeneration: "V1",
      },
    },
  };
}

/** An image from a snapshot of Linux that is there from the start. */
export function fromSnapshot(name: string, osOptions: Disk = {}): ManifestPair {
  const id = `${COMPUTE}/snapshots/${name}`;
  const osDisk = { osType: "Linux", osState: "Generalized", snapshot: { id }, ...osOptions };
  const properties = { storageProfile: { osDisk }, hyperVGeneration: "V2" };
  return { manifest: { properties }, body: { location: LOCATION, properties } };
}

/** Made to cost time, memory or a record too large to be kept. */
const HOSTILE_TEXTS: readonly string[] = [
  withOsDisk({ blobUri: "?".repeat(60_000) }),
  withOsDisk({ blobUri: "-eyJ".repeat(50_000) }),
  withOsDisk({ snapshot: { id: snapshotId("-eyJ".repeat(12_000)) } }),
  withOsDisk({ snapshot: { id: snapshotId("{resourceGroup}".repeat(12_000)) } }),
  `{"${"k".repeat(250_000)}":0}`,
  "[".repeat(200_000),
  "\0".repeat(10_000),
];

function withOsDisk(source: object): string {
  const osDisk = { osType: "Linux", osState: "Generalized", ...source };
  return JSON.stringify({ properties: { storageProfile: { osDisk } } });
}

function snapshotId(name: string): string {
  return `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute/snapshots/${name}`;
}

/** Texts that are not manifests, and the code that a request ends with. */
export const INVALID_MANIFESTS: readonly { readonly text: string; readonly code: string }[] = [
  { text: "", code: "InvalidManifest" },
  { text: '{ "properties": { "storageProfile": [ }', code: "InvalidManifest" },
  { text: '{ "properties": {} }', code: "InvalidManifest" },
  {
    text: JSON.stringify({ ...fromResource("snapshot", 16).manifest, tag: { a: "b" } }),
    code: "InvalidManifest",
  },
  ...HOSTILE_TEXTS.map((text) => ({ text, code: "InvalidManifest" })),
  {
    text: JSON.stringify({
      resourceGroup: "somebody-elses-rg",
      ...fromResource("managedDisk", 16).manifest,
    }),
    code: "NotAllowed",
  },
];
