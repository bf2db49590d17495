import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { ArmSimulatorError } from "./errors.ts";
import { formatResourceId, toKey } from "./resource-id.ts";
import type { SourceResource } from "./sources/source-model.ts";
import type { Operation, Store, StoredImage } from "./store.ts";

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

/** Checks what keys and times depend on; the rest is as this program wrote it. */
const stateSchema = z.object({
  version: z.literal(1),
  resourceGroups: z.array(z.string()),
  sources: z.array(z.looseObject({ id: z.string(), type: z.string(), createdAt: z.coerce.date() })),
  images: z.array(
    z.looseObject({
      id: resourceId,
      requested: z.looseObject({}),
      completed: z.looseObject({}),
      provisioningState: z.string(),
    }),
  ),
  operations: z.array(
    z.looseObject({
      id: z.string(),
      image: resourceId,
      startTime: z.coerce.date(),
      endTime: z.coerce.date().optional(),
      observationsLeft: z.number(),
    }),
  ),
});

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
    store.resourceGroups.add(group);
  }
  for (const source of state.sources as unknown as SourceResource[]) {
    store.sources.set(toKey(source.id), source);
  }
  for (const image of state.images as unknown as StoredImage[]) {
    store.images.set(toKey(formatResourceId(image.id)), image);
  }
  for (const operation of state.operations as unknown as Operation[]) {
    store.operations.set(operation.id, operation);
  }
}

function parse(path: string, text: string): z.output<typeof stateSchema> {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new ArmSimulatorError(
      `'${path}' is not a state that the ARM simulator has saved; delete it to start without images. ${reason}`,
      { cause },
    );
  }
}

function serialize(store: Store): string {
  return JSON.stringify({
    version: 1,
    resourceGroups: [...store.resourceGroups],
    sources: [...store.sources.values()],
    images: [...store.images.values()],
    operations: [...store.operations.values()],
  });
}
