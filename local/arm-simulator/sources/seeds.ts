import { formatResourceId } from "../resource-id.ts";
import type { SourceDisk, SourceResource, SourceVirtualMachine } from "./source-model.ts";

/** The resource group that the request examples of the API reference name. */
export const SEED_RESOURCE_GROUP = "myResourceGroup";

/** Gibibytes; less than every `diskSizeGB` in the reference, for an image cannot shrink a disk. */
const SEED_SIZE_GB = 10;

/** Where and when the seeded resources exist. */
export interface SeedPlace {
  readonly subscriptionId: string;
  readonly location: string;
  readonly createdAt: Date;
}

/**
 * Returns the resources that the request examples of the "Create a virtual machine image" reference
 * refer to, and one virtual machine that must be refused because it is running.
 */
export function listSeeds(place: SeedPlace): SourceResource[] {
  return [
    // The reference takes them for an OS disk here and for a data disk there: they report no operating system.
    seedDisk(place, "snapshots", "mySnapshot1"),
    seedDisk(place, "snapshots", "mySnapshot2"),
    seedDisk(place, "disks", "myManagedDisk1"),
    seedDisk(place, "disks", "myManagedDisk2"),
    ...seedVirtualMachine(place, "myVM", { generalized: true, powerState: "deallocated" }),
    ...seedVirtualMachine(place, "myRunningVM", { generalized: false, powerState: "running" }),
  ];
}

function seedDisk(place: SeedPlace, type: SourceDisk["type"], name: string): SourceDisk {
  const { subscriptionId, location, createdAt } = place;
  return {
    type,
    id: formatResourceId({ subscriptionId, resourceGroup: SEED_RESOURCE_GROUP, type, name }),
    name,
    location,
    sizeGB: SEED_SIZE_GB,
    sku: "Standard_LRS",
    hyperVGeneration: "V1",
    createdAt,
  };
}

function seedVirtualMachine(
  place: SeedPlace,
  name: string,
  state: Pick<SourceVirtualMachine, "generalized" | "powerState">,
): SourceResource[] {
  const osDisk = { ...seedDisk(place, "disks", `${name}_OsDisk`), osType: "Windows" };
  const dataDisk = seedDisk(place, "disks", `${name}_DataDisk_0`);
  const attach = ({ id, sizeGB, sku }: SourceDisk) => ({ id, sizeGB, sku, caching: "ReadWrite" });
  const machine: SourceVirtualMachine = {
    type: "virtualMachines",
    id: formatResourceId({
      subscriptionId: place.subscriptionId,
      resourceGroup: SEED_RESOURCE_GROUP,
      type: "virtualMachines",
      name,
    }),
    name,
    location: place.location,
    osType: "Windows",
    hyperVGeneration: "V1",
    ...state,
    osDisk: attach(osDisk),
    dataDisks: [{ lun: 0, ...attach(dataDisk) }],
    createdAt: place.createdAt,
  };
  return [osDisk, dataDisk, machine];
}
