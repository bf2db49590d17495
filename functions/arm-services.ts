import type { ArmOptions } from "../shared/azure/arm/compute-clients.ts";
import type { GalleryService } from "../shared/gallery-ports.ts";
import { lazily } from "../shared/lazily.ts";
import type { ImageService, SourceService } from "../shared/ports.ts";

/** The services that outputs and sources need, on one way to Resource Manager. */
export function deferArmServices(options: ArmOptions): {
  readonly images: ImageService;
  readonly galleries: GalleryService;
  readonly sources: SourceService;
} {
  return {
    images: deferImageService(options),
    galleries: deferGalleryService(options),
    sources: deferSourceService(options),
  };
}

/** The images of Resource Manager. The client is loaded at the first call: most steps make none. */
function deferImageService(options: ArmOptions): ImageService {
  const load = lazily(async () => {
    const { createImageService } = await import("../shared/azure/arm/image-service.ts");
    return createImageService(options);
  });
  return {
    find: async (request) => (await load()).find(request),
    create: async (request) => (await load()).create(request),
    poll: async (target, operationUrl) => (await load()).poll(target, operationUrl),
  };
}

/** Galleries, loaded in the same way. */
function deferGalleryService(options: ArmOptions): GalleryService {
  const load = lazily(async () => {
    const { createGalleryService } = await import("../shared/azure/arm/gallery-service.ts");
    return createGalleryService(options);
  });
  return {
    findDefinition: async (gallery) => (await load()).findDefinition(gallery),
    createDefinition: async (gallery, body) => (await load()).createDefinition(gallery, body),
    listVersions: async (gallery) => (await load()).listVersions(gallery),
    findVersion: async (gallery, version) => (await load()).findVersion(gallery, version),
    createVersion: async (...given) => (await load()).createVersion(...given),
    deleteVersion: async (gallery, version) => (await load()).deleteVersion(gallery, version),
    poll: async (gallery, operationUrl) => (await load()).poll(gallery, operationUrl),
    findAccount: async (subscription, name) => (await load()).findAccount(subscription, name),
    readSource: async (source) => (await load()).readSource(source),
  };
}

/** The resources that images are made from, loaded in the same way. */
function deferSourceService(options: ArmOptions): SourceService {
  const load = lazily(async () => {
    const { createSourceService } = await import("../shared/azure/arm/source-service.ts");
    return createSourceService(options);
  });
  return { read: async (source) => (await load()).read(source) };
}
