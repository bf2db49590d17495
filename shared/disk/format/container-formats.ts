import { hasBytesAt, toNumber, viewOf } from "../bytes.ts";
import type { ContainerFormat } from "../finding.ts";

/** A file that holds a disk, or something else, and how to get a fixed VHD out of it. */
export interface ContainerRule {
  readonly format: ContainerFormat;
  /** With an article, for messages. */
  readonly what: string;
  readonly marks: readonly { readonly offset: number; readonly is: string | readonly number[] }[];
  /** Bytes of the disk inside, where the header says so. */
  readonly virtualSize?: (head: Uint8Array) => number;
  /** Name of the format in qemu-img, where that converts it. */
  readonly qemuFormat?: string;
  /**
   * Command that unpacks the file, where it only wraps it. The blob's name ends in `.vhd`: a tool that goes
   * by the ending has to read it from its input.
   */
  readonly unpack?: string;
  /** What else there is to do. */
  readonly advice?: string;
}

/** By the bytes at their start. ISO 9660 comes last: an installer image may begin with anything. */
export const CONTAINER_RULES: readonly ContainerRule[] = [
  {
    format: "VHDX",
    what: "a VHDX file",
    marks: [{ offset: 0, is: "vhdxfile" }],
    qemuFormat: "vhdx",
    advice:
      "Or on Windows:\nConvert-VHD -Path {PS_FILE} -DestinationPath {PS_TARGET} -VHDType Fixed",
  },
  ...([1, 2, 3] as const).map(
    (version): ContainerRule => ({
      format: version === 1 ? "qcow" : "qcow2",
      what: version === 1 ? "a qcow image" : "a qcow2 image",
      marks: [{ offset: 0, is: [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, version] }],
      virtualSize: (head) => toNumber(viewOf(head).getBigUint64(24)),
      qemuFormat: version === 1 ? "qcow" : "qcow2",
    }),
  ),
  {
    format: "VMDK",
    what: "a VMDK file",
    marks: [{ offset: 0, is: "KDMV" }],
    virtualSize: (head) => toNumber(viewOf(head).getBigUint64(12, true)) * 512,
    qemuFormat: "vmdk",
  },
  {
    format: "VMDK",
    what: "an ESX VMDK file",
    marks: [{ offset: 0, is: "COWD" }],
    qemuFormat: "vmdk",
  },
  {
    format: "VMDK descriptor",
    what: "a VMDK descriptor, a text file that names the files with the data",
    marks: [{ offset: 0, is: "# Disk DescriptorFile" }],
    qemuFormat: "vmdk",
    advice: "Convert it in the folder that has the files it names.",
  },
  {
    format: "VDI",
    what: "a VirtualBox VDI image",
    marks: [{ offset: 0x40, is: [0x7f, 0x10, 0xda, 0xbe] }],
    virtualSize: (head) => toNumber(viewOf(head).getBigUint64(0x170, true)),
    qemuFormat: "vdi",
  },
  {
    format: "gzip",
    what: "a gzip file",
    marks: [{ offset: 0, is: [0x1f, 0x8b, 8] }],
    unpack: "gunzip -c {FILE} > {UNPACKED}",
  },
  {
    format: "xz",
    what: "an xz file",
    marks: [{ offset: 0, is: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] }],
    unpack: "xz -dc {FILE} > {UNPACKED}",
  },
  {
    format: "zstd",
    what: "a zstd file",
    marks: [{ offset: 0, is: [0x28, 0xb5, 0x2f, 0xfd] }],
    unpack: "zstd -dc {FILE} > {UNPACKED}",
  },
  {
    format: "bzip2",
    what: "a bzip2 file",
    marks: [
      { offset: 0, is: "BZh" },
      { offset: 4, is: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59] },
    ],
    unpack: "bunzip2 -c {FILE} > {UNPACKED}",
  },
  {
    format: "zip",
    what: "a zip archive",
    marks: [{ offset: 0, is: [0x50, 0x4b, 3, 4] }],
    unpack: "unzip {FILE}",
  },
  {
    format: "7z",
    what: "a 7z archive",
    marks: [{ offset: 0, is: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] }],
    unpack: "7z x {FILE}",
  },
  {
    format: "tar",
    what: "a tar archive",
    marks: [{ offset: 257, is: "ustar" }],
    unpack: "tar --force-local -xf {FILE}",
  },
  {
    format: "ISO 9660",
    what: "an ISO 9660 image (a CD or an installer)",
    marks: [{ offset: 0x8001, is: "CD001" }],
    advice: "Install a virtual machine from it, and upload that machine's disk as a fixed VHD.",
  },
];

/** The container that a file is, by its first bytes; null for none that is known. */
export function findContainer(head: Uint8Array): ContainerRule | null {
  return (
    CONTAINER_RULES.find(({ marks }) =>
      marks.every(({ offset, is }) => hasBytesAt(head, offset, is)),
    ) ?? null
  );
}

/** Bytes of the disk in a container, null where its header does not say, is cut, or cannot be true. */
export function readContainerSize(rule: ContainerRule, head: Uint8Array): number | null {
  const isWhole = head.length >= 512;
  const size = isWhole ? (rule.virtualSize?.(head) ?? null) : null;
  return size !== null && Number.isSafeInteger(size) && size > 0 ? size : null;
}
