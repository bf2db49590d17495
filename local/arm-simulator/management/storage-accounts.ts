import { ArmError } from "../errors.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import { toKey } from "../resource-id.ts";
import type { Service } from "../service.ts";
import { listStorageAccounts, viewStorageAccount } from "../sources/storage-accounts.ts";
import type { PathNames } from "./scope.ts";

/** Answers the storage accounts of a resource group, or of a subscription. */
export function listAccounts({ store }: Service, names: PathNames): ArmResponse {
  const value = listStorageAccounts(store.storageAccounts, formatScope(names));
  return { status: 200, body: { value: value.map(viewStorageAccount) } };
}

/**
 * Answers a storage account.
 *
 * @throws ArmError 404 `ResourceNotFound`
 */
export function getStorageAccount({ store }: Service, names: PathNames): ArmResponse {
  const { account = "", resourceGroup = "" } = names;
  const id = `${formatScope(names)}/providers/Microsoft.Storage/storageAccounts/${account}`;
  const found = store.storageAccounts.get(toKey(id));
  if (found === undefined) {
    throw new ArmError(
      404,
      "ResourceNotFound",
      `The Resource 'Microsoft.Storage/storageAccounts/${account}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
  }
  return { status: 200, body: viewStorageAccount(found) };
}

function formatScope({ subscriptionId = "", resourceGroup }: PathNames): string {
  const subscription = `/subscriptions/${subscriptionId}`;
  return resourceGroup === undefined
    ? subscription
    : `${subscription}/resourceGroups/${resourceGroup}`;
}
