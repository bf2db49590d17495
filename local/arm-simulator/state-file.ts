import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { ArmSimulatorError } from "./errors.ts";
import { formatResourceId, type ResourceId, toKey } from "./resource-id.ts";
import { addResourceGroup, type Store } from "./store.ts";

/** The file in which a simulator's store outlives its process. */
export interface StateFile {
  /** Writes the store if it is not what the file holds already; whole, or not at all. */
  save(): void;
}

const resourceId = z.object({
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  type: z.string(),
  name: z.string(),
});

/** What of the store is kept, by the names it has in the store and in the file. */
const COLLECTIONS = [
  "sources",
  "storageAccounts",
  "images",
  "galleries",
  "definitions",
  "versions",
  "softDeleted",
  "operations",
] as const satisfies readonly (keyof Store)[];

const galleryResources = z
  .array(z.looseObject({ id: resourceId, properties: z.looseObject({}) }))
  .default([]);

/** Checks what keys and times depend on; the rest is as this program wrote it. */
const stateSchema = z.object({
  version: z.literal(1),
  settings: z.looseObject({}).default({}),
  resourceGroups: z.array(z.string()),
  sources: z.array(z.looseObject({ id: z.string(), type: z.string(), createdAt: z.coerce.date() })),
  storageAccounts: z.array(z.looseObject({ id: z.string(), name: z.string() })).default([]),
  images: z.array(
    z.looseObject({
      id: resourceId,
      requested: z.looseObject({}),
      completed: z.looseObject({}),
      provisioningState: z.string(),
    }),
  ),
  galleries: galleryResources,
  definitions: galleryResources,
  versions: galleryResources,
  softDeleted: z
    .array(z.looseObject({ version: z.looseObject({ id: resourceId }), deletedAt: z.string() }))
    .default([]),
  operations: z.array(
    z.preprocess(
      nameResource,
      z.looseObject({
        id: z.string(),
        resource: resourceId,
        startTime: z.coerce.date(),
        endTime: z.coerce.date().optional(),
        observationsLeft: z.number(),
      }),
    ),
  ),
});

/** Before there were galleries, an operation's resource was its image. */
function nameResource(operation: unknown): unknown {
  return typeof operation === "object" && operation !== null && "image" in operation
    ? { resource: operation.image, ...operation }
    : operation;
}

/**
 * Fills the store with what the file holds, if there is one, over the seeds, and returns the file.
 *
 * @throws ArmSimulatorError if the file cannot be read or is not what `save` writes
 */
export function openStateFile(path: string, store: Store): StateFile {
  const text = readText(path);
  if (text !== undefined) {
    load(path, text, store);
  }
  let written = text;
  return {
    save: () => {
      const current = serialize(store);
      if (current === written) return;
      // A rename replaces the file as a whole: whoever is killed in between leaves the old one.
      const temporary = `${path}.new`;
      writeFileSync(temporary, current);
      renameSync(temporary, path);
      written = current;
    },
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new ArmSimulatorError(`cannot read the simulator's state from '${path}'`, { cause });
  }
}

function load(path: string, text: string, store: Store): void {
  const state = parse(path, text);
  for (const group of state.resourceGroups) {
    addResourceGroup(store, group);
  }
  store.settings = { ...store.settings, ...state.settings };
  for (const name of COLLECTIONS) {
    // The schema has proven what keys are made of; values are as `serialize` wrote them.
    const collection = store[name] as Map<string, unknown>;
    for (const item of state[name]) {
      collection.set(findKey(item as KeptItem), item);
    }
  }
}

/** What keys are made of; the schema has proven that one of the ids is there. */
interface KeptItem {
  readonly id?: ResourceId | string;
  /** Of a deleted version. */
  readonly version?: { readonly id: ResourceId };
}

/** Returns an item's key in the store: its resource id, or the id of an operation. */
function findKey(item: KeptItem): string {
  const id = item.version?.id ?? item.id ?? "";
  return typeof id === "string" ? toKey(id) : toKey(formatResourceId(id));
}

function parse(path: string, text: string): z.output<typeof stateSchema> {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new ArmSimulatorError(
      `'${path}' is not a saved state of the ARM simulator; delete it to start without images. ${reason}`,
      { cause },
    );
  }
}

function serialize(store: Store): string {
  const collections = COLLECTIONS.map((name) => [name, [...store[name].values()]]);
  return JSON.stringify({
    version: 1,
    settings: store.settings,
    resourceGroups: [...store.resourceGroups.values()],
    ...Object.fromEntries(collections),
  });
}
