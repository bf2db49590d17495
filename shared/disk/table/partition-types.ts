import type { Architecture, OsType } from "../../vocabulary.ts";

/** What the type of a partition tells, before its content is looked at. */
export interface PartitionType {
  readonly name: string;
  /** The family of systems that use this type, and no other. */
  readonly system?: OsType | "BSD";
  /** What the partition is for when a machine starts. */
  readonly boot?: "efi" | "bios";
  readonly architecture?: Architecture;
  /** Nothing in it that could be recognised: not worth a read. */
  readonly opaque?: true;
}

const linux = (name: string, architecture?: Architecture): PartitionType => ({
  name,
  system: "Linux",
  ...(architecture && { architecture }),
});

/** Types of a GPT, by GUID (UEFI specification, Discoverable Partitions Specification, Microsoft). */
export const GPT_PARTITION_TYPES: Readonly<Record<string, PartitionType>> = {
  "c12a7328-f81f-11d2-ba4b-00a0c93ec93b": { name: "EFI system", boot: "efi" },
  "21686148-6449-6e6f-744e-656564454649": { name: "BIOS boot", boot: "bios", opaque: true },
  "e3c9e316-0b5c-4db8-817d-f92df00215ae": {
    name: "Microsoft reserved",
    system: "Windows",
    opaque: true,
  },
  // Linux installers used it too, for years: its content decides.
  "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7": { name: "Microsoft basic data" },
  "de94bba4-06d1-4d40-a16a-bfd50179d6ac": { name: "Windows recovery", system: "Windows" },
  "5808c8aa-7e8f-42e0-85d2-e1e90434cfb3": {
    name: "Windows dynamic disk metadata",
    system: "Windows",
    opaque: true,
  },
  "af9b60a0-1431-4f62-bc68-3311714a69ad": { name: "Windows dynamic disk", system: "Windows" },
  "e75caf8f-f680-4cee-afa3-b001e56efc2d": { name: "Windows Storage Spaces", system: "Windows" },
  "0fc63daf-8483-4772-8e79-3d69d8477de4": linux("Linux filesystem"),
  "e6d6d379-f507-44c2-a23c-238f2a3df928": linux("Linux LVM"),
  "ca7d7ccb-63ed-4c53-861c-1742536059cc": linux("Linux LUKS"),
  "7ffec5c9-2d00-49b7-8941-3ea10a5586b7": linux("Linux dm-crypt"),
  "a19d880f-05fc-4d3b-a006-743f0f84911e": linux("Linux RAID"),
  "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f": linux("Linux swap"),
  "4f68bce3-e8cd-4db1-96e7-fbcaf984b709": linux("Linux root (x86-64)", "x64"),
  "b921b045-1df0-41c3-af44-4c6f280d3fae": linux("Linux root (Arm64)", "Arm64"),
  "8484680c-9521-48c6-9c11-b0720656f69e": linux("Linux /usr (x86-64)", "x64"),
  "b0e01050-ee5f-4390-949a-9101b17104e9": linux("Linux /usr (Arm64)", "Arm64"),
  "2c7357ed-ebd2-46d9-aec1-23d437ec2bf5": linux("Linux root verity (x86-64)", "x64"),
  "df3300ce-d69f-4c92-978c-9bfb0f38d820": linux("Linux root verity (Arm64)", "Arm64"),
  "77ff5f63-e7b6-4633-acf4-1565b864c0e6": linux("Linux /usr verity (x86-64)", "x64"),
  "6e11a4e7-fbca-4ded-b9e9-e1a512bb664e": linux("Linux /usr verity (Arm64)", "Arm64"),
  "933ac7e1-2eb4-4f13-b844-0e14e2aef915": linux("Linux home"),
  "3b8f8425-20e0-4f3b-907f-1a25a76f98e8": linux("Linux server data"),
  "4d21b016-b534-45c2-a9fb-5c16e091fd2d": linux("Linux variable data"),
  "bc13c2ff-59e6-4262-a352-b275fd6f7172": linux("Linux extended boot"),
  "9e1a2d38-c612-4316-aa26-8b49521e5a8b": { name: "PowerPC PReP boot", opaque: true },
  "83bd6b9d-7f41-11dc-be0b-001560b84f0f": { name: "FreeBSD boot", system: "BSD", boot: "bios" },
  "516e7cb4-6ecf-11d6-8ff8-00022d09712b": { name: "FreeBSD data", system: "BSD" },
  "516e7cb5-6ecf-11d6-8ff8-00022d09712b": { name: "FreeBSD swap", system: "BSD" },
  "516e7cb6-6ecf-11d6-8ff8-00022d09712b": { name: "FreeBSD UFS", system: "BSD" },
  "516e7cba-6ecf-11d6-8ff8-00022d09712b": { name: "FreeBSD ZFS", system: "BSD" },
};

/** Types of an MBR, by number. Most are shared by several systems: the content decides then. */
export const MBR_PARTITION_TYPES: Readonly<Record<number, PartitionType>> = {
  1: { name: "FAT12" },
  4: { name: "FAT16" },
  6: { name: "FAT16" },
  7: { name: "NTFS or exFAT" },
  11: { name: "FAT32" },
  12: { name: "FAT32" },
  14: { name: "FAT16" },
  39: { name: "Windows recovery", system: "Windows" },
  66: { name: "Windows dynamic disk", system: "Windows" },
  130: { name: "Linux swap" }, // Solaris used the same number
  131: linux("Linux"),
  142: linux("Linux LVM"),
  165: { name: "FreeBSD", system: "BSD" },
  166: { name: "OpenBSD", system: "BSD" },
  169: { name: "NetBSD", system: "BSD" },
  239: { name: "EFI system", boot: "efi" },
  253: linux("Linux RAID"),
};

/** The type with this GUID; an unknown one is named by its GUID. */
export function findGptType(guid: string): PartitionType {
  return GPT_PARTITION_TYPES[guid] ?? { name: guid };
}

/** The type with this number; an unknown one is named by it. */
export function findMbrType(number: number): PartitionType {
  const known = MBR_PARTITION_TYPES[number];
  return known ?? { name: `type 0x${number.toString(16).padStart(2, "0")}` };
}
