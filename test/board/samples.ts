import type { Disk, Failure, Inspection, Status } from "../../board/model/status.ts";

/** When the samples are seen. */
export const NOW = Date.parse("2026-11-26T10:30:00Z");

/** A time so many seconds before {@link NOW}. */
export function ago(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString();
}

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";

/** A request that waits for its disk; parts replace its own. */
export function makeStatus(parts: Partial<Status> & { readonly requestId: string }): Status {
  const name = (parts.source ?? "web.json").replace(/\.\w+$/, "");
  return {
    state: "waiting",
    kind: "manifest",
    source: "web.json",
    image: { name, resourceGroup: "images-rg", location: "westeurope", id: null },
    outputs: [{ kind: "managedImage", state: "pending", id: null, error: null }],
    disks: [makeDisk({ blob: "web-os.vhd", state: "uploading", detail: "last written 2 s ago" })],
    warnings: [],
    error: null,
    retrying: null,
    retryOf: null,
    retriedBy: null,
    createdAt: ago(90),
    updatedAt: ago(60),
    completedAt: null,
    events: [
      { at: ago(90), state: "received", message: "a manifest was uploaded" },
      { at: ago(60), state: "waiting", message: "waiting for web-os.vhd" },
    ],
    ...parts,
  };
}

/** An OS disk that is complete; parts replace its own. */
export function makeDisk(parts: Partial<Disk>): Disk {
  return {
    role: "os",
    blob: "web-os.vhd",
    state: "complete",
    detail: null,
    inspection: null,
    warnings: [],
    ...parts,
  };
}

export const UBUNTU: Inspection = {
  format: "fixed VHD",
  virtualSize: 32 * 1024 ** 3,
  partitionTable: "gpt",
  partitions: [
    { type: "EFI system", size: 268435456, fileSystem: "FAT32", label: "EFI" },
    { type: "Linux filesystem", size: 31 * 1024 ** 3, fileSystem: "ext4", label: "rootfs" },
  ],
  osType: "Linux",
  hyperVGeneration: "V2",
  architecture: "x64",
  confidence: "high",
  reasons: [
    "UEFI only: EFI system partition, no BIOS boot code",
    "Linux: ext4, nothing of Windows",
  ],
};

export const NOT_GENERALIZED: Failure = {
  code: "InvalidManifest",
  message: "The manifest has 2 mistakes.",
  fix: "Correct the manifest and upload it again:\n  az storage blob upload --account-name images --container-name uploads \\\n    --file appliance.json --name appliance.json --overwrite",
  retryable: false,
  target: "appliance.json",
  details: [
    {
      code: "UnknownKey",
      message: "line 7, column 9: 'osStat' is not a key of osDisk; did you mean 'osState'?",
      target: "properties.storageProfile.osDisk.osStat",
    },
    {
      code: "InvalidValue",
      message: "line 9, column 22: 'V3' is not allowed; use V1 or V2",
      target: "properties.hyperVGeneration",
    },
  ],
};

/** Requests in every state, as a busy app has them. */
export function listSamples(): readonly Status[] {
  return [
    makeStatus({
      requestId: "aaaaaaaaaaaaaaaaaaaa",
      source: "ubuntu-24.04.json",
      state: "creating",
      outputs: [
        {
          kind: "managedImage",
          state: "succeeded",
          id: `${SUBSCRIPTION}/resourceGroups/images-rg/providers/Microsoft.Compute/images/ubuntu-24.04`,
          error: null,
        },
        {
          kind: "galleryVersion",
          state: "replicating",
          id: `${SUBSCRIPTION}/resourceGroups/images-rg/providers/Microsoft.Compute/galleries/images/images/ubuntu/versions/1.4.0`,
          version: "1.4.0",
          error: null,
          replication: {
            aggregatedState: "InProgress",
            regions: [
              { region: "West Europe", state: "Completed", progress: 100, details: "" },
              { region: "North Europe", state: "Replicating", progress: 42, details: "" },
            ],
          },
        },
      ],
      disks: [makeDisk({ blob: "ubuntu-24.04.vhd", inspection: UBUNTU })],
      createdAt: ago(1500),
      updatedAt: ago(35),
      events: [
        { at: ago(1500), state: "received", message: "a manifest was uploaded" },
        { at: ago(1490), state: "waiting", message: "waiting for ubuntu-24.04.vhd" },
        { at: ago(900), state: "submitting", message: "every disk is complete" },
        { at: ago(880), state: "creating", message: "Azure accepted the image and the version" },
      ],
    }),
    makeStatus({
      requestId: "bbbbbbbbbbbbbbbbbbbb",
      source: "windows-2025.vhdx",
      kind: "vhd",
      state: "converting",
      disks: [
        makeDisk({
          blob: "windows-2025.vhdx",
          state: "converting",
          detail: "converting",
          conversion: {
            from: "vhdx",
            to: "converted/windows-2025-k3v.vhd",
            mode: "server-side",
            bytesTotal: 24 * 1024 ** 3,
            bytesDone: 15 * 1024 ** 3,
          },
        }),
      ],
      createdAt: ago(300),
      updatedAt: ago(4),
      events: [
        { at: ago(300), state: "received", message: "a disk was uploaded" },
        { at: ago(298), state: "waiting", message: "waiting for windows-2025.vhdx" },
        { at: ago(280), state: "converting", message: "converting windows-2025.vhdx" },
      ],
    }),
    makeStatus({ requestId: "cccccccccccccccccccc" }),
    makeStatus({
      requestId: "dddddddddddddddddddd",
      source: "appliance.json",
      state: "failed",
      error: NOT_GENERALIZED,
      outputs: [],
      disks: [],
      createdAt: ago(4000),
      updatedAt: ago(3999),
      completedAt: ago(3999),
      events: [
        { at: ago(4000), state: "received", message: "a manifest was uploaded" },
        { at: ago(3999), state: "failed", message: "The manifest has 2 mistakes." },
      ],
    }),
    makeStatus({
      requestId: "eeeeeeeeeeeeeeeeeeee",
      source: "debian-13.vhd",
      kind: "vhd",
      state: "succeeded",
      disks: [makeDisk({ blob: "debian-13.vhd", inspection: UBUNTU })],
      createdAt: ago(9000),
      updatedAt: ago(8000),
      completedAt: ago(8000),
      events: [
        { at: ago(9000), state: "received", message: "a disk was uploaded" },
        { at: ago(8700), state: "creating", message: "Azure accepted the image" },
        { at: ago(8000), state: "succeeded", message: "the image is ready" },
      ],
    }),
    makeStatus({
      requestId: "ffffffffffffffffffff",
      source: "old-build.json",
      state: "canceled",
      createdAt: ago(20000),
      updatedAt: ago(19000),
      completedAt: ago(19000),
      retriedBy: "cccccccccccccccccccc",
      events: [
        { at: ago(20000), state: "received", message: "a manifest was uploaded" },
        { at: ago(19000), state: "canceled", message: "canceled by a user" },
      ],
    }),
  ];
}
