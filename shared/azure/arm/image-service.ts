import type { Image } from "@azure/arm-compute";
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { ServiceError, type ServiceErrorParts } from "../../errors.ts";
import { toImageBody } from "../../image/image-body.ts";
import type { ImageRequest, OsDisk } from "../../image/image-request.ts";
import type { ImageService, OperationStatus } from "../../ports.ts";
import { nullIfMissing, sendCall, TIMEOUT_MILLISECONDS, unanswered } from "./arm-call.ts";
import { ENDPOINTS } from "./clouds.ts";
import { type ArmOptions, createComputeClients } from "./compute-clients.ts";
import { toFoundImage, toOperationStatus } from "./image-answers.ts";

/** Codes of a 404 that say that the image does not exist, and not that its group is missing. */
const NO_IMAGE = ["ResourceNotFound", "NotFound"];

/** The images of Resource Manager through the official client. */
export function createImageService(options: ArmOptions): ImageService {
  const clientFor = createComputeClients(options);
  const httpClient = options.httpClient ?? createDefaultHttpClient();
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

    async poll(target, operationUrl): Promise<OperationStatus> {
      if (!isOnEndpoint(operationUrl, options)) return { status: "failed", error: FOREIGN_URL };
      const { pipeline } = clientFor(target.subscriptionId);
      const request = createPipelineRequest({
        url: operationUrl,
        method: "GET",
        timeout,
        headers: createHttpHeaders({ accept: "application/json" }),
      });
      try {
        const response = await pipeline.sendRequest(httpClient, request);
        const { status, bodyAsText: body } = response;
        return toOperationStatus({ status, headers: response.headers.toJSON(), body });
      } catch (error) {
        throw error instanceof ServiceError ? error : unanswered(error);
      }
    },
  };
}

/** The error of a request whose operation is not where the service is: no token is sent there. */
const FOREIGN_URL: ServiceErrorParts = {
  status: 200,
  code: "ForeignOperationUrl",
  message: "The URL of the operation is not on the configured Resource Manager endpoint.",
  target: null,
  details: [],
  retryAfterSeconds: null,
};

/** Whether a URL that the service or a record names is where tokens may go. */
function isOnEndpoint(url: string, { endpoint, cloud }: ArmOptions): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(endpoint ?? ENDPOINTS[cloud]).origin;
}

/** The client's model is the wire form with `properties` dissolved. */
function toModel(request: ImageRequest): Image {
  const { properties, ...rest } = toImageBody<OsDisk>(request);
  return { ...rest, ...properties };
}
