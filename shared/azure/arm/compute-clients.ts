import { ComputeManagementClient } from "@azure/arm-compute";
import type { HttpClient, PipelinePolicy } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { AUDIENCES, CLOUD_SETTINGS, type Cloud } from "./clouds.ts";

/** How Resource Manager is reached. */
export interface ArmOptions {
  readonly credential: TokenCredential;
  readonly cloud: Cloud;
  /** Instead of the cloud's own endpoint. */
  readonly endpoint: string | null;
  /** Milliseconds after which a call counts as unanswered; queues wait longer than invocations may. */
  readonly timeoutMilliseconds?: number;
  /** Sends the calls, instead of the library's own. */
  readonly httpClient?: HttpClient;
  /** Told the HTTP status of every answer, while the call is under way. */
  readonly onAnswer?: (status: number) => void;
}

/**
 * The official client for each subscription, made on first use. It never retries by
 * itself: how long to wait is the queue's business, not an invocation's.
 */
export function createComputeClients(
  options: ArmOptions,
): (subscriptionId: string) => ComputeManagementClient {
  const clients = new Map<string, ComputeManagementClient>();
  return (subscriptionId) => {
    const client = clients.get(subscriptionId) ?? createClient(subscriptionId, options);
    clients.set(subscriptionId, client);
    return client;
  };
}

function createClient(subscriptionId: string, options: ArmOptions): ComputeManagementClient {
  return new ComputeManagementClient(options.credential, subscriptionId, {
    cloudSetting: CLOUD_SETTINGS[options.cloud],
    ...(options.endpoint !== null && { endpoint: options.endpoint }),
    ...(options.httpClient && { httpClient: options.httpClient }),
    credentials: { scopes: [`${AUDIENCES[options.cloud]}/.default`] },
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: "vhd-to-image" },
    additionalPolicies: [{ policy: tellStatus(options), position: "perCall" }],
  });
}

function tellStatus({ onAnswer }: ArmOptions): PipelinePolicy {
  return {
    name: "tellStatus",
    async sendRequest(request, next) {
      const answer = await next(request);
      onAnswer?.(answer.status);
      return answer;
    },
  };
}
