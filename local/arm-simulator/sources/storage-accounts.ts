import { toKey } from "../resource-id.ts";
import type { StorageAccount } from "./source-model.ts";

/** Where a storage account is. */
export interface StorageAccountPlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** Returns a storage account at a place, in a location. */
export function createStorageAccount(
  { subscriptionId, resourceGroup, name }: StorageAccountPlace,
  location: string,
): StorageAccount {
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${name}`;
  return { id, name, location };
}

/** Returns the storage accounts below an id, e.g. that of a resource group. */
export function listStorageAccounts(
  accounts: ReadonlyMap<string, StorageAccount>,
  scope: string,
): StorageAccount[] {
  return [...accounts.values()].filter(({ id }) => toKey(id).startsWith(`${toKey(scope)}/`));
}

/** Returns a storage account as a GET answers it. */
export function viewStorageAccount({ id, name, location }: StorageAccount): object {
  return {
    sku: { name: "Standard_LRS", tier: "Standard" },
    kind: "StorageV2",
    id,
    name,
    type: "Microsoft.Storage/storageAccounts",
    location,
    properties: {
      provisioningState: "Succeeded",
      primaryLocation: location,
      primaryEndpoints: { blob: `https://${name}.blob.core.windows.net/` },
    },
  };
}
