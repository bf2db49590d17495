import type { Image } from "@azure/arm-compute";
import { toImageBody } from "../../image/image-body.ts";
import type { ImageRequest, OsDisk } from "../../image/image-request.ts";
import type { ImageService } from "../../ports.ts";
import { nullIfMissing, sendCall, TIMEOUT_MILLISECONDS } from "./arm-call.ts";
import { createArmRequests } from "./arm-request.ts";
import { type ArmOptions, createComputeClients } from "./compute-clients.ts";
import { toFoundImage } from "./image-answers.ts";

/** Codes of a 404 that say that the image does not exist, and not that its group is missing. */
const NO_IMAGE = ["ResourceNotFound", "NotFound"];

/** The images of Resource Manager through the official client. */
export function createImageService(options: ArmOptions): ImageService {
  const clientFor = createComputeClients(options);
  const requests = createArmRequests(options, clientFor);
  const timeout = options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
  return {
    async find(request) {
      const { images } = clientFor(request.subscriptionId);
      return nullIfMissing(NO_IMAGE, async () => {
        const answer = await sendCall(timeout, (call) =>
          images.get(request.resourceGroup, request.imageName, call),
        );
        return toFoundImage(request, answer);
      });
    },

    async create(request) {
      const { images } = clientFor(request.subscriptionId);
      const { headers } = await sendCall(timeout, (call) =>
        // Only the PUT is sent and awaited; the poller itself must not be, it would wait to the end.
        images
          .createOrUpdate(request.resourceGroup, request.imageName, toModel(request), call)
          .submitted(),
      );
      return { operationUrl: headers["azure-asyncoperation"] ?? null };
    },

    poll: ({ subscriptionId }, operationUrl) => requests.poll(subscriptionId, operationUrl),
  };
}

/** The client's model is the wire form with `properties` dissolved. */
function toModel(request: ImageRequest): Image {
  const { properties, ...rest } = toImageBody<OsDisk>(request);
  return { ...rest, ...properties };
}
