import { ComputeManagementClient, type Image } from "@azure/arm-compute";
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  RestError,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { ServiceError, type ServiceErrorParts } from "../errors.ts";
import type { ImageService, OperationStatus } from "../ports.ts";
import { toImageBody } from "../request/image-body.ts";
import { type ImageRequest, imageId } from "../request/image-request.ts";
import { type ArmAnswer, readArmError } from "./arm-error.ts";
import { AUDIENCES, CLOUD_SETTINGS, type Cloud, ENDPOINTS } from "./clouds.ts";
import { toExistingImage, toOperationStatus, unreadableAnswer } from "./image-answers.ts";

/** How the service is reached. */
export interface ImageServiceOptions {
  readonly credential: TokenCredential;
  readonly cloud: Cloud;
  /** Instead of the cloud's own endpoint. */
  readonly endpoint: string | null;
  /** Milliseconds after which a call counts as unanswered; queues wait longer than invocations may. */
  readonly timeoutMilliseconds?: number;
}

type Options = NonNullable<Parameters<ComputeManagementClient["images"]["get"]>[2]>;

const TIMEOUT_MILLISECONDS = 60_000;

/**
 * The images of Resource Manager through the official client, one per subscription and process. The
 * client never retries by itself: how long to wait is the queue's business, not an invocation's.
 */
export function createImageService(options: ImageServiceOptions): ImageService {
  const clients = new Map<string, ComputeManagementClient>();
  const httpClient = createDefaultHttpClient();
  const timeout = options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
  const clientFor = (subscriptionId: string): ComputeManagementClient => {
    const client = clients.get(subscriptionId) ?? createClient(subscriptionId, options);
    clients.set(subscriptionId, client);
    return client;
  };
  return {
    async get(target) {
      const { images } = clientFor(target.subscriptionId);
      try {
        const { answer } = await send(timeout, (call) =>
          images.get(target.resourceGroup, target.imageName, call),
        );
        return toExistingImage(imageId(target), answer);
      } catch (error) {
        const isMissing =
          error instanceof ServiceError &&
          error.parts.status === 404 &&
          /^(?:ResourceNotFound|NotFound)$/.test(error.parts.code);
        if (isMissing) return null;
        throw error;
      }
    },

    async create(request) {
      const { images } = clientFor(request.subscriptionId);
      const { answer } = await send(timeout, (call) =>
        // Only the PUT is sent and awaited; the poller itself must not be, it would wait to the end.
        images
          .createOrUpdate(request.resourceGroup, request.imageName, toModel(request), call)
          .submitted(),
      );
      return { operationUrl: answer.headers["azure-asyncoperation"] ?? null };
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
function isOnEndpoint(url: string, { endpoint, cloud }: ImageServiceOptions): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(endpoint ?? ENDPOINTS[cloud]).origin;
}

function createClient(
  subscriptionId: string,
  options: ImageServiceOptions,
): ComputeManagementClient {
  return new ComputeManagementClient(options.credential, subscriptionId, {
    cloudSetting: CLOUD_SETTINGS[options.cloud],
    ...(options.endpoint !== null && { endpoint: options.endpoint }),
    credentials: { scopes: [`${AUDIENCES[options.cloud]}/.default`] },
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: "vhd-to-image" },
  });
}

/**
 * Sends one call and keeps the answer as it came: the client's errors leave out `target` and
 * `details`, its model the properties that it does not know.
 */
async function send<T>(
  timeout: number,
  call: (options: Options) => Promise<T>,
): Promise<{ readonly answer: ArmAnswer }> {
  let answer = null as ArmAnswer | null;
  const onResponse: NonNullable<Options["onResponse"]> = (response) => {
    answer = {
      status: response.status,
      headers: response.headers.toJSON(),
      body: response.bodyAsText,
    };
  };
  const failure = await call({ onResponse, requestOptions: { timeout } }).then(
    () => null,
    (cause: unknown) => ({ cause }),
  );
  if (answer === null) throw unanswered(failure?.cause);
  if (failure !== null) {
    // The client fails on an answer of success too, when it cannot make an image of it.
    throw answer.status < 300
      ? unreadableAnswer(answer, failure.cause)
      : readArmError(answer, failure);
  }
  return { answer };
}

/** A call that got no answer: refused, reset, timed out, or no token to send it with. */
function unanswered(cause: unknown): ServiceError {
  const code = cause instanceof RestError ? cause.code : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ServiceError(
    {
      status: null,
      code: code ?? "NoAnswer",
      message: `the service gave no answer: ${message.slice(0, 300)}`,
      target: null,
      details: [],
      retryAfterSeconds: null,
    },
    { cause },
  );
}

/** The client's model is the wire form with `properties` dissolved. */
function toModel(request: ImageRequest): Image {
  const { properties, ...rest } = toImageBody(request);
  return { ...rest, ...properties };
}
