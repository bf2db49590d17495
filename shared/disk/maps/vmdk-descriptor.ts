import { readLatin1 } from "../bytes.ts";
import { refuse } from "./refusal.ts";

const CREATE_TYPES: readonly string[] = ["monolithicSparse", "streamOptimized"];
const NO_PARENT = "ffffffff";
const ONE_FILE =
  "'qemu-img convert -f vmdk -O vmdk -o subformat=streamOptimized SOURCE TARGET.vmdk', or with VMware 'vmware-vdiskmanager -r SOURCE -t 0 TARGET.vmdk'";

/**
 * Checks the text that describes a VMDK: one file, without a parent.
 * @throws RefusedDiskError
 */
export function checkVmdkDescriptor(bytes: Uint8Array, offset: number): void {
  const [text = ""] = readLatin1(bytes).split("\0", 1);
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const findValue = (key: string): string | undefined => {
    const line = lines.find((candidate) => keyOf(candidate) === key.toLowerCase());
    return line
      ?.slice(line.indexOf("=") + 1)
      .replaceAll('"', "")
      .trim();
  };
  const parent = findValue("parentCID")?.toLowerCase();
  if (parent !== undefined && parent !== NO_PARENT) {
    refuse(
      "has-parent",
      "is a VMDK with a parent: it has only the changes to another disk",
      offset,
      `Write the whole chain to one file, where all its files are: ${ONE_FILE}. Upload the result.`,
    );
  }
  const type = findValue("createType");
  const extents = lines.filter((line) => /^(?:RW|RDONLY|NOACCESS)\s+\d+\s/i.test(line));
  const isSparse = extents.every((line) => /^(?:RW|RDONLY)\s+\d+\s+SPARSE\s/i.test(line));
  if (!CREATE_TYPES.includes(type ?? "") || extents.length !== 1 || !isSparse) {
    const shown = (type ?? "unknown").replaceAll(/[^\w-]/g, "?").slice(0, 40);
    refuse(
      "many-files",
      `is a VMDK of type ${shown} with ${extents.length} extents; only monolithicSparse and streamOptimized with one extent are one file`,
      offset,
      `Write it to one file, where all its files are: ${ONE_FILE}. Upload the result.`,
    );
  }
}

/** The key of a line like `createType="monolithicSparse"`, in lower case. */
function keyOf(line: string): string {
  return line
    .slice(0, Math.max(0, line.indexOf("=")))
    .trim()
    .toLowerCase();
}

/** Ends the reading of one of several files of a VMDK. */
export function refusePartOfVmdk(offset: number): never {
  refuse(
    "many-files",
    "is one of several files of a VMDK: the text that describes the disk is in another file",
    offset,
    `Write the disk to one file, where all its files are, with the descriptor (the small .vmdk) as SOURCE: ${ONE_FILE}. Upload the result. A file that ends in -flat.vmdk is a raw disk and can be uploaded as it is.`,
  );
}
