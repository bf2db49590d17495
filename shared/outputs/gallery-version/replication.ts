import type { Replication } from "../../gallery-ports.ts";

/** Regions that have just ended, one way or the other. */
export interface RegionChange {
  readonly region: string;
  readonly state: string;
  readonly details: string;
}

/** A replication as it is shown: what a region has reached it keeps, whatever a later answer says. */
export function advanceReplication(before: Replication | null, now: Replication): Replication {
  const regions = now.regions.map((region) => {
    const known = before?.regions.find((other) => other.region === region.region);
    if (known === undefined) return region;
    if (known.state === "Completed") return known;
    return { ...region, progress: Math.max(region.progress, known.progress) };
  });
  return { aggregatedState: now.aggregatedState, regions };
}

/** The regions that have completed or failed since the last look. */
export function listRegionChanges(
  before: Replication | null,
  now: Replication,
): readonly RegionChange[] {
  return now.regions
    .filter(({ region, state }) => {
      const known = before?.regions.find((other) => other.region === region);
      return isEnded(state) && known?.state !== state;
    })
    .map(({ region, state, details }) => ({ region, state, details }));
}

/** Whether every region has the version. A version without regions has not been replicated yet. */
export function isReplicated({ regions }: Replication): boolean {
  return regions.length > 0 && regions.every(({ state }) => state === "Completed");
}

/** Regions that failed, once no other is under way; until then an answer may still change. */
export function listFailedRegions({ regions }: Replication): readonly RegionChange[] {
  return regions.every(({ state }) => isEnded(state))
    ? regions.filter(({ state }) => state === "Failed")
    : [];
}

/** Whether some region has the version. */
export function hasRegion({ regions }: Replication): boolean {
  return regions.some(({ state }) => state === "Completed");
}

function isEnded(state: string): boolean {
  return state === "Completed" || state === "Failed";
}
