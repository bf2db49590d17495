/** A snapshot that the simulator has. */
export const SNAPSHOT_ID =
  "/subscriptions/{subscriptionId}/resourceGroups/myResourceGroup/providers/Microsoft.Compute/snapshots/mySnapshot1";

/** A manifest that waits for no upload. */
export const SNAPSHOT_MANIFEST = {
  properties: {
    storageProfile: {
      osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT_ID } },
    },
  },
};
