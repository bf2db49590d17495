/** A managed disk or snapshot that an image can be made from. */
export interface SourceDisk {
  readonly type: "disks" | "snapshots";
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** Gibibytes. */
  readonly sizeGB: number;
  readonly sku: string;
  readonly osType?: string;
  readonly hyperVGeneration?: string;
  readonly architecture?: string;
  /** Of a disk of a trusted launch or confidential machine. */
  readonly securityType?: string;
  readonly createdAt: Date;
}

/** A managed disk as a virtual machine has it attached. */
export interface AttachedDisk {
  readonly id: string;
  readonly sizeGB: number;
  readonly caching: string;
  readonly sku: string;
}

/** A virtual machine that an image can be captured from. */
export interface SourceVirtualMachine {
  readonly type: "virtualMachines";
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly osType: string;
  readonly hyperVGeneration: string;
  /** Default: `Standard_D2s_v5`. */
  readonly vmSize?: string;
  /** Default: `Standard`. */
  readonly securityType?: string;
  readonly generalized: boolean;
  readonly powerState: PowerState;
  readonly osDisk: AttachedDisk;
  readonly dataDisks: readonly (AttachedDisk & { readonly lun: number })[];
  readonly createdAt: Date;
}

/** Whether a virtual machine runs; `stopped` keeps its hardware, `deallocated` does not. */
export type PowerState = "running" | "stopped" | "deallocated";

/** What an image can refer to by a resource id. */
export type SourceResource = SourceDisk | SourceVirtualMachine;

/** A storage account whose blobs images can be made from. */
export interface StorageAccount {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}
