/** A format that can be converted, in the word for machines. */
export type SourceFormat =
  | "vhd-fixed"
  | "vhd-dynamic"
  | "vhdx"
  | "qcow2"
  | "vmdk"
  | "vmdk-stream"
  | "vdi"
  | "raw";

/** What a format is called, with an article, and how qemu-img knows it. */
export interface SourceFormatRow {
  readonly what: string;
  readonly qemuFormat: string;
}

/** The formats that can be converted. An OVA is read as the one disk that is in it. */
export const SOURCE_FORMATS: Readonly<Record<SourceFormat, SourceFormatRow>> = {
  "vhd-fixed": { what: "a fixed VHD", qemuFormat: "vpc" },
  "vhd-dynamic": { what: "a dynamic VHD", qemuFormat: "vpc" },
  vhdx: { what: "a VHDX file", qemuFormat: "vhdx" },
  qcow2: { what: "a qcow2 image", qemuFormat: "qcow2" },
  vmdk: { what: "a VMDK file (monolithicSparse)", qemuFormat: "vmdk" },
  "vmdk-stream": { what: "a VMDK file (streamOptimized)", qemuFormat: "vmdk" },
  vdi: { what: "a VDI image", qemuFormat: "vdi" },
  raw: { what: "a raw disk", qemuFormat: "raw" },
};
