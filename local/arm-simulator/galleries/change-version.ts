import { ArmError, anotherOperation } from "../errors.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import { readBody } from "../judge/judge-body.ts";
import { judgeTags } from "../judge/judge-tags.ts";
import { validatorOf } from "../judge/schema.ts";
import { lastName } from "../resource-id.ts";
import type { Service } from "../service.ts";
import type { ResourceRequest } from "../start-operation.ts";
import { startGalleryDeletion } from "./gallery-handlers.ts";
import type { GalleryResourceBody } from "./gallery-model.ts";
import { requireResource } from "./gallery-store.ts";
import { restoreVersion } from "./soft-delete.ts";
import { updateVersion } from "./update-version.ts";
import { fromVersionForm } from "./version-forms.ts";
import type { VersionProperties } from "./version-model.ts";
import { judgePublishing } from "./version-rules.ts";
import { findVersion } from "./version-store.ts";
import { toContext } from "./versions.ts";

type VersionUpdate = Partial<GalleryResourceBody<VersionProperties>>;

/** Changes what may change of a version, or restores one (`properties.restore`). */
export function patchVersion(service: Service, target: ResourceRequest): ArmResponse {
  const patch = validatorOf("galleries/images/versions", "patch", target.apiVersion);
  const name = (path: string) => `galleryImageVersion.${path}`;
  const body = readBody<VersionUpdate>(target.request.body, patch, name);
  judgeTags(body.tags);
  if (body.properties?.restore === true) {
    const restored = restoreVersion(service, target.id);
    if (restored !== undefined) return restored;
  }
  const { store } = service;
  const version = requireResource(store, store.versions, target.id);
  const { tags = version.tags } = body;
  const properties = fromVersionForm(body.properties ?? { storageProfile: {} }, target.apiVersion);
  judgePublishing(properties, toContext(service, version.location));
  const { publishedDate: _, ...profile } = version.properties.publishingProfile ?? {};
  const publishingProfile = { ...profile, ...properties.publishingProfile };
  return updateVersion(service, target, version, {
    location: version.location,
    ...(tags === undefined ? {} : { tags }),
    properties: { ...properties, publishingProfile },
  });
}

/** Starts a version's deletion: 202, or 204 if there is none. */
export function deleteVersion(service: Service, target: ResourceRequest): ArmResponse {
  return startGalleryDeletion(service, target, ({ operationId }) => {
    const { store } = service;
    const operation = store.operations.get(operationId ?? "");
    const accepts = operation?.kind === "delete" || store.settings.deleteWhileCreating === "Accept";
    if (operation !== undefined && !accepts) throw anotherOperation(lastName(target.id));
    judgeEndOfLife(service, findVersion(store, target.id)?.properties);
  });
}

/** Code: https://github.com/Azure/azure-cli/issues/30227; the status and the default are not known. */
function judgeEndOfLife(service: Service, properties: VersionProperties | undefined): void {
  const { endOfLifeDate } = properties?.publishingProfile ?? {};
  const isOver =
    endOfLifeDate !== undefined && Date.parse(endOfLifeDate) <= service.now().getTime();
  if (properties?.safetyProfile?.blockDeletionBeforeEndOfLife === true && !isOver) {
    throw new ArmError(
      409,
      "DeleteGalleryImageVersionBlockedBeforeEndOfLife",
      "The gallery image version cannot be deleted before its end of life date, because its safetyProfile.blockDeletionBeforeEndOfLife is true.",
    );
  }
}
