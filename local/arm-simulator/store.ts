import type { ArmErrorBody } from "./errors.ts";
import type { StoredDefinition, StoredGallery } from "./galleries/gallery-model.ts";
import type { SoftDeletedVersion, StoredVersion } from "./galleries/version-model.ts";
import type { ImageBody } from "./images/image-model.ts";
import { type ResourceId, toKey } from "./resource-id.ts";
import { INITIAL_SETTINGS, type SimulatorSettings } from "./settings.ts";
import { listSeeds, SEED_RESOURCE_GROUP } from "./sources/seeds.ts";
import type { SourceResource, StorageAccount } from "./sources/source-model.ts";
import { createStorageAccount } from "./sources/storage-accounts.ts";

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
  /** What was requested; answered while the image is being created. */
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
  /** Whether the operation's URL answers 404, as if expired; the image is still created. */
  readonly isUrlGone?: boolean;
}

/** A long-running operation of the simulated service. */
export interface Operation {
  readonly id: string;
  readonly subscriptionId: string;
  readonly location: string;
  readonly kind: "create" | "update" | "delete";
  /** The image, gallery, definition or version that it changes. */
  readonly resource: ResourceId;
  readonly startTime: Date;
  readonly endTime?: Date;
  /** How many more observations answer `InProgress`. */
  readonly observationsLeft: number;
  readonly end: OperationEnd;
}

/** Everything the simulated service knows. Keys are resource ids in lower case. */
export interface Store {
  readonly subscriptions: readonly string[];
  /** Their names as they were given. */
  readonly resourceGroups: Map<string, string>;
  readonly sources: Map<string, SourceResource>;
  readonly storageAccounts: Map<string, StorageAccount>;
  readonly images: Map<string, StoredImage>;
  readonly galleries: Map<string, StoredGallery>;
  readonly definitions: Map<string, StoredDefinition>;
  readonly versions: Map<string, StoredVersion>;
  readonly softDeleted: Map<string, SoftDeletedVersion>;
  readonly operations: Map<string, Operation>;
  /** How the service is set up; replaced as a whole. */
  settings: SimulatorSettings;
  /** Goes back to the seeded resources. */
  reset(): void;
}

/** What a fresh store holds. */
export interface StoreSeeds {
  readonly subscriptions: readonly string[];
  readonly resourceGroups: readonly string[];
  /** Names of the storage accounts; they are in the first subscription's first resource group. */
  readonly storageAccounts: readonly string[];
  readonly location: string;
  readonly createdAt: Date;
}

/** Returns a store that holds the seeds only. */
export function createStore(seeds: StoreSeeds): Store {
  const store: Store = {
    subscriptions: seeds.subscriptions,
    resourceGroups: new Map(),
    sources: new Map(),
    storageAccounts: new Map(),
    images: new Map(),
    galleries: new Map(),
    definitions: new Map(),
    versions: new Map(),
    softDeleted: new Map(),
    operations: new Map(),
    settings: INITIAL_SETTINGS,
    reset: () => fill(store, seeds),
  };
  store.reset();
  return store;
}

/** Adds a resource group, in every subscription; one that exists keeps its name. */
export function addResourceGroup({ resourceGroups }: Pick<Store, "resourceGroups">, name: string) {
  const key = toKey(name);
  resourceGroups.set(key, resourceGroups.get(key) ?? name);
}

function fill(store: Store, seeds: StoreSeeds): void {
  store.settings = INITIAL_SETTINGS;
  for (const collection of Object.values(store)) {
    if (collection instanceof Map) {
      collection.clear();
    }
  }
  for (const group of [SEED_RESOURCE_GROUP, ...seeds.resourceGroups]) {
    addResourceGroup(store, group);
  }
  for (const subscriptionId of seeds.subscriptions) {
    for (const source of listSeeds({ ...seeds, subscriptionId })) {
      store.sources.set(toKey(source.id), source);
    }
  }
  const [subscriptionId = ""] = seeds.subscriptions;
  const [resourceGroup = SEED_RESOURCE_GROUP] = seeds.resourceGroups;
  for (const name of seeds.storageAccounts) {
    const account = createStorageAccount({ subscriptionId, resourceGroup, name }, seeds.location);
    store.storageAccounts.set(toKey(account.id), account);
  }
}
