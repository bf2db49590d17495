import { formatResourceId } from "../resource-id.ts";
import type { StoredImage } from "../store.ts";
import type { ImageProperties } from "./image-model.ts";

/**
 * Returns an image as the service answers it: while it is being created the request's echo, with an
 * empty list of data disks added where there is none; later also what came from the sources.
 */
export function viewImage(image: StoredImage): object {
  const isCreating = image.provisioningState === "Creating";
  const { location, tags, extendedLocation, properties } = isCreating
    ? image.requested
    : image.completed;
  return {
    name: image.id.name,
    id: formatResourceId(image.id),
    type: "Microsoft.Compute/images",
    location,
    ...(tags === undefined ? {} : { tags }),
    ...(extendedLocation === undefined ? {} : { extendedLocation }),
    properties: {
      ...addDataDisks(properties ?? {}),
      provisioningState: image.provisioningState,
    },
  };
}

function addDataDisks(properties: ImageProperties): ImageProperties {
  const profile = properties.storageProfile;
  return profile === undefined
    ? properties
    : { ...properties, storageProfile: { dataDisks: [], ...profile } };
}
