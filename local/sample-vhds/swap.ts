import { deriveGuid, encodeUuid } from "./guid.ts";
import type { PartitionContent } from "./partition-content.ts";

const PAGE_BYTES = 4096;

/** Returns a partition with the header page of a Linux swap area, as `mkswap` writes it. */
export function swap(): PartitionContent {
  return (space) => {
    const page = Buffer.alloc(PAGE_BYTES);
    page.writeUInt32LE(1, 1024); // version
    page.writeUInt32LE(Math.floor(space.lengthBytes / PAGE_BYTES) - 1, 1028); // last page
    encodeUuid(deriveGuid(space.seed, "swap")).copy(page, 1036);
    page.write("SWAPSPACE2", PAGE_BYTES - 10, "latin1");
    return [{ offset: 0, bytes: page }];
  };
}
