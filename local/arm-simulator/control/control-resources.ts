import type { z } from "zod";
import { formatResourceId, parseResourceId, toKey } from "../resource-id.ts";
import type { Service } from "../service.ts";
import { SEED_RESOURCE_GROUP } from "../sources/seeds.ts";
import type { SourceDisk, SourceResource, SourceVirtualMachine } from "../sources/source-model.ts";
import { addResourceGroup } from "../store.ts";
import type { diskSchema, virtualMachineSchema } from "./control-schema.ts";

type DiskOrder = z.output<typeof diskSchema>;
type VirtualMachineOrder = z.output<typeof virtualMachineSchema>;

/** Where a resource is to be created. */
export interface ResourcePlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const TYPE_OF_ORDER = {
  disk: "disks",
  snapshot: "snapshots",
  virtualMachine: "virtualMachines",
} as const;

/**
 * Creates a disk, snapshot or virtual machine, and the resource group it is in. Returns the ids of
 * what was created: one for each subscription, unless the order names one.
 *
 * @throws RangeError for an order that names no place, or one that cannot be
 */
export function createResource(service: Service, order: DiskOrder | VirtualMachineOrder): string[] {
  return listPlaces(service, TYPE_OF_ORDER[order.type], order).map((place) => {
    const resource =
      order.type === "virtualMachine"
        ? createVirtualMachine(service, place, order)
        : createDisk(service, place, order);
    addResourceGroup(service.store, place.resourceGroup);
    return save(service, resource).id;
  });
}

/** What an order says about the place of what it creates. */
export interface PlaceOrder {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly resourceGroup?: string | undefined;
  readonly subscriptionId?: string | undefined;
}

/**
 * Returns where an order wants its resource: at its id, or in every subscription.
 *
 * @throws RangeError for an order that names no place, or one that cannot be
 */
export function listPlaces(service: Service, type: string, order: PlaceOrder): ResourcePlace[] {
  const { id, name, resourceGroup = SEED_RESOURCE_GROUP, subscriptionId } = order;
  if (id !== undefined) {
    const parsed = parseResourceId(id);
    if (parsed?.type.toLowerCase() !== type.toLowerCase()) {
      const path = type
        .split("/")
        .map((part) => `${part}/{name}`)
        .join("/");
      throw new RangeError(
        `id: expected /subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute/${path}`,
      );
    }
    judgeSubscription(service, parsed.subscriptionId);
    return [parsed];
  }
  if (name === undefined) throw new RangeError("name: expected a name, or an id");
  if (subscriptionId !== undefined) {
    judgeSubscription(service, subscriptionId);
  }
  const subscriptions =
    subscriptionId === undefined ? service.store.subscriptions : [subscriptionId];
  return subscriptions.map((each) => ({ subscriptionId: each, resourceGroup, name }));
}

export function judgeSubscription({ store }: Service, subscriptionId: string): void {
  if (!store.subscriptions.some((known) => toKey(known) === toKey(subscriptionId))) {
    throw new RangeError(
      `subscriptionId: '${subscriptionId}' is not a known subscription; known subscriptions: ${store.subscriptions.join(", ")}`,
    );
  }
}

function createDisk(
  service: Service,
  place: ResourcePlace,
  order: Pick<
    DiskOrder,
    | "type"
    | "location"
    | "sizeGB"
    | "sku"
    | "osType"
    | "hyperVGeneration"
    | "architecture"
    | "securityType"
  >,
): SourceDisk {
  const type = order.type === "disk" ? "disks" : "snapshots";
  return {
    type,
    id: formatResourceId({ ...place, type }),
    name: place.name,
    location: order.location ?? service.location,
    sizeGB: order.sizeGB,
    sku: order.sku,
    ...(order.osType === undefined ? {} : { osType: order.osType }),
    ...(order.hyperVGeneration === undefined ? {} : { hyperVGeneration: order.hyperVGeneration }),
    ...(order.architecture === undefined ? {} : { architecture: order.architecture }),
    ...(order.securityType === undefined ? {} : { securityType: order.securityType }),
    createdAt: service.now(),
  };
}

function createVirtualMachine(
  service: Service,
  place: ResourcePlace,
  order: VirtualMachineOrder,
): SourceVirtualMachine {
  const attach = (suffix: string, sizeGB: number) => {
    const disk = save(
      service,
      createDisk(
        service,
        { ...place, name: `${place.name}_${suffix}` },
        { ...order, type: "disk", sizeGB, sku: "Standard_LRS" },
      ),
    );
    return { id: disk.id, sizeGB, sku: "Standard_LRS", caching: "ReadWrite" };
  };
  return {
    type: "virtualMachines",
    id: formatResourceId({ ...place, type: "virtualMachines" }),
    name: place.name,
    location: order.location ?? service.location,
    osType: order.osType,
    hyperVGeneration: order.hyperVGeneration,
    ...(order.vmSize === undefined ? {} : { vmSize: order.vmSize }),
    ...(order.securityType === undefined ? {} : { securityType: order.securityType }),
    generalized: order.generalized,
    powerState: order.powerState,
    osDisk: attach("OsDisk", order.osDiskSizeGB),
    dataDisks: order.dataDisks.map(({ lun, sizeGB }) => ({
      lun,
      ...attach(`DataDisk_${lun}`, sizeGB),
    })),
    createdAt: service.now(),
  };
}

function save<Resource extends SourceResource>({ store }: Service, resource: Resource): Resource {
  store.sources.set(toKey(resource.id), resource);
  return resource;
}
