import type { DiskProblem } from "../finding.ts";
import type { ContainerRule } from "./container-formats.ts";
import { convertWithQemu, lines } from "./fix-commands.ts";
import type { DiskType } from "./footer.ts";

/** The file is another container; the fix has the command that makes a fixed VHD of it. */
export function describeContainer(rule: ContainerRule, virtualSize: number | null): DiskProblem {
  const steps = [
    ...(rule.unpack
      ? ["Unpack it:", rule.unpack, "Upload the VHD that it contained as a page blob."]
      : []),
    ...(rule.qemuFormat ? [convertWithQemu(rule.qemuFormat, virtualSize)] : []),
    ...(rule.advice ? [rule.advice] : []),
  ];
  return { code: "InvalidVhd", message: `is ${rule.what}, not a VHD`, fix: lines(...steps) };
}

/** A disk without a footer: only that is missing. */
export function describeRaw(length: number): DiskProblem {
  return {
    code: "InvalidVhd",
    message: "is a raw disk: it has partitions or a file system, but no VHD footer at its end",
    fix: lines("Renaming a file does not make it a VHD.", convertWithQemu("raw", length)),
  };
}

/** Its own partition table says that the disk is longer. Bytes without footer. */
export function describeCut(length: number, expected: number): DiskProblem {
  return {
    code: "InvalidVhd",
    message: `is cut short: its partition table is for a disk of at least ${expected} bytes, and the file ends after ${length}, so ${expected - length} bytes and the footer are missing`,
    fix: "Upload the whole file again; compare its length with the original's.",
  };
}

/** A dynamic VHD of which only the beginning is there. */
export function describeDynamicCut(diskType: DiskType | null): DiskProblem {
  return {
    code: "InvalidVhd",
    message: `is a ${diskType ?? "dynamic"} VHD that is cut short: it has the copy of the footer at its start, but no footer at its end`,
    fix: "Upload the whole file again, converted to a fixed VHD; compare its length with the original's.",
  };
}

/** The footer has begun, and the file ends within it. */
export function describeCutFooter(missing: number): DiskProblem {
  return {
    code: "InvalidVhd",
    message: `is cut short: it ends within the footer, of which ${missing} bytes are missing`,
    fix: "Upload the whole file again; compare its length with the original's.",
  };
}

/** Virtual PC before 2004 wrote footers of 511 bytes. */
export function describeOldFooter(): DiskProblem {
  return {
    code: "InvalidVhd",
    message: "has a footer of 511 bytes, as very old tools write it, instead of 512",
    fix: lines("Append one zero byte:", "truncate -s +1 {FILE}", "Upload it again as a page blob."),
  };
}

/** The footer is there, but not at the end. */
export function describeTrailing(bytes: number): DiskProblem {
  return {
    code: "InvalidVhd",
    message: `has ${bytes} zero bytes after its footer, which must be the last 512 bytes`,
    fix: lines("Remove them:", `truncate -s -${bytes} {FILE}`, "Upload it again as a page blob."),
  };
}

/** Neither a VHD nor anything that is known. */
export function describeUnknown(isEmpty: boolean, length: number): DiskProblem {
  return {
    code: "InvalidVhd",
    message: isEmpty
      ? "has no VHD footer, and its beginning and its end are blank"
      : "has no VHD footer: its last 512 bytes do not begin with the cookie 'conectix', and its beginning is not recognized either",
    fix:
      length > 0
        ? lines("If it is a raw disk:", convertWithQemu("raw", length))
        : "Upload the file again; this one is empty.",
  };
}
