import { displayLocation } from "../locations.ts";
import type { StoredRegion, StoredVersion } from "./version-model.ts";

/** What is known of a version in one region. */
export interface RegionStatus {
  /** Display name. */
  readonly region: string;
  readonly state: "Replicating" | "Completed" | "Failed";
  readonly details: string;
  /** 0 to 100; never falls. */
  readonly progress: number;
}

/** What `$expand=ReplicationStatus` adds to a version. */
export interface ReplicationStatus {
  readonly aggregatedState: "InProgress" | "Completed" | "Failed";
  readonly summary: readonly RegionStatus[];
}

/** Short of 100, which only a completed region shows. */
const MOST_BEFORE_THE_END = 99;

/**
 * Returns how far the replication is. A region's progress grows with the looks at the version. Of a
 * version that could not be made no region has anything.
 */
export function describeReplication(version: StoredVersion): ReplicationStatus {
  const summary = version.regions.map((region) => describeRegion(version, region));
  const has = (state: RegionStatus["state"]) => summary.some((each) => each.state === state);
  return {
    aggregatedState: has("Replicating") ? "InProgress" : has("Failed") ? "Failed" : "Completed",
    summary,
  };
}

/** Returns the short names and details of the regions that have failed by now. */
export function listFailedRegions(version: StoredVersion): readonly StoredRegion[] {
  return version.regions.filter((region) => describeRegion(version, region).state === "Failed");
}

function describeRegion(version: StoredVersion, region: StoredRegion): RegionStatus {
  const looks = version.looks - region.startedAt;
  const progress = Math.min(Math.floor((100 * looks) / region.needs), MOST_BEFORE_THE_END);
  const name = displayLocation(region.name);
  if (version.isUnusable === true) {
    return { region: name, state: "Failed", details: "", progress: 0 };
  }
  if (region.end === "Never" || looks < region.needs) {
    return { region: name, state: "Replicating", details: "", progress };
  }
  return region.end === "Failed"
    ? { region: name, state: "Failed", details: region.details, progress }
    : { region: name, state: "Completed", details: "", progress: 100 };
}
