import { readFileSync } from "node:fs";
import type { WireBody } from "../../../../shared/image/image-body.ts";
import { computeId } from "../../../factories.ts";

/**
 * The examples of the REST reference "Create a virtual machine image" (2017-03-30), each to the byte
 * verbatim: texts for luns, ids without a leading slash, trailing commas and all.
 */

/** A request example and the body that it must become. */
export interface ReferenceExample {
  readonly title: string;
  readonly text: string;
  readonly body: WireBody;
}

const location = "West US";
const hyperVGeneration = "V1";

const managedOsDisk = {
  osType: "Windows",
  osState: "Generalized",
  managedDisk: { id: computeId("disks", "myManagedDisk1") },
};

export const REFERENCE_EXAMPLES: readonly ReferenceExample[] = [
  {
    title: "from a blob",
    text: readExample("blob"),
    body: {
      location,
      properties: {
        storageProfile: {
          osDisk: {
            osType: "Windows",
            osState: "Generalized",
            blobUri: "https://mystorageaccount.blob.core.windows.net/osimages/osimage.vhd",
          },
        },
        hyperVGeneration,
      },
    },
  },
  {
    title: "from a snapshot",
    text: readExample("snapshot"),
    body: {
      location,
      properties: {
        storageProfile: {
          osDisk: {
            osType: "Windows",
            osState: "Generalized",
            snapshot: { id: computeId("snapshots", "mySnapshot1") },
          },
        },
        hyperVGeneration,
      },
    },
  },
  {
    title: "from a managed disk",
    text: readExample("managed-disk"),
    body: {
      location,
      tags: { key: "value" },
      properties: { storageProfile: { osDisk: managedOsDisk }, hyperVGeneration },
    },
  },
  {
    title: "from an existing virtual machine",
    text: readExample("virtual-machine"),
    body: {
      location,
      properties: { sourceVirtualMachine: { id: computeId("virtualMachines", "myVM") } },
    },
  },
  {
    title: "that includes a data disk from a blob",
    text: readExample("data-disk-blob"),
    body: bodyWithDataDisk({
      lun: 1,
      blobUri: "https://mystorageaccount.blob.core.windows.net/dataimages/dataimage.vhd",
    }),
  },
  {
    title: "that includes a data disk from a snapshot",
    text: readExample("data-disk-snapshot"),
    body: bodyWithDataDisk({
      lun: 1,
      snapshot: { id: computeId("snapshots", "mySnapshot1") },
    }),
  },
  {
    title: "that includes a data disk from a managed disk",
    text: readExample("data-disk-managed-disk"),
    body: bodyWithDataDisk({
      lun: 1,
      managedDisk: { id: computeId("disks", "myManagedDisk2") },
    }),
  },
];

/** The reference's optional elements: fragments to be put into a body, commas included. */
export const REFERENCE_ELEMENTS = {
  tags: readExample("element-tags"),
  diskSize: readExample("element-disk-size"),
  storageAccountType: readExample("element-storage-account-type"),
  hostCaching: readExample("element-host-caching"),
} as const;

/** The reference's response example. A comma is missing in it, and no request may say all it says. */
export const REFERENCE_RESPONSE = readExample("response");

/** The example from a blob, with text put in front of a key of its body or of its OS disk. */
export function insertBefore(key: "location" | "osType", fragment: string): string {
  return readExample("blob").replace(
    `"${key}"`,
    `${fragment.trim().replace(/,?$/, ",")}\n"${key}"`,
  );
}

function bodyWithDataDisk(disk: Readonly<Record<string, unknown>>): WireBody {
  return {
    location,
    properties: {
      storageProfile: { osDisk: managedOsDisk, dataDisks: [disk] },
      hyperVGeneration,
    },
  };
}

function readExample(name: string): string {
  const file = new URL(`../../../fixtures/reference/${name}.json`, import.meta.url);
  return readFileSync(file, "utf8");
}
