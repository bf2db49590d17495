import type { ContainerFormat } from "../finding.ts";

/** A kind of file that holds a disk, or wraps a file that does, by the extension of its name. */
export interface DiskFile {
  /** With its dot, in lower case. */
  readonly extension: string;
  /** With an article, for messages. */
  readonly what: string;
  /** What such a file is when its content agrees with its name; null for bytes without a format. */
  readonly format: ContainerFormat | "raw disk" | null;
  /**
   * Whether a valid disk can be made from it without guessing. What cannot is reported to the uploader, with
   * what to do.
   */
  readonly isConvertible: boolean;
  /** What to do where the content does not show it. */
  readonly advice: string;
}

const CONVERT = "Convert it to a fixed VHD and upload that as a page blob.";
const UNPACK = "Unpack it and upload the disk that it contains.";

const wrapper = (extension: string, what: string, format: ContainerFormat | null): DiskFile => ({
  extension,
  what,
  format,
  isConvertible: false,
  advice: UNPACK,
});
const disk = (
  extension: string,
  what: string,
  format: ContainerFormat | "raw disk" | null,
): DiskFile => ({ extension, what, format, isConvertible: true, advice: CONVERT });

/** Files other than `.vhd` and `.json` that get a request, so that their uploader gets an answer. */
export const DISK_FILES: readonly DiskFile[] = [
  disk(".vhdx", "a VHDX file", "VHDX"),
  disk(".vmdk", "a VMDK file", "VMDK"),
  disk(".qcow2", "a qcow2 image", "qcow2"),
  disk(".vdi", "a VirtualBox VDI image", "VDI"),
  disk(".img", "a raw disk", "raw disk"),
  disk(".raw", "a raw disk", "raw disk"),
  disk(".ova", "an OVA archive", "tar"),
  {
    extension: ".avhd",
    what: "a differencing VHD of a checkpoint",
    format: null,
    isConvertible: false,
    advice:
      "Merge it into its parent (Merge-VHD on Windows), and upload the parent as a fixed VHD.",
  },
  {
    extension: ".avhdx",
    what: "a differencing VHDX of a checkpoint",
    format: "VHDX",
    isConvertible: false,
    advice:
      "Merge it into its parent (Merge-VHD on Windows), and upload the parent as a fixed VHD.",
  },
  {
    extension: ".qcow",
    what: "a qcow image",
    format: "qcow",
    isConvertible: false,
    advice: CONVERT,
  },
  {
    extension: ".iso",
    what: "an ISO 9660 image (a CD or an installer)",
    format: "ISO 9660",
    isConvertible: false,
    advice: "Install a virtual machine from it, and upload that machine's disk as a fixed VHD.",
  },
  {
    extension: ".ovf",
    what: "a description of a virtual machine (OVF)",
    format: null,
    isConvertible: false,
    advice: "Upload the disk that it names (a .vmdk file), or an OVA archive with both in it.",
  },
  wrapper(".gz", "a gzip file", "gzip"),
  wrapper(".tgz", "a gzip file", "gzip"),
  wrapper(".xz", "an xz file", "xz"),
  wrapper(".zst", "a zstd file", "zstd"),
  wrapper(".bz2", "a bzip2 file", "bzip2"),
  wrapper(".lz4", "an lz4 file", null),
  wrapper(".zip", "a zip archive", "zip"),
  wrapper(".7z", "a 7z archive", "7z"),
  wrapper(".rar", "a RAR archive", null),
  wrapper(".tar", "a tar archive", "tar"),
];

/** The kind of disk file that a name, in any case, says; null for `.vhd` and for other files. */
export function diskFileOf(name: string): DiskFile | null {
  const file = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  return (
    DISK_FILES.find(
      ({ extension }) => file.endsWith(extension) && file.length > extension.length,
    ) ?? null
  );
}

/** Whether a blob of this name may be a disk of an image: a VHD, or what can be converted to one. */
export function isDiskName(name: string): boolean {
  return name.toLowerCase().endsWith(".vhd") || diskFileOf(name)?.isConvertible === true;
}

/** Every extension that a disk's name may end in, `.vhd` first. */
export const DISK_EXTENSIONS: readonly string[] = [
  ".vhd",
  ...DISK_FILES.map(({ extension }) => extension),
];
