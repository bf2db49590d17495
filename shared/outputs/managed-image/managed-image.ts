import { type ImageDraft, imageId, wantsManagedImage } from "../../image/image-request.ts";
import type { ImageService } from "../../ports.ts";
import type { OutputProgress } from "../../record/output.ts";
import { toFailure } from "../../service-errors/service-errors.ts";
import type { OutputKind, OutputOutcome } from "../output-kind.ts";
import { explainExisting, explainProvisioningFailed, explainVanished } from "./failures.ts";

/** Managed images (Microsoft.Compute/images). Their names are given, and any sources that fit will do. */
export function createManagedImageKind(images: ImageService): OutputKind {
  return {
    kind: "managedImage",
    noun: "image",
    deadlineSetting: "CREATE_DEADLINE_HOURS",
    mayRename: () => false,
    isWanted: wantsManagedImage,
    deadlineSeconds: ({ createDeadlineSeconds }) => createDeadlineSeconds,
    check: async (_, output) => ({ verdict: "ready", output }),
    idOf: (request) => imageId(request),
    find: (request) => images.find(request),
    explainExisting,
    create: (request) => images.create(request),
    follow: (request, output) => followOperation(images, request, output),
  };
}

async function followOperation(
  images: ImageService,
  request: ImageDraft,
  output: OutputProgress,
): Promise<OutputOutcome> {
  const url = output.operation?.url ?? null;
  if (url === null) return lookAtImage(images, request, output);
  const operation = await images.poll(request, url);
  switch (operation.status) {
    case "running":
      return { state: "working", output, retryAfterSeconds: operation.retryAfterSeconds };
    case "succeeded":
    case "gone":
      // The image itself tells from here on; a URL that is gone would only be asked in vain again.
      return lookAtImage(images, request, forgetUrl(output));
    case "canceled":
      return { state: "canceled" };
    case "failed":
      return { state: "failed", failure: toFailure(operation.error) };
  }
}

async function lookAtImage(
  images: ImageService,
  request: ImageDraft,
  output: OutputProgress,
): Promise<OutputOutcome> {
  const image = await images.find(request);
  if (image === null) return { state: "failed", failure: explainVanished(request) };
  switch (image.state) {
    case "working":
      return { state: "working", output, retryAfterSeconds: null };
    case "failed":
      return { state: "failed", failure: explainProvisioningFailed(image.id) };
    case "canceled":
      return { state: "canceled" };
    case "succeeded":
      return { state: "succeeded", id: image.id };
  }
}

function forgetUrl(output: OutputProgress): OutputProgress {
  return { ...output, operation: output.operation && { ...output.operation, url: null } };
}
