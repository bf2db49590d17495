import { serviceStatusOf } from "../../errors.ts";
import type { GalleryService } from "../../gallery-ports.ts";
import { definitionId, versionId } from "../../image/gallery-request.ts";
import { readDocument } from "./answer-document.ts";
import { nullIfMissing } from "./arm-call.ts";
import { type ArmRequests, createArmRequests } from "./arm-request.ts";
import type { ArmOptions } from "./compute-clients.ts";
import {
  readNames,
  readNextLink,
  toAccount,
  toDefinitionFacts,
  toFoundVersion,
  toImageFacts,
} from "./gallery-answers.ts";

/** The version of the API that the official client has built in for galleries. */
const GALLERY = { "api-version": "2025-12-03" };
const IMAGE = { "api-version": "2026-04-01" };
const STORAGE = { "api-version": "2024-01-01" };
/** Codes of a 404 that say that the thing itself does not exist, and not what it is in. */
const MISSING = ["ResourceNotFound", "NotFound"];
const NO_DEFINITION = [...MISSING, "GalleryImageNotFound"];
/** `GalleryImageNotFound` is a version that a region does not show yet: it is looked for again. */
const NO_VERSION = [...MISSING, "GalleryImageVersionNotFound"];
const NO_SOURCE = [
  ...NO_DEFINITION,
  ...NO_VERSION,
  "ResourceGroupNotFound",
  "SubscriptionNotFound",
  "ParentResourceNotFound",
];
/** Pages of a list that are read: a subscription has at most 10,000 versions in a region. */
const MAX_PAGES = 200;

/** The galleries of Resource Manager. */
export function createGalleryService(options: ArmOptions): GalleryService {
  const arm = createArmRequests(options);
  return {
    findDefinition: (gallery) =>
      nullIfMissing(NO_DEFINITION, async () => {
        const path = definitionId(gallery);
        const call = { method: "GET", path, query: GALLERY } as const;
        return toDefinitionFacts(path, await arm.send(gallery.subscriptionId, call));
      }),

    async createDefinition(gallery, body) {
      const path = definitionId(gallery);
      await arm.send(gallery.subscriptionId, { method: "PUT", path, query: GALLERY, body });
    },

    async listVersions(gallery) {
      const { subscriptionId, resourceGroup, name, definition } = gallery;
      const present = await listNames(arm, subscriptionId, `${definitionId(gallery)}/versions`);
      const root = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/galleries/${name}`;
      const deleted = `${root}/softDeletedArtifactTypes/images/artifacts/${definition}/versions`;
      return [...present, ...(await listDeleted(arm, subscriptionId, deleted))];
    },

    findVersion: (gallery, version) =>
      nullIfMissing(NO_VERSION, async () => {
        const path = versionId(gallery, version);
        const query = { ...GALLERY, $expand: "ReplicationStatus" };
        const call = { method: "GET", path, query } as const;
        return toFoundVersion(path, await arm.send(gallery.subscriptionId, call));
      }),

    async createVersion(gallery, version, body) {
      const path = versionId(gallery, version);
      const call = { method: "PUT", path, query: GALLERY, body } as const;
      const { status, headers } = await arm.send(gallery.subscriptionId, call);
      return { operationUrl: headers["azure-asyncoperation"] ?? null, isNew: status === 201 };
    },

    async deleteVersion(gallery, version) {
      const path = versionId(gallery, version);
      await arm.send(gallery.subscriptionId, { method: "DELETE", path, query: GALLERY });
    },

    poll: (gallery, operationUrl) => arm.poll(gallery.subscriptionId, operationUrl),

    async findAccount(subscriptionId, name) {
      const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/storageAccounts`;
      try {
        const pages = readPages(arm, subscriptionId, { method: "GET", path, query: STORAGE });
        for await (const page of pages) {
          const found = toAccount(page, name);
          if (found !== null) return found;
        }
        return null;
      } catch (error) {
        const status = serviceStatusOf(error);
        if (status === 403 || status === 404) return null;
        throw error;
      }
    },

    readSource: (source) =>
      nullIfMissing(NO_SOURCE, () =>
        source.kind === "managedImage" ? readImage(arm, source.id) : readVersion(arm, source.id),
      ),
  };
}

async function readImage(arm: ArmRequests, id: string) {
  const subscriptionId = subscriptionOf(id);
  const image = await arm.send(subscriptionId, { method: "GET", path: id, query: IMAGE });
  return toImageFacts(readDocument(image), readDocument(image));
}

/** The subscription of a resource id, which was checked with the manifest. */
function subscriptionOf(id: string): string {
  return /^\/?subscriptions\/([^/]*)/i.exec(id)?.[1] ?? "";
}

/** System and generation of a version are those of its definition. */
async function readVersion(arm: ArmRequests, id: string) {
  const subscriptionId = subscriptionOf(id);
  const version = await arm.send(subscriptionId, { method: "GET", path: id, query: GALLERY });
  const path = id.split("/").slice(0, -2).join("/");
  const definition = await arm.send(subscriptionId, { method: "GET", path, query: GALLERY });
  return toImageFacts(readDocument(version), readDocument(definition));
}

async function listNames(
  arm: ArmRequests,
  subscriptionId: string,
  path: string,
): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of readPages(arm, subscriptionId, {
    method: "GET",
    path,
    query: GALLERY,
  })) {
    names.push(...readNames(page));
  }
  return names;
}

/** Versions that can be restored hold their numbers; where that list does not exist, there are none. */
async function listDeleted(
  arm: ArmRequests,
  subscriptionId: string,
  path: string,
): Promise<readonly string[]> {
  try {
    return await listNames(arm, subscriptionId, path);
  } catch (error) {
    const status = serviceStatusOf(error);
    if (status !== null && status >= 400 && status < 500 && status !== 429) return [];
    throw error;
  }
}

async function* readPages(
  arm: ArmRequests,
  subscriptionId: string,
  call: Parameters<ArmRequests["send"]>[1],
) {
  let page = readDocument(await arm.send(subscriptionId, call));
  for (let pages = 1; ; pages++) {
    yield page;
    const next = readNextLink(page);
    if (next === null || pages >= MAX_PAGES) return;
    page = readDocument(await arm.follow(subscriptionId, next));
  }
}
