import { ComputeManagementClient, type Image } from "@azure/arm-compute";
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  RestError,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { ServiceError } from "../errors.ts";
import type { ExistingImage, ImageService, OperationStatus } from "../ports.ts";
import { toImageBody, type WireBody } from "../request/image-body.ts";
import { type ImageRequest, imageId } from "../request/image-request.ts";
import { type ArmAnswer, readArmError, readRetryAfter } from "./arm-error.ts";
import { AUDIENCES, CLOUD_SETTINGS, type Cloud } from "./clouds.ts";

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
  let answer: ArmAnswer | null = null;
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
  if (failure !== null) throw readArmError(answer, failure);
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

function toExistingImage(id: string, answer: ArmAnswer): ExistingImage {
  const body = readDocument<
    WireBody & { id?: string; properties?: { provisioningState?: string } }
  >(answer);
  return {
    id: body.id ?? id,
    provisioningState: toProvisioningState(body.properties?.provisioningState),
    body,
  };
}

/** The JSON of an answer, empty for one without a body. */
function readDocument<T>(answer: ArmAnswer): T {
  return JSON.parse(answer.body || "{}") as T;
}

/** The service's words for how a resource stands; those we do not know are work in progress. */
function toProvisioningState(state: string | undefined): ExistingImage["provisioningState"] {
  switch (state?.toLowerCase()) {
    case "succeeded":
      return "succeeded";
    case "failed":
    case "canceled":
      return "failed";
    default:
      return "working";
  }
}

/**
 * An operation's document. It is answered with 200 even when the operation failed; a status that we
 * do not know is work in progress.
 */
function toOperationStatus(answer: ArmAnswer): OperationStatus {
  if (answer.status === 404 || answer.status === 410) return { status: "gone" };
  if (answer.status >= 400) throw readArmError(answer);
  const { status } = readDocument<{ status?: string }>(answer);
  switch (status?.toLowerCase()) {
    case "succeeded":
      return { status: "succeeded" };
    case "failed":
      return { status: "failed", error: { ...readArmError(answer).parts, status: 200 } };
    case "canceled":
    case "cancelled":
      return { status: "canceled" };
    default:
      return { status: "running", retryAfterSeconds: readRetryAfter(answer.headers) };
  }
}
