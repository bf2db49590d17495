import type { DiskReader } from "../../shared/disk/disk-reader.ts";
import { openDiskMap } from "../../shared/disk/maps/open-disk-map.ts";

/** The most that one Put Page From URL request copies. */
const CALL_BYTES = 4 * 1024 * 1024;

/** What mapping a whole disk takes. */
export interface MapCosts {
  readonly reads: number;
  readonly bytes: number;
  readonly copyBytes: number;
  /** Requests of at most 4 MiB that copy it. */
  readonly calls: number;
  readonly milliseconds: number;
}

/** Opens a file, takes all extents, and counts. */
export async function measureMap(source: DiskReader, now: () => number): Promise<MapCosts> {
  let reads = 0;
  let bytes = 0;
  const read = (offset: number, count: number): Promise<Uint8Array> => {
    reads += 1;
    bytes += count;
    return source.read(offset, count);
  };
  const startedAt = now();
  const opened = await openDiskMap({ length: source.length, read });
  if (opened.kind === "refused") throw new Error(opened.refusal.message);
  let copyBytes = 0;
  let calls = 0;
  for await (const extent of opened.map.extents()) {
    if (extent.kind === "zero") continue;
    copyBytes += extent.length;
    calls += Math.ceil(extent.length / CALL_BYTES);
  }
  return { reads, bytes, copyBytes, calls, milliseconds: now() - startedAt };
}
