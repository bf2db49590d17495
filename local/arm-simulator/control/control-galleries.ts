import type { z } from "zod";
import { completeDefinition } from "../galleries/definition-rules.ts";
import { normalizeLocation } from "../locations.ts";
import { findParentId, formatResourceId, type ResourceId, toKey } from "../resource-id.ts";
import type { Service } from "../service.ts";
import { SEED_RESOURCE_GROUP } from "../sources/seeds.ts";
import { createStorageAccount } from "../sources/storage-accounts.ts";
import { addResourceGroup } from "../store.ts";
import { judgeSubscription, listPlaces } from "./control-resources.ts";
import type { definitionSchema, gallerySchema, storageAccountSchema } from "./control-schema.ts";

type GalleryOrder = z.output<typeof gallerySchema>;
type DefinitionOrder = z.output<typeof definitionSchema>;
type StorageAccountOrder = z.output<typeof storageAccountSchema>;

/** Creates a gallery and returns its ids: one for each subscription, unless the order names one. */
export function createGallery(service: Service, order: GalleryOrder): string[] {
  return listPlaces(service, "galleries", order).map(({ subscriptionId, resourceGroup, name }) =>
    saveGallery(service, { subscriptionId, resourceGroup, type: "galleries", name }, order),
  );
}

/**
 * Creates a definition, and its gallery if that does not exist. Returns its ids as
 * {@link createGallery} does.
 *
 * @throws RangeError for an order without an id or the name of a gallery
 */
export function createDefinition(service: Service, order: DefinitionOrder): string[] {
  const { id, gallery, name, securityType, publisher, offer, sku } = order;
  if (id === undefined && gallery === undefined) {
    throw new RangeError("gallery: expected the name of a gallery, or an id");
  }
  const named = name === undefined ? {} : { name: `${gallery}/${name}` };
  const type = "galleries/images";
  return listPlaces(service, type, { ...order, ...named }).map((place) => {
    const { subscriptionId, resourceGroup } = place;
    const definition: ResourceId = { subscriptionId, resourceGroup, type, name: place.name };
    const parent = findParentId(definition);
    if (parent !== undefined && !service.store.galleries.has(toKey(formatResourceId(parent)))) {
      saveGallery(service, parent, { location: order.location });
    }
    const security =
      securityType === undefined ? [] : [{ name: "SecurityType", value: securityType }];
    const { osType, osState, hyperVGeneration, architecture } = order;
    const ownName = place.name.slice(place.name.indexOf("/") + 1);
    service.store.definitions.set(toKey(formatResourceId(definition)), {
      id: definition,
      location: normalizeLocation(order.location ?? service.location),
      ...(order.tags === undefined ? {} : { tags: order.tags }),
      properties: completeDefinition(
        {
          osType,
          osState,
          hyperVGeneration,
          architecture,
          identifier: { publisher, offer, sku: sku ?? ownName },
          features: [...order.features, ...security],
        },
        "",
      ),
      provisioningState: "Succeeded",
    });
    return formatResourceId(definition);
  });
}

/** Places a storage account, instead of what has its name, and returns its id. */
export function placeStorageAccount(service: Service, order: StorageAccountOrder): string[] {
  const { store } = service;
  const { name, resourceGroup = SEED_RESOURCE_GROUP } = order;
  const { subscriptionId = store.subscriptions[0] ?? "" } = order;
  judgeSubscription(service, subscriptionId);
  for (const [key, account] of store.storageAccounts) {
    if (account.name === name) {
      store.storageAccounts.delete(key);
    }
  }
  const location = normalizeLocation(order.location ?? service.location);
  const account = createStorageAccount({ subscriptionId, resourceGroup, name }, location);
  addResourceGroup(store, resourceGroup);
  store.storageAccounts.set(toKey(account.id), account);
  return [account.id];
}

function saveGallery(
  service: Service,
  id: ResourceId,
  { location, tags, softDelete = false }: Pick<GalleryOrder, "location"> & Partial<GalleryOrder>,
): string {
  const { store } = service;
  addResourceGroup(store, id.resourceGroup);
  store.galleries.set(toKey(formatResourceId(id)), {
    id,
    location: normalizeLocation(location ?? service.location),
    ...(tags === undefined ? {} : { tags }),
    properties: softDelete ? { softDeletePolicy: { isSoftDeleteEnabled: true } } : {},
    provisioningState: "Succeeded",
  });
  return formatResourceId(id);
}
