import type { ArmErrorBody } from "./errors.ts";
import type { ImageBody } from "./images/image-model.ts";
import { type ResourceId, toKey } from "./resource-id.ts";
import { listSeeds, SEED_RESOURCE_GROUP } from "./sources/seeds.ts";
import type { SourceResource } from "./sources/source-model.ts";

/** How far the service is with an image. */
export type ProvisioningState =
  | "Creating"
  | "Updating"
  | "Deleting"
  | "Succeeded"
  | "Failed"
  | "Canceled";

/** An image of the simulated service. */
export interface StoredImage {
  readonly id: ResourceId;
  /** What was asked for; answered while the image is being created. */
  readonly requested: ImageBody;
  /** The same with what the service fills in from the sources and its defaults. */
  readonly completed: ImageBody;
  readonly provisioningState: ProvisioningState;
  /** The operation that is changing the image, if one is. */
  readonly operationId?: string;
}

/** How an operation ends, once it has been observed often enough; `Never` keeps it running. */
export interface OperationEnd {
  readonly status: "Succeeded" | "Failed" | "Canceled" | "Never";
  readonly error?: ArmErrorBody;
  /** Whether the operation's URL answers 404, as one that has expired; the image goes on. */
  readonly isUrlGone?: boolean;
}

/** A long-running operation of the simulated service. */
export interface Operation {
  readonly id: string;
  readonly subscriptionId: string;
  readonly location: string;
  readonly kind: "create" | "delete";
  readonly image: ResourceId;
  readonly startTime: Date;
  readonly endTime?: Date;
  /** How many more observations answer `InProgress`. */
  readonly observationsLeft: number;
  readonly end: OperationEnd;
}

/** Everything the simulated service knows. Keys are resource ids in lower case. */
export interface Store {
  readonly subscriptions: readonly string[];
  readonly resourceGroups: Set<string>;
  readonly sources: Map<string, SourceResource>;
  readonly images: Map<string, StoredImage>;
  readonly operations: Map<string, Operation>;
  /** Goes back to the seeded resources. */
  reset(): void;
}

/** What a fresh store holds. */
export interface StoreSeeds {
  readonly subscriptions: readonly string[];
  readonly resourceGroups: readonly string[];
  readonly location: string;
  readonly createdAt: Date;
}

/** Returns a store that holds the seeds only. */
export function createStore(seeds: StoreSeeds): Store {
  const store: Store = {
    subscriptions: seeds.subscriptions,
    resourceGroups: new Set(),
    sources: new Map(),
    images: new Map(),
    operations: new Map(),
    reset: () => fill(store, seeds),
  };
  store.reset();
  return store;
}

function fill(store: Store, seeds: StoreSeeds): void {
  for (const collection of [store.resourceGroups, store.sources, store.images, store.operations]) {
    collection.clear();
  }
  for (const group of [SEED_RESOURCE_GROUP, ...seeds.resourceGroups]) {
    store.resourceGroups.add(group.toLowerCase());
  }
  for (const subscriptionId of seeds.subscriptions) {
    for (const source of listSeeds({ ...seeds, subscriptionId })) {
      store.sources.set(toKey(source.id), source);
    }
  }
}
