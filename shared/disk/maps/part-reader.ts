import type { DiskReader } from "../disk-reader.ts";
import type { DiskMap, Extent } from "./extent.ts";
import { RefusedDiskError } from "./refusal.ts";

/** A reader of a part of another's bytes. */
export function readerOfPart(reader: DiskReader, offset: number, length: number): DiskReader {
  return { length, read: (at, count) => reader.read(offset + at, count) };
}

/** The map of a file that stands at `offset` in another one, with that one's offsets. */
export function moveMap(map: DiskMap, offset: number): DiskMap {
  return {
    ...map,
    async *extents(from) {
      try {
        for await (const extent of map.extents(from)) yield moveExtent(extent, offset);
      } catch (error) {
        throw moveRefusal(error, offset);
      }
    },
    survey: (limits, onExtent) =>
      map
        .survey(limits, onExtent && ((extent) => onExtent(moveExtent(extent, offset))))
        .catch((error: unknown) => {
          throw moveRefusal(error, offset);
        }),
  };
}

/** The same error with the offset in the file outside, if it is a refusal. */
export function moveRefusal(error: unknown, offset: number): unknown {
  if (!(error instanceof RefusedDiskError) || error.refusal.offset === null) return error;
  const { refusal } = error;
  return new RefusedDiskError({ ...refusal, offset: error.refusal.offset + offset });
}

function moveExtent(extent: Extent, offset: number): Extent {
  return extent.kind === "zero" ? extent : { ...extent, fileOffset: extent.fileOffset + offset };
}
