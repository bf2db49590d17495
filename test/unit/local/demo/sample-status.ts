import type { StatusView } from "../../../../shared/http/status-view.ts";

/** Returns a status document of the request that `source` made. */
export function createStatus(source: string, changes: Partial<StatusView> = {}): StatusView {
  return {
    requestId: `id-of-${source}`,
    state: "waiting",
    kind: "manifest",
    source,
    image: null,
    outputs: [],
    disks: [],
    warnings: [],
    error: null,
    retrying: null,
    retryOf: null,
    retriedBy: null,
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    completedAt: null,
    events: [],
    ...changes,
  };
}

/** What makes a status one of success. */
export const SUCCEEDED: Partial<StatusView> = {
  state: "succeeded",
  image: {
    name: "web",
    resourceGroup: "images-rg",
    subscriptionId: "s",
    location: "westus",
    id: "/subscriptions/s/resourceGroups/images-rg/providers/Microsoft.Compute/images/web",
  },
};

/** What makes a status one of refusal. */
export const REFUSED: Partial<StatusView> = {
  state: "failed",
  error: {
    code: "InvalidVhd",
    message: "it is a dynamic VHD",
    fix: "convert it",
    retryable: false,
    target: null,
    details: [],
  },
};

/** What a disk of 40 MiB that was converted adds to a status. */
export const CONVERTED: Partial<StatusView> = {
  disks: [
    {
      role: "os",
      blob: "server.vhdx",
      state: "complete",
      detail: null,
      inspection: null,
      conversion: {
        from: "vhdx",
        to: "converted/0123.vhd",
        mode: "server-side",
        bytesTotal: 40 * 2 ** 20,
        bytesDone: 40 * 2 ** 20,
        percent: 100,
        secondsLeft: 0,
      },
      warnings: [],
    },
  ],
};

const REGION_NAMES = ["West US", "North Europe"];

/** Returns what makes a status one of an image version, with the percentages of its regions. */
export function inRegions(...percentages: readonly number[]): Partial<StatusView> {
  const regions = percentages.map((progress, index) => ({
    region: REGION_NAMES[index],
    state: progress === 100 ? "Completed" : "Replicating",
    progress,
    details: "",
  }));
  const id =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/shared/images/golden/versions/1.0.0";
  const output = { kind: "galleryVersion", state: "succeeded", id, error: null } as const;
  const progress = { version: "1.0.0", replication: { aggregatedState: "Completed", regions } };
  return { state: "succeeded", outputs: [{ ...output, ...progress }] };
}
