import { SOURCE_FORMATS, type SourceFormat } from "./source-format.ts";

/** Why a file is not converted. */
export type RefusalReason =
  /** The file ends before its tables say. */
  | "cut-short"
  /** A field or a table contradicts the format or the file. */
  | "damaged"
  /** Changes wait in a log, or the format's own mark for damage is set. */
  | "dirty"
  /** Only the differences from another file are in it. */
  | "has-parent"
  /** The rest of the disk is in other files. */
  | "many-files"
  | "encrypted"
  /** A feature that is not supported. */
  | "unsupported"
  | "too-large"
  /** A file that holds other files, or a packed one. */
  | "archive"
  /** Not recognised as a disk. */
  | "no-disk";

/** What is wrong with a file, where, and what to do. Plain data. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** To be put after the name of the file: "has a block that …". No full stop. */
  readonly message: string;
  /** Byte of the file at which it shows; null where it is not one place. */
  readonly offset: number | null;
  /** What to do. Full sentences; SOURCE stands for the file. */
  readonly fix: string;
}

/** Thrown where a file turns out not to be convertible. */
export class RefusedDiskError extends Error {
  override readonly name = "RefusedDiskError";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Ends the reading of a file with a refusal. */
export function refuse(
  reason: RefusalReason,
  message: string,
  offset: number | null,
  fix: string,
): never {
  throw new RefusedDiskError({ reason, message, offset, fix });
}

/** How to repair or rewrite a file by the tools that know its format. */
const REPAIRS: Readonly<Record<SourceFormat, string>> = {
  "vhd-fixed": rewriteWith("vpc"),
  "vhd-dynamic": `${rewriteWith("vpc")} On Windows: 'Convert-VHD SOURCE.vhd TARGET.vhd -VHDType Fixed'.`,
  vhdx: `Repair it: 'qemu-img check -r all -f vhdx SOURCE'. Or rewrite it on Windows: 'Convert-VHD SOURCE.vhdx TARGET.vhdx -VHDType Dynamic'.`,
  qcow2: `Repair it: 'qemu-img check -r all -f qcow2 SOURCE'. ${rewriteWith("qcow2")}`,
  vmdk: `${rewriteWith("vmdk")} With VMware: 'vmware-vdiskmanager -R SOURCE' repairs it.`,
  "vmdk-stream": `Export it again. ${rewriteWith("vmdk")}`,
  vdi: `${rewriteWith("vdi")} With VirtualBox: 'VBoxManage clonemedium disk SOURCE TARGET.vhd --format VHD --variant Fixed'.`,
  raw: "Upload the whole file again.",
};

function rewriteWith(format: string): string {
  return `Rewrite it: 'qemu-img convert -f ${format} -O qcow2 SOURCE TARGET.qcow2'.`;
}

/** Ends the reading of a file whose tables are wrong. */
export function refuseDamaged(format: SourceFormat, message: string, offset: number | null): never {
  refuse(
    "damaged",
    message,
    offset,
    `The file is damaged. Compare it with the original and upload it again. ${REPAIRS[format]}`,
  );
}

/** Ends the reading of a file that ends too early. */
export function refuseCut(format: SourceFormat, message: string, offset: number | null): never {
  const { qemuFormat } = SOURCE_FORMATS[format];
  refuse(
    "cut-short",
    message,
    offset,
    `Upload the whole file again, and compare its length with the original's. If the original has the same length, check it: 'qemu-img info -f ${qemuFormat} SOURCE'.`,
  );
}
