import { ArmError } from "../errors.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import { formatResourceId, lastName, type ResourceId, toKey } from "../resource-id.ts";
import type { Service } from "../service.ts";
import type { Store } from "../store.ts";
import { requireResource } from "./gallery-store.ts";
import { saveVersion } from "./version-store.ts";
import { viewSoftDeleted, viewVersion } from "./version-view.ts";

/** Days for which a deleted version can be restored. */
const KEPT_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Refuses the number of a version that has been deleted but can still be restored. What the service
 * does with it is not known; this is the careful reading.
 *
 * @throws ArmError 409 `Conflict`
 */
export function judgeRestorable(store: Store, id: ResourceId): void {
  if (store.softDeleted.has(toKey(formatResourceId(id)))) {
    throw new ArmError(
      409,
      "Conflict",
      `The gallery image version '${lastName(id)}' has been soft deleted. Restore it, or wait until it is purged.`,
    );
  }
}

/**
 * Answers the deleted versions of a definition that can still be restored, as
 * `…/softDeletedArtifactTypes/images/artifacts/{definition}/versions`.
 */
export function listSoftDeleted(service: Service, artifact: ResourceId): ArmResponse {
  const { store } = service;
  const [gallery = "", , definition = ""] = artifact.name.split("/");
  requireResource(store, store.galleries, { ...artifact, type: "galleries", name: gallery });
  purge(service);
  const prefix = `${gallery}/${definition}/`.toLowerCase();
  const group = artifact.resourceGroup.toLowerCase();
  const value = [...store.softDeleted.values()]
    .filter(({ version: { id } }) => id.resourceGroup.toLowerCase() === group)
    .filter(({ version: { id } }) => id.name.toLowerCase().startsWith(prefix))
    .map(viewSoftDeleted);
  return { status: 200, body: { value } };
}

/** Restores a deleted version, or returns undefined if there is none to restore. */
export function restoreVersion(service: Service, id: ResourceId): ArmResponse | undefined {
  purge(service);
  const key = toKey(formatResourceId(id));
  const deleted = service.store.softDeleted.get(key);
  if (deleted === undefined) return undefined;
  service.store.softDeleted.delete(key);
  saveVersion(service.store, deleted.version);
  return { status: 200, body: viewVersion(deleted.version) };
}

function purge({ store, now }: Service): void {
  const oldest = now().getTime() - KEPT_DAYS * DAY_MS;
  for (const [key, { deletedAt }] of store.softDeleted) {
    if (Date.parse(deletedAt) < oldest) {
      store.softDeleted.delete(key);
    }
  }
}
