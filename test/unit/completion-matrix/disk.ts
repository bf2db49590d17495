import { createSparseImage, type SparseImage } from "../../../local/sample-vhds/index.ts";
import { makeFooter } from "../../fakes/vhd.ts";

const MIB = 1024 ** 2;
const DISK_BYTES = 128 * MIB;
/** One in so many chunks of 4 MiB is all zeros, as on any real disk. */
const HOLE_EVERY = 5;

/** A fixed VHD of 128 MiB with data in most of its chunks, and holes that uploaders skip. */
export function makeDisk(): SparseImage {
  const extents = Array.from({ length: DISK_BYTES / (2 * MIB) }, (_, index) => ({
    offset: index * 2 * MIB,
    bytes: new Uint8Array(512).fill(1),
  })).filter(({ offset }) => Math.floor(offset / (4 * MIB)) % HOLE_EVERY !== HOLE_EVERY - 1);
  const footer = { offset: DISK_BYTES, bytes: makeFooter({ virtualSize: DISK_BYTES }) };
  return createSparseImage(DISK_BYTES + 512, [...extents, footer]);
}
