import type { Environment } from "./child.ts";

/** Resource group and subscription that an image may be created in. */
export type Target = { readonly subscriptionId: string; readonly resourceGroup: string };

/** What the rest of the world offers to the app. */
export type WorldEndpoints = {
  readonly connectionString: string;
  readonly arm: {
    readonly url: string;
    readonly caFile: string;
    readonly identity: { readonly endpoint: string; readonly header: string };
  };
};

/** Local values of the settings that do not depend on what was started. */
export const LOCAL_DEFAULTS = {
  FUNCTIONS_WORKER_RUNTIME: "node",
  AZURE_SUBSCRIPTION_ID: "00000000-0000-4000-8000-000000000001",
  IMAGE_RESOURCE_GROUP: "images-rg",
  IMAGE_LOCATION: "westus",
  SETTLE_SECONDS: "3",
  SETTLE_MIN_SECONDS: "1",
  POLL_SECONDS: "1",
  RETRY_SECONDS: "1",
  OVERDUE_SECONDS: "20",
  SWEEP_SCHEDULE: "*/10 * * * * *",
  BLOB_TRIGGER_SOURCE: "LogsAndContainerScan",
  ALLOWED_SOURCE_ACCOUNTS: "devstoreaccount1,mystorageaccount",
} as const;

/**
 * Returns the environment of the app: local defaults, over them the given environment.
 *
 * One variable is not left to the environment while the API is the simulator's: the certificate
 * authority to trust. Many machines set NODE_EXTRA_CA_CERTS for a company proxy, which has no say on
 * the loopback interface, and the app would refuse the simulator's certificate.
 */
export function buildAppEnvironment(
  environment: Environment,
  endpoints: WorldEndpoints,
): Environment {
  const { arm, connectionString } = endpoints;
  const ownApi = environment.ARM_ENDPOINT !== undefined;
  return {
    ...LOCAL_DEFAULTS,
    AzureWebJobsStorage: connectionString,
    ImageStorage: connectionString,
    ARM_ENDPOINT: arm.url,
    IDENTITY_ENDPOINT: arm.identity.endpoint,
    IDENTITY_HEADER: arm.identity.header,
    ...bypassProxy(environment),
    ...(ownApi ? {} : { NODE_EXTRA_CA_CERTS: arm.caFile }),
  };
}

/** Returns the environment with the loopback interface exempt from any proxy that it names. */
export function bypassProxy(environment: Environment): Environment {
  const exempt = environment.NO_PROXY ?? environment.no_proxy;
  const list = [exempt, "127.0.0.1", "localhost"].filter(Boolean).join(",");
  return { ...environment, NO_PROXY: list, no_proxy: list };
}

/** Returns every target that the settings allow, the configured one first. */
export function listTargets(environment: Environment): Target[] {
  const settings = { ...LOCAL_DEFAULTS, ...environment };
  const configured: Target = {
    subscriptionId: settings.AZURE_SUBSCRIPTION_ID,
    resourceGroup: settings.IMAGE_RESOURCE_GROUP,
  };
  const allowed = (environment.ALLOWED_TARGETS ?? "").split(",").flatMap((item) => {
    const [subscriptionId, resourceGroup] = item.split("/").map((part) => part.trim());
    return subscriptionId && resourceGroup ? [{ subscriptionId, resourceGroup }] : [];
  });
  return [configured, ...allowed];
}
