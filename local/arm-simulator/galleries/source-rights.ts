import { parseResourceId } from "../resource-id.ts";
import { judgeLinkedRight, type WantedAction } from "../rights.ts";
import type { Store } from "../store.ts";
import type { DiskImageSource, VersionStorageProfile } from "./version-model.ts";

/** The action that a version's source needs, by the source's type. */
const ACTION_OF_TYPE: Readonly<Record<string, string>> = {
  disks: "Microsoft.Compute/disks/write",
  snapshots: "Microsoft.Compute/snapshots/write",
  virtualmachines: "Microsoft.Compute/virtualMachines/write",
  images: "Microsoft.Compute/images/read",
  "galleries/images/versions": "Microsoft.Compute/galleries/images/versions/read",
};

/**
 * Judges the caller's rights to a version's sources. A blob takes the right to list the account's
 * keys; roles for its data do not help.
 *
 * @throws ArmError 403 `LinkedAuthorizationFailed`
 */
export function judgeSourceRights(
  store: Store,
  own: WantedAction,
  { source, osDiskImage, dataDiskImages = [] }: VersionStorageProfile,
): void {
  const whole = source?.id ?? source?.virtualMachineId;
  const linked = [
    ...(whole === undefined ? [] : [toAction(whole)]),
    ...[osDiskImage, ...dataDiskImages].map((disk) => toDiskAction(disk?.source ?? {})),
  ];
  for (const action of linked) {
    if (action !== undefined) {
      judgeLinkedRight(store, own, action);
    }
  }
}

function toDiskAction({ id, storageAccountId }: DiskImageSource): WantedAction | undefined {
  if (storageAccountId === undefined) return id === undefined ? undefined : toAction(id);
  return {
    action: "Microsoft.Storage/storageAccounts/listKeys/action",
    scope: storageAccountId,
  };
}

function toAction(id: string): WantedAction | undefined {
  const action = ACTION_OF_TYPE[parseResourceId(id)?.type.toLowerCase() ?? ""];
  return action === undefined ? undefined : { action, scope: id };
}
