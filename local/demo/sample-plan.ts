import { imageContent, memorySource } from "../disk-upload/index.ts";
import {
  buildSampleVhd,
  buildSampleVhdx,
  GIB,
  MIB,
  type SampleName,
} from "../sample-vhds/index.ts";
import type { DemoContent, DemoPlan, DemoRequest, DemoUpload } from "./plan.ts";
import { DEFINITION, REGIONS } from "./prepare-gallery.ts";

/** All that has to be said of a VHD whose disk tells system and generation itself. */
const GENERALIZED = { osstate: "Generalized" };

const BARE_LINUX: DemoRequest = {
  source: "ubuntu.vhd",
  title: "Linux VHD, no manifest",
  expected: "succeeded",
};

/** The upload that the app converts. */
export const CONVERTED_UPLOAD = "server.vhdx";

const REQUESTS: readonly DemoRequest[] = [
  {
    source: CONVERTED_UPLOAD,
    title: "Linux VHDX, converted",
    expected: "succeeded",
    convertedFrom: "vhdx",
  },
  { source: "web.json", title: "OS and two data disks", expected: "succeeded" },
  {
    source: "golden.json",
    title: "Linux VHD, for a gallery",
    expected: "succeeded",
    regions: REGIONS.length,
  },
  { source: "restored.json", title: "snapshot", expected: "succeeded" },
  { source: "cloned.json", title: "managed disk", expected: "succeeded" },
  { source: "captured.json", title: "virtual machine", expected: "succeeded" },
  { source: "legacy.json", title: "unconverted dynamic VHD", expected: "failed" },
];

/** Names of the samples' blobs and images: a disk of the user gets another one. */
export function takenNames(): ReadonlySet<string> {
  const { requests, uploads } = createPlan();
  const others = requests.filter(({ source }) => source !== BARE_LINUX.source);
  const blobs = uploads.filter(({ source }) => source !== BARE_LINUX.source);
  return new Set([...others.map(({ source }) => source), ...blobs.map(({ blob }) => blob)]);
}

/**
 * Returns the demo's eight requests and their uploads. The order shows what can happen: a manifest
 * before, between and after its VHDs, and a request that waits for a disk.
 *
 * @param own the user's own VHD in place of the bare Linux VHD
 */
export function createPlan(own?: { request: DemoRequest; upload: DemoUpload }): DemoPlan {
  const first = own?.request ?? BARE_LINUX;
  return {
    requests: [first, ...REQUESTS],
    uploads: [
      { source: "web.json", ...manifest("web.json", WEB) },
      { source: "web.json", ...vhd("web-os.vhd", "windows-gen2", 8 * GIB, 32 * MIB) },
      { source: "web.json", ...vhd("web-data.vhd", "data-ntfs", 16 * GIB, 16 * MIB) },
      { source: CONVERTED_UPLOAD, ...vhdx(CONVERTED_UPLOAD, 4 * GIB, 24 * MIB) },
      { source: "golden.json", ...vhd("golden.vhd", "linux-gen2", 4 * GIB, 8 * MIB) },
      { source: "golden.json", ...manifest("golden.json", GOLDEN) },
      { source: first.source, ...(own?.upload ?? BARE_LINUX_UPLOAD) },
      { source: "restored.json", ...manifest("restored.json", fromDisk("snapshot")) },
      { source: "cloned.json", ...manifest("cloned.json", fromDisk("managedDisk")) },
      { source: "captured.json", ...manifest("captured.json", FROM_MACHINE) },
      { source: "legacy.json", ...vhd("legacy.vhd", "broken-dynamic", 4 * GIB, 0) },
      { source: "legacy.json", ...manifest("legacy.json", LEGACY) },
      { source: "web.json", ...vhd("web-logs.vhd", "data-ntfs", 4 * GIB, 8 * MIB), awaited: true },
    ],
  };
}

const BARE_LINUX_UPLOAD = vhd("ubuntu.vhd", "linux-gen2", 4 * GIB, 48 * MIB, GENERALIZED);

const WEB = {
  tags: { department: "Development" },
  properties: {
    hyperVGeneration: "V2",
    storageProfile: {
      osDisk: {
        osType: "Windows",
        osState: "Generalized",
        blobUri: "web-os.vhd",
        caching: "ReadWrite",
      },
      dataDisks: [
        { lun: 0, blobUri: "web-data.vhd", storageAccountType: "Premium_LRS" },
        { lun: 1, blobUri: "web-logs.vhd" },
      ],
    },
  },
};

/** Without a managed image: the gallery alone gets it. */
const GOLDEN = {
  gallery: { definition: DEFINITION, version: "1.0.auto", targetRegions: REGIONS },
  properties: {
    storageProfile: {
      osDisk: { osType: "Linux", osState: "Generalized", blobUri: "golden.vhd" },
    },
  },
};

const LEGACY = {
  convert: "never",
  properties: {
    storageProfile: {
      osDisk: { osType: "Linux", osState: "Generalized", blobUri: "legacy.vhd" },
    },
  },
};

/** Where the examples of the images API reference have their resources. */
const COMPUTE =
  "/subscriptions/{subscriptionId}/resourceGroups/myResourceGroup/providers/Microsoft.Compute";

const FROM_MACHINE = {
  location: "West US",
  properties: { sourceVirtualMachine: { id: `${COMPUTE}/virtualMachines/myVM` } },
};

function fromDisk(kind: "snapshot" | "managedDisk"): unknown {
  const id = kind === "snapshot" ? "snapshots/mySnapshot1" : "disks/myManagedDisk1";
  const osDisk = { osType: "Windows", osState: "generalized", [kind]: { id: `${COMPUTE}/${id}` } };
  return { location: "West US", properties: { storageProfile: { osDisk } } };
}

function manifest(blob: string, body: unknown): DemoUpload {
  return { blob, content: { kind: "manifest", body } };
}

function vhd(
  blob: string,
  sample: SampleName,
  virtualSizeBytes: number,
  payloadBytes: number,
  metadata: Readonly<Record<string, string>> = {},
): DemoUpload {
  const content: DemoContent = {
    kind: "vhd",
    metadata,
    open: async () => {
      const image = buildSampleVhd(sample, { ...newIdentity(), virtualSizeBytes, payloadBytes });
      return memorySource(imageContent(image, blob));
    },
  };
  return { blob, content };
}

function vhdx(blob: string, virtualSizeBytes: number, payloadBytes: number): DemoUpload {
  const content: DemoContent = {
    kind: "file",
    metadata: GENERALIZED,
    open: async () => {
      const image = buildSampleVhdx({ ...newIdentity(), virtualSizeBytes, payloadBytes });
      return memorySource(imageContent(image, blob));
    },
  };
  return { blob, content };
}

function newIdentity(): { uuid: string; createdAt: Date } {
  return { uuid: crypto.randomUUID(), createdAt: new Date() };
}
