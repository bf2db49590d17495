import type { ArmResponse } from "../http/arm-http.ts";
import { listLocationNames } from "../locations.ts";
import type { Service } from "../service.ts";
import { TENANT_ID } from "../tenant.ts";
import type { PathNames } from "./scope.ts";

/** Answers all subscriptions. */
export function listSubscriptions({ store }: Service): ArmResponse {
  const value = store.subscriptions.map(viewSubscription);
  return { status: 200, body: { value, count: { type: "Total", value: value.length } } };
}

/** Answers one subscription. */
export function getSubscription(_: Service, { subscriptionId = "" }: PathNames): ArmResponse {
  return { status: 200, body: viewSubscription(subscriptionId.toLowerCase()) };
}

/** Answers the one tenant. */
export function listTenants(): ArmResponse {
  const tenant = {
    id: `/tenants/${TENANT_ID}`,
    tenantId: TENANT_ID,
    countryCode: "US",
    displayName: "Local world",
    domains: ["local.example"],
    tenantCategory: "Home",
  };
  return { status: 200, body: { value: [tenant] } };
}

/** Answers the regions of a subscription. */
export function listLocations(service: Service, { subscriptionId = "" }: PathNames): ArmResponse {
  const value = listLocationNames(service.location).map(({ name, displayName }) => ({
    id: `/subscriptions/${subscriptionId}/locations/${name}`,
    name,
    displayName,
    regionalDisplayName: displayName,
    type: "Region",
    metadata: { regionType: "Physical", regionCategory: "Recommended" },
  }));
  return { status: 200, body: { value } };
}

/** Answers the resource groups of a subscription, which every one of them has. */
export function listResourceGroups(
  service: Service,
  { subscriptionId = "" }: PathNames,
): ArmResponse {
  const value = [...service.store.resourceGroups.values()].map((name) =>
    viewResourceGroup(service, subscriptionId, name),
  );
  return { status: 200, body: { value } };
}

/** Answers one resource group. */
export function getResourceGroup(
  service: Service,
  { subscriptionId = "", resourceGroup = "" }: PathNames,
): ArmResponse {
  const name = service.store.resourceGroups.get(resourceGroup.toLowerCase()) ?? resourceGroup;
  return { status: 200, body: viewResourceGroup(service, subscriptionId, name) };
}

function viewSubscription(subscriptionId: string): object {
  return {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionId,
    tenantId: TENANT_ID,
    displayName: "Local world",
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
  };
}

function viewResourceGroup({ location }: Service, subscriptionId: string, name: string): object {
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${name}`,
    name,
    type: "Microsoft.Resources/resourceGroups",
    location,
    properties: { provisioningState: "Succeeded" },
  };
}
