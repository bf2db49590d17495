import { MIB } from "../bytes.ts";

const TO_FIXED = "-O vpc -o subformat=fixed,force_size";
const PAGE_BLOB = "Upload the result as a page blob.";

/** Formats that `qemu-img resize` can enlarge as they are; of the others it only reads and writes. */
const RESIZABLE: readonly string[] = ["raw", "qcow2"];

/**
 * How to make a fixed VHD of a file in a format by its name in QEMU, in full sentences. A disk of
 * `virtualSize` bytes (null: not known) that is no whole number of MiB is enlarged first, because
 * `force_size` keeps the size as it is.
 */
export function convertWithQemu(format: string, virtualSize: number | null): string {
  const whole = virtualSize === null ? null : nextWholeMib(virtualSize);
  if (whole === null || whole === virtualSize) {
    return `Convert it with '${convert(format, "SOURCE")}'. ${PAGE_BLOB}`;
  }
  if (RESIZABLE.includes(format)) {
    const resize = `qemu-img resize -f ${format} SOURCE ${whole}`;
    return `Bring the disk to a whole number of MiB ('${resize}'), then convert it with '${convert(format, "SOURCE")}'. ${PAGE_BLOB}`;
  }
  const unwrap = `qemu-img convert -f ${format} -O raw SOURCE disk.raw`;
  const resize = `qemu-img resize -f raw disk.raw ${whole}`;
  return `Make a raw disk of it ('${unwrap}'), bring that to a whole number of MiB ('${resize}'), then convert it with '${convert("raw", "disk.raw")}'. ${PAGE_BLOB}`;
}

/** The smallest whole number of MiB that is not below `bytes`, in bytes. */
export function nextWholeMib(bytes: number): number {
  return Math.ceil(bytes / MIB) * MIB;
}

function convert(format: string, source: string): string {
  return `qemu-img convert -f ${format} ${TO_FIXED} ${source} TARGET.vhd`;
}
