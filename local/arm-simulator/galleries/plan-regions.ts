import type { Service } from "../service.ts";
import type { ResourceRequest } from "../start-operation.ts";
import type { StoredRegion } from "./version-model.ts";

/** Where a version's replication begins. */
export interface ReplicationStart {
  /** Short name of the version's own region. */
  readonly home: string;
  /** The version's looks by now. */
  readonly looks: number;
}

/**
 * Returns how the replication to new regions is going to go: the version's own region is there one
 * look before its operation ends, the others at its end, unless a fault has been ordered.
 */
export function planRegions(
  service: Service,
  target: ResourceRequest,
  names: readonly string[],
  { home, looks }: ReplicationStart,
): StoredRegion[] {
  return names.map((name) => {
    const fault = service.faults.takeForRegion(target.request, name);
    const usual = name === home ? service.pollsInProgress : service.pollsInProgress + 1;
    const kind = fault?.replication ?? "Slow";
    return {
      name,
      startedAt: looks,
      needs: Math.max(usual, 1) + (fault?.looks ?? 0),
      end: kind === "Slow" ? "Completed" : kind,
      details: fault?.details ?? "",
    };
  });
}
