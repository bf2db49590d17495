import type {
  AttachedDisk,
  SourceDisk,
  SourceResource,
  SourceVirtualMachine,
} from "./source-model.ts";

/** Returns a disk, snapshot or virtual machine as a GET answers it. */
export function viewSource(source: SourceResource, withInstanceView: boolean): object {
  return {
    id: source.id,
    name: source.name,
    type: `Microsoft.Compute/${source.type}`,
    location: source.location,
    ...(source.type === "virtualMachines"
      ? { properties: viewVirtualMachine(source, withInstanceView) }
      : { sku: { name: source.sku }, properties: viewDisk(source) }),
  };
}

/** Returns the answer of `GET …/virtualMachines/{name}/instanceView`. */
export function viewInstance(machine: SourceVirtualMachine): object {
  const status = (code: string, displayStatus: string) => ({ code, level: "Info", displayStatus });
  return {
    hyperVGeneration: machine.hyperVGeneration,
    statuses: [
      status("ProvisioningState/succeeded", "Provisioning succeeded"),
      ...(machine.generalized ? [status("OSState/generalized", "VM generalized")] : []),
      status(`PowerState/${machine.powerState}`, `VM ${machine.powerState}`),
    ],
  };
}

function viewDisk(disk: SourceDisk): object {
  return {
    ...(disk.osType === undefined ? {} : { osType: disk.osType }),
    ...(disk.hyperVGeneration === undefined ? {} : { hyperVGeneration: disk.hyperVGeneration }),
    ...(disk.architecture === undefined
      ? {}
      : { supportedCapabilities: { architecture: disk.architecture } }),
    ...(disk.securityType === undefined
      ? {}
      : { securityProfile: { securityType: disk.securityType } }),
    creationData: { createOption: "Empty" },
    diskSizeGB: disk.sizeGB,
    diskSizeBytes: disk.sizeGB * 2 ** 30,
    diskState: "Unattached",
    timeCreated: disk.createdAt.toISOString(),
    provisioningState: "Succeeded",
  };
}

function viewVirtualMachine(machine: SourceVirtualMachine, withInstanceView: boolean): object {
  return {
    hardwareProfile: { vmSize: machine.vmSize ?? "Standard_D2s_v5" },
    // Said of every machine since 2025-11-01.
    securityProfile: { securityType: machine.securityType ?? "Standard" },
    storageProfile: {
      osDisk: {
        osType: machine.osType,
        createOption: "FromImage",
        ...viewAttachedDisk(machine.osDisk),
      },
      dataDisks: machine.dataDisks.map((disk) => ({
        lun: disk.lun,
        createOption: "Attach",
        ...viewAttachedDisk(disk),
      })),
    },
    timeCreated: machine.createdAt.toISOString(),
    provisioningState: "Succeeded",
    ...(withInstanceView ? { instanceView: viewInstance(machine) } : {}),
  };
}

function viewAttachedDisk(disk: AttachedDisk): object {
  return {
    name: disk.id.slice(disk.id.lastIndexOf("/") + 1),
    caching: disk.caching,
    diskSizeGB: disk.sizeGB,
    managedDisk: { id: disk.id, storageAccountType: disk.sku },
  };
}
