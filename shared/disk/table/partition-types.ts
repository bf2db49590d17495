import type { Architecture } from "../../vocabulary.ts";
import type { VolumeSystem } from "../content/volume-rule.ts";

/** What the type of a partition says, before its content is read. */
export interface PartitionType {
  readonly name: string;
  /** The family of systems that use this type, and no other. */
  readonly system?: VolumeSystem;
  /** What the partition is for when a machine starts. */
  readonly boot?: "efi" | "bios";
  readonly architecture?: Architecture;
  /** Nothing in it that could be recognised: not worth a read. */
  readonly opaque?: true;
  /** A member of an array: its superblock may stand at the end. */
  readonly isRaid?: true;
}

const linux = (name: string, architecture?: Architecture): PartitionType => ({
  name,
  system: "Linux",
  ...(architecture && { architecture }),
});

const bsd = (name: string): PartitionType => ({ name, system: "BSD" });

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
  "a19d880f-05fc-4d3b-a006-743f0f84911e": { ...linux("Linux RAID"), isRaid: true },
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
  "516e7cb8-6ecf-11d6-8ff8-00022d09712b": bsd("FreeBSD Vinum"),
  "74ba7dd9-a689-11e1-bd04-00e081286acf": bsd("FreeBSD nandfs"),
  "824cc7a0-36a8-11e3-890a-952519ad3f61": bsd("OpenBSD data"),
  "49f48d32-b10e-11dc-b99b-0019d1879648": bsd("NetBSD swap"),
  "49f48d5a-b10e-11dc-b99b-0019d1879648": bsd("NetBSD FFS"),
  "49f48d82-b10e-11dc-b99b-0019d1879648": bsd("NetBSD LFS"),
  "49f48daa-b10e-11dc-b99b-0019d1879648": bsd("NetBSD RAID"),
  "2db519c4-b10f-11dc-b99b-0019d1879648": bsd("NetBSD concatenated"),
  "2db519ec-b10f-11dc-b99b-0019d1879648": bsd("NetBSD encrypted"),
  "9d087404-1ca5-11dc-8817-01301bb8a9f5": bsd("DragonFly label"),
  "61dc63ac-6e38-11dc-8513-01301bb8a9f5": bsd("DragonFly HAMMER"),
  "5cbb9ad1-862d-11dc-a94d-01301bb8a9f5": bsd("DragonFly HAMMER2"),
  // Apple gave it to ZFS, and Solaris and illumos to /usr.
  "6a898cc3-1dd2-11b2-99a6-080020736631": bsd("ZFS"),
  "6a82cb45-1dd2-11b2-99a6-080020736631": bsd("Solaris boot"),
  "6a85cf4d-1dd2-11b2-99a6-080020736631": bsd("Solaris root"),
  "6a87c46f-1dd2-11b2-99a6-080020736631": bsd("Solaris swap"),
  "6a945a3b-1dd2-11b2-99a6-080020736631": { ...bsd("Solaris reserved"), opaque: true },
  "7c3457ef-0000-11aa-aa11-00306543ecac": { name: "Apple APFS", system: "macOS" },
  "48465300-0000-11aa-aa11-00306543ecac": { name: "Apple HFS+", system: "macOS" },
  "53746f72-6167-11aa-aa11-00306543ecac": { name: "Apple Core Storage", system: "macOS" },
  "426f6f74-0000-11aa-aa11-00306543ecac": { name: "Apple boot", system: "macOS" },
  "aa31e02a-400f-11db-9590-000c2911d1b8": { name: "VMware VMFS", system: "VMware" },
  "9d275380-40ad-11db-bf97-000c2911d1b8": { name: "VMware diagnostic", system: "VMware" },
  "9198effc-31c0-11db-8f78-000c2911d1b8": { name: "VMware reserved", system: "VMware" },
  // Flatcar and Container Linux.
  "5dfbf5f4-2848-4bac-aa5e-0d9a20b745a6": linux("CoreOS /usr"),
  "3884dd41-8582-4404-b9a8-e9b84f2df50e": linux("CoreOS root"),
  "be9067b9-ea49-4f15-b4f6-f36f8c9e1818": linux("CoreOS root on RAID"),
  "c95dc21a-df0e-4340-8d7b-26cbfa9a03e0": linux("CoreOS reserved"),
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
  168: { name: "Apple UFS", system: "macOS" },
  169: { name: "NetBSD", system: "BSD" },
  175: { name: "Apple HFS+", system: "macOS" },
  183: { name: "BSDI", system: "BSD" },
  191: { name: "Solaris", system: "BSD" },
  239: { name: "EFI system", boot: "efi" },
  251: { name: "VMware VMFS", system: "VMware" },
  252: { name: "VMware swap", system: "VMware" },
  253: { ...linux("Linux RAID"), isRaid: true },
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
