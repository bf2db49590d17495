import { ArmError } from "../errors.ts";
import { toKey } from "../resource-id.ts";
import type { Service } from "../service.ts";

/** The named parts of a path, decoded. */
export type PathNames = Readonly<Record<string, string>>;

/**
 * Refuses a subscription that does not exist.
 *
 * @throws ArmError 404 `SubscriptionNotFound`
 */
export function judgeSubscription({ store }: Service, subscriptionId: string): void {
  if (!store.subscriptions.some((known) => toKey(known) === toKey(subscriptionId))) {
    throw new ArmError(
      404,
      "SubscriptionNotFound",
      `The subscription '${subscriptionId}' could not be found.`,
    );
  }
}

/**
 * Refuses a resource group that does not exist.
 *
 * @throws ArmError 404 `ResourceGroupNotFound`
 */
export function judgeResourceGroup({ store }: Service, resourceGroup: string): void {
  if (!store.resourceGroups.has(toKey(resourceGroup))) {
    throw new ArmError(
      404,
      "ResourceGroupNotFound",
      `Resource group '${resourceGroup}' could not be found.`,
    );
  }
}
