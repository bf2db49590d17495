import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { ServiceError, type ServiceErrorParts } from "../../errors.ts";
import type { OperationStatus } from "../../ports.ts";
import { TIMEOUT_MILLISECONDS, unanswered } from "./arm-call.ts";
import { type ArmAnswer, readArmError } from "./arm-error.ts";
import { ENDPOINTS } from "./clouds.ts";
import { type ArmOptions, createComputeClients } from "./compute-clients.ts";
import { toOperationStatus } from "./image-answers.ts";

/** One call of Resource Manager. */
export interface ArmCall {
  readonly method: "GET" | "PUT" | "DELETE";
  /** Not percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Calls through the official client's own pipeline, in the wire form. */
export interface ArmRequests {
  /** @throws ServiceError for an error of the service and for no answer. */
  send(subscriptionId: string, call: ArmCall): Promise<ArmAnswer>;
  /** The same for a URL that an answer named. */
  follow(subscriptionId: string, url: string): Promise<ArmAnswer>;
  /** How the operation at a URL stands. @throws ServiceError */
  poll(subscriptionId: string, operationUrl: string): Promise<OperationStatus>;
}

/**
 * The client's model drops what it does not know and turns dates into objects; a body that is compared
 * and planned has to be sent as it is. Token, retries and telemetry are the client's.
 * @param clientFor the client of a subscription, of a caller that has one
 */
export function createArmRequests(
  options: ArmOptions,
  clientFor = createComputeClients(options),
): ArmRequests {
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  const timeout = options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
  const origin = new URL(options.endpoint ?? ENDPOINTS[options.cloud]).origin;
  const call = async (
    subscriptionId: string,
    { method, url, body }: { method: ArmCall["method"]; url: string; body?: unknown },
  ): Promise<ArmAnswer> => {
    const request = createPipelineRequest({
      url,
      method,
      timeout,
      headers: createHttpHeaders({
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
      }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    try {
      const response = await clientFor(subscriptionId).pipeline.sendRequest(httpClient, request);
      const { status, headers, bodyAsText } = response;
      return { status, headers: headers.toJSON(), body: bodyAsText };
    } catch (error) {
      throw error instanceof ServiceError ? error : unanswered(error);
    }
  };
  const isOurs = (url: string): boolean => URL.canParse(url) && new URL(url).origin === origin;
  return {
    async send(subscriptionId, { method, path, query, body }) {
      const encoded = path.split("/").map(encodeURIComponent).join("/");
      const url = `${(options.endpoint ?? ENDPOINTS[options.cloud]).replace(/\/$/, "")}${encoded}?${new URLSearchParams(query)}`;
      const answer = await call(subscriptionId, { method, url, body });
      if (answer.status >= 300) throw readArmError(answer);
      return answer;
    },
    async follow(subscriptionId, url) {
      if (!isOurs(url)) throw new ServiceError(FOREIGN_URL);
      const answer = await call(subscriptionId, { method: "GET", url });
      if (answer.status >= 300) throw readArmError(answer);
      return answer;
    },
    async poll(subscriptionId, operationUrl) {
      if (!isOurs(operationUrl)) return { status: "failed", error: FOREIGN_URL };
      return toOperationStatus(await call(subscriptionId, { method: "GET", url: operationUrl }));
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
