import type { GalleryService } from "../gallery-ports.ts";
import type { Telemetry } from "./telemetry.ts";
import { traceCall } from "./trace-call.ts";

/** The gallery service, each of its calls a span. */
export function traceGalleryService(
  galleries: GalleryService,
  telemetry: Telemetry,
): GalleryService {
  const get = <T>(name: string, call: () => Promise<T>) => traceCall(telemetry, name, "GET", call);
  return {
    findDefinition: (gallery) => get("galleryImages.get", () => galleries.findDefinition(gallery)),
    createDefinition: (gallery, body) =>
      traceCall(telemetry, "galleryImages.create", "PUT", () =>
        galleries.createDefinition(gallery, body),
      ),
    listVersions: (gallery) =>
      get("galleryImageVersions.list", () => galleries.listVersions(gallery)),
    findVersion: (gallery, version) =>
      get("galleryImageVersions.get", () => galleries.findVersion(gallery, version)),
    createVersion: (gallery, version, body) =>
      traceCall(telemetry, "galleryImageVersions.create", "PUT", () =>
        galleries.createVersion(gallery, version, body),
      ),
    deleteVersion: (gallery, version) =>
      traceCall(telemetry, "galleryImageVersions.delete", "DELETE", () =>
        galleries.deleteVersion(gallery, version),
      ),
    poll: (gallery, operationUrl) =>
      get("operations.get", () => galleries.poll(gallery, operationUrl)),
    findAccount: (subscriptionId, name) =>
      get("storageAccounts.list", () => galleries.findAccount(subscriptionId, name)),
    readSource: (source) => get("images.get", () => galleries.readSource(source)),
  };
}
