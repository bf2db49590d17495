import { LIMITS } from "../limits.ts";
import { isObject } from "../plain-object.ts";
import { findWord } from "../vocabulary.ts";
import { type Path, valueAt } from "./problem.ts";

/** Where a manifest lists the regions of a version. */
export const REGIONS: Path = ["gallery", "targetRegions"];

/** Whether a replication mode, as it was written, is `Shallow`. */
export function isShallow(mode: unknown): boolean {
  return typeof mode === "string" && findWord(["Shallow"], mode) !== undefined;
}

/** A target region as it was written. */
export interface WrittenRegion {
  readonly path: Path;
  readonly name: string;
  readonly region: unknown;
}

/** The target regions that have a name; the others are the shape's business. */
export function regionsOf(manifest: unknown): WrittenRegion[] {
  const regions = valueAt(manifest, REGIONS);
  return (Array.isArray(regions) ? regions : []).flatMap(
    (region: unknown, index): WrittenRegion[] => {
      const name = isObject(region) ? region.name : region;
      const path = [...REGIONS, index];
      const isName = typeof name === "string" && name.length <= LIMITS.region.limit;
      return isName ? [{ path, name, region }] : [];
    },
  );
}
