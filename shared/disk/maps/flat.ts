import type { BlockSource } from "./block-source.ts";
import type { SourceFormat } from "./source-format.ts";

/** A disk whose bytes stand at the start of the file, one after the other. */
export function openFlat(
  format: Extract<SourceFormat, "raw" | "vhd-fixed">,
  virtualBytes: number,
): BlockSource {
  return {
    format,
    virtualBytes,
    reserved: [],
    async *batches(from) {
      yield [{ kind: "copy", guestOffset: from, length: virtualBytes - from, fileOffset: from }];
    },
  };
}
