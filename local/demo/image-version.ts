import type { OutputView, StatusView } from "../../shared/http/status-view.ts";

export type RegionProgress = {
  readonly region: string;
  readonly state: string;
  /** Percent. */
  readonly progress: number;
};

/** An image version in a Compute Gallery, as the status of its request shows it. */
export type ImageVersion = {
  readonly id: string | null;
  /** Its number; null before the app has claimed one. */
  readonly version: string | null;
  /** Empty before Azure has begun to replicate it. */
  readonly regions: readonly RegionProgress[];
};

type VersionOutput = OutputView & {
  readonly version?: string | null;
  readonly replication?: { readonly regions?: readonly RegionProgress[] } | null;
};

/** Returns the image version that a request makes; undefined where it makes none. */
export function findImageVersion({ outputs }: StatusView): ImageVersion | undefined {
  const output: VersionOutput | undefined = outputs.find(({ kind }) => kind === "galleryVersion");
  if (output === undefined) return undefined;
  const { id, version = null, replication } = output;
  return { id, version, regions: replication?.regions ?? [] };
}

/** Whether the version is in all of its regions, which are `count`. */
export function isInRegions({ regions }: ImageVersion, count: number): boolean {
  return regions.length === count && regions.every(({ state }) => state === "Completed");
}

/** Returns the progress of each region, for example `West US 100 %, North Europe 42 %`. */
export function renderRegions({ regions }: ImageVersion): string {
  return regions.map(({ region, progress }) => `${region} ${progress} %`).join(", ");
}
