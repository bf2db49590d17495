import { type Failure, failure } from "../../errors.ts";
import type { ImageDraft } from "../../image/image-request.ts";
import type { FoundOutput } from "../../ports.ts";

/** An image is there that is not, or not known to be, what this upload would become. */
export function explainExisting({ id }: FoundOutput, reason: string): Failure {
  return failure({
    code: "ImageExists",
    message: `The image ${id} exists and ${reason}.`,
    fix: "An image cannot be changed: choose another imageName, or delete the existing image and upload again.",
    target: id,
  });
}

/** The image that Azure was creating does not exist. */
export function explainVanished({ imageName }: ImageDraft): Failure {
  return failure({
    code: "ImageVanished",
    message: `The image ${imageName} no longer exists: it was deleted while it was being created.`,
    fix: "Upload the manifest (or the VHD) again.",
    retryable: true,
    target: imageName,
  });
}

/** Azure abandoned the image, and its operation did not say why. */
export function explainProvisioningFailed(id: string): Failure {
  return failure({
    code: "ProvisioningFailed",
    message: `Azure reports the image ${id} as failed, without a reason.`,
    fix: "Delete the image and upload the manifest (or the VHD) again; the activity log of the resource group may say more.",
    retryable: true,
    target: id,
  });
}
