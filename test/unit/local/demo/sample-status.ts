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
