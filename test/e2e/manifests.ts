/** A snapshot that the simulator has, of generation 1. */
export const SNAPSHOT_ID =
  "/subscriptions/{subscriptionId}/resourceGroups/myResourceGroup/providers/Microsoft.Compute/snapshots/mySnapshot1";

/** A manifest that waits for no upload. */
export const SNAPSHOT_MANIFEST = {
  properties: {
    storageProfile: {
      osDisk: { osType: "Windows", osState: "Generalized", snapshot: { id: SNAPSHOT_ID } },
    },
  },
};
