import { MIB } from "../bytes.ts";

/**
 * Fixes are templates until they are shown: the commands in them name the file that they are for. Each
 * command stands on a line of its own, and has been run on such a file by a test.
 */

const TO_FIXED = "-O vpc -o subformat=fixed,force_size";
/** What to do with the file that the commands have made. */
export const UPLOAD_TARGET = "Upload {TARGET} as a page blob named {BLOB}.";

/**
 * How to make a fixed VHD of a file in a format by its name in QEMU. A disk of `virtualSize` bytes
 * (null: not known) that may not be a multiple of 1 MiB is enlarged, because `force_size` keeps the size
 * as it is. The file itself is not changed.
 */
export function convertWithQemu(format: string, virtualSize: number | null): string {
  // A VHD's own size counts, not that of its geometry, which some creators make QEMU prefer.
  const [input, file] =
    format === "vpc" ? ["--image-opts", "{VPC_FILE}"] : [`-f ${format}`, "{FILE}"];
  const whole = virtualSize === null ? null : nextWholeMib(virtualSize);
  if (whole !== null && whole === virtualSize) {
    return lines(
      "Convert it:",
      `qemu-img convert ${input} ${TO_FIXED} ${file} {TARGET}`,
      UPLOAD_TARGET,
    );
  }
  return lines(
    "Convert it to a raw disk, enlarge that to a multiple of 1 MiB, and convert the result:",
    `qemu-img convert ${input} -O raw ${file} {RAW}`,
    ...fromRaw(whole),
  );
}

/** How to make a fixed VHD of the first `bytes` of a file: the disk without the footers behind it. */
export function convertWithoutFooter(bytes: number): string {
  return lines(
    "Remove the footer, and convert the remaining disk to a fixed VHD:",
    `head -c ${bytes} {FILE} > {RAW}`,
    ...fromRaw(nextWholeMib(bytes)),
  );
}

/** `size` is null where it is not known: then the file itself is rounded up. */
function fromRaw(size: number | null): string[] {
  return [
    size === null ? "truncate -s %1M {RAW}" : `qemu-img resize -q -f raw {RAW} ${size}`,
    `qemu-img convert -f raw ${TO_FIXED} {RAW} {TARGET}`,
    UPLOAD_TARGET,
  ];
}

/** Programs that the commands of fixes run. */
const TOOLS = [
  "az",
  "qemu-img",
  "head",
  "truncate",
  "gunzip",
  "xz",
  "zstd",
  "bunzip2",
  "unzip",
  "7z",
  "tar",
];

/**
 * Sentences and commands, a line each. Commands are indented, by which whoever shows a fix knows what
 * is to be pasted as it is.
 */
export function lines(...parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split("\n"))
    .map((line) => (TOOLS.includes(line.split(" ", 1)[0] ?? "") ? `  ${line}` : line))
    .join("\n");
}

/** The smallest multiple of 1 MiB that is not below `bytes`, in bytes. */
export function nextWholeMib(bytes: number): number {
  return Math.ceil(bytes / MIB) * MIB;
}
