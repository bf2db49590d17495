import { UPLOAD_AS_PAGE_BLOB } from "../disk/advice.ts";
import type { DiskFinding, DiskFormat } from "../disk/finding.ts";
import { diskFileOf } from "../disk/format/disk-files.ts";
import { type Failure, failure } from "../errors.ts";
import type { BlobProperties } from "../ports.ts";
import { explainDiskProblem } from "../record/disk-failure.ts";
import type { DiskProgress } from "../record/record.ts";

/** Everything that is wrong with a complete blob as the VHD that Azure would read. */
export function listMistakes(
  disk: DiskProgress,
  blob: BlobProperties,
  finding: DiskFinding,
): Failure[] {
  const { problem } = finding;
  const content = problem === null ? [] : [explainDiskProblem(blob.name, problem)];
  // A file in another format is converted anyway: how it was uploaded does not matter then.
  const other = explainOtherFile(blob.name, finding);
  if (other !== null) return [other];
  return blob.type === "PageBlob" ? content : [explainBlobType(disk, blob), ...content];
}

/** A file whose name does not end with `.vhd`: what it is, and what to do. Null for a VHD's name. */
function explainOtherFile(name: string, { format, problem }: DiskFinding): Failure | null {
  const file = diskFileOf(name);
  if (file === null) return null;
  const target = name;
  if (problem === null) {
    const stem = name.slice(0, -file.extension.length);
    const vhd = stem.toLowerCase().endsWith(".vhd") ? stem : `${stem}.vhd`;
    return failure({
      code: "InvalidVhd",
      message: `${name} is a fixed VHD, but its name does not end with .vhd, as Azure requires.`,
      fix: `Upload it again as a page blob named ${vhd}.`,
      target,
    });
  }
  if (format === "unknown" || format === "empty") {
    return failure({
      code: "InvalidVhd",
      message: `${name} is ${file.what} by its name, not a VHD; its content is ${format === "empty" ? "blank" : "not recognized"}.`,
      fix: file.advice,
      target,
    });
  }
  const found = explainDiskProblem(name, problem);
  const isAsNamed = file.format === null || file.format === format;
  return isAsNamed
    ? found
    : { ...found, message: `${found.message} Its name says that it is ${file.what}.` };
}

function explainBlobType(disk: DiskProgress, blob: BlobProperties): Failure {
  return failure({
    code: disk.role === "os" ? "IncorrectImageBlobType" : "IncorrectDiskBlobType",
    message: `${blob.name} is ${blob.type === "BlockBlob" ? "a block" : "an append"} blob; a VHD must be a page blob.`,
    fix: UPLOAD_AS_PAGE_BLOB,
    target: blob.name,
  });
}

/** Formats of which the app makes a fixed VHD. */
const CONVERTIBLE: readonly DiskFormat[] = [
  "fixed VHD",
  "dynamic VHD",
  "VHD with a 511-byte footer",
  "VHD with bytes after its footer",
  "VHDX",
  "VMDK",
  "VDI",
  "qcow2",
  "raw disk",
  "tar",
];
const LET_CONVERT =
  "Or let the app convert it: set CONVERT=auto, or 'convert' to 'auto' in the manifest or in the metadata of the blob, and upload again.";

/** Mistakes of a disk that is not to be converted: the fix of each also names what would allow it. */
export function adviseConversion(
  mistakes: readonly Failure[],
  { format, problem }: DiskFinding,
): readonly Failure[] {
  const isConvertible = CONVERTIBLE.includes(format) && problem?.code !== "VHDSizeInvalid";
  if (!isConvertible) return mistakes;
  return mistakes.map((mistake) => ({
    ...mistake,
    fix: mistake.fix === null ? LET_CONVERT : `${mistake.fix}\n${LET_CONVERT}`,
  }));
}
