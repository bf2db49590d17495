import { z } from "zod";
import { SettingsError } from "./errors.ts";
import { LOCATION, RESOURCE_GROUP, SUBSCRIPTION_ID } from "./manifest/names.ts";
import {
  ACCOUNT,
  containerName,
  list,
  named,
  number,
  optionalText,
  SOURCE_PREFIX,
  TARGET,
  tableName,
  text,
  word,
} from "./setting-values.ts";
import { readStorageConnection, type StorageConnection } from "./storage-connection.ts";

const SECONDS_PER_HOUR = 3600;

/** The app's settings, each under the name it has in the environment. */
export const environmentSchema = z.object({
  UPLOADS_CONTAINER: containerName.default("uploads"),
  WORK_QUEUE: containerName.default("image-work"),
  STATUS_QUEUE: containerName.default("image-status"),
  REQUEST_TABLE: tableName.default("imageRequests"),
  BLOB_TRIGGER_SOURCE: word(["EventGrid", "LogsAndContainerScan"]),
  VHD_WITHOUT_MANIFEST: word(["create", "ignore"]),
  AZURE_SUBSCRIPTION_ID: named(SUBSCRIPTION_ID),
  IMAGE_RESOURCE_GROUP: named(RESOURCE_GROUP),
  IMAGE_LOCATION: named(LOCATION),
  DEFAULT_OS_TYPE: word(["Windows", "Linux"]),
  DEFAULT_OS_STATE: word(["Generalized", "Specialized"]),
  DEFAULT_HYPERV_GENERATION: word(["V1", "V2"]),
  SETTLE_SECONDS: number(300, 0),
  SETTLE_MIN_SECONDS: number(10, 0),
  WAIT_DEADLINE_HOURS: number(24, 0),
  CREATE_DEADLINE_HOURS: number(6, 0),
  RETRY_SECONDS: number(10, 0.1),
  POLL_SECONDS: number(5, 0.1),
  OVERDUE_SECONDS: number(120, 1),
  SWEEP_SCHEDULE: text.default("0 * * * * *"),
  ALLOWED_TARGETS: list(TARGET),
  ALLOWED_SOURCES: list(SOURCE_PREFIX),
  ALLOWED_SOURCE_ACCOUNTS: list(ACCOUNT),
  AZURE_CLOUD: word(["AzureCloud", "AzureChinaCloud", "AzureUSGovernment"]),
  ARM_ENDPOINT: optionalText.pipe(
    z.url({ protocol: /^https$/, error: "must be an https URL" }).optional(),
  ),
  AZURE_CLIENT_ID: optionalText,
  ImageStorage: optionalText,
  ImageStorage__blobServiceUri: optionalText,
  ImageStorage__queueServiceUri: optionalText,
  ImageStorage__tableServiceUri: optionalText,
  ImageStorage__credential: optionalText,
  ImageStorage__clientId: optionalText,
});

type Environment = z.infer<typeof environmentSchema>;

/** Values for what an upload does not say. */
export interface ImageDefaults {
  readonly subscriptionId: string | null;
  readonly resourceGroup: string | null;
  readonly location: string | null;
  readonly osType: "Windows" | "Linux" | null;
  readonly osState: "Generalized" | "Specialized" | null;
  readonly hyperVGeneration: "V1" | "V2";
}

/** Waiting times; all in seconds. */
export interface Timing {
  readonly settleSeconds: number;
  readonly settleMinSeconds: number;
  readonly waitDeadlineSeconds: number;
  readonly createDeadlineSeconds: number;
  readonly retrySeconds: number;
  readonly pollSeconds: number;
  /** How long after its time a step counts as lost: the sweep then sends for it again. */
  readonly overdueSeconds: number;
}

/** What uploads may make the app touch; an empty list means the default named in the docs. */
export interface PolicySettings {
  readonly targets: readonly string[];
  readonly sources: readonly string[];
  readonly sourceAccounts: readonly string[];
}

export interface Settings {
  readonly uploadsContainer: string;
  readonly workQueue: string;
  readonly statusQueue: string;
  readonly requestTable: string;
  readonly blobTriggerSource: "EventGrid" | "LogsAndContainerScan";
  readonly vhdWithoutManifest: "create" | "ignore";
  readonly sweepSchedule: string;
  readonly defaults: ImageDefaults;
  readonly timing: Timing;
  readonly policy: PolicySettings;
  readonly cloud: "AzureCloud" | "AzureChinaCloud" | "AzureUSGovernment";
  readonly armEndpoint: string | null;
  /** Client id of the user-assigned identity that calls the API; null for the system-assigned one. */
  readonly identityClientId: string | null;
  readonly storage: StorageConnection;
}

/**
 * Reads the settings from an environment.
 * @throws SettingsError with every mistake at once, each with the setting's name.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = environmentSchema.safeParse(environment);
  const storage = readStorageConnection(environment);
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues).map(
      (issue) => `${issue.path.join(".")} ${issue.message}`,
    ),
    ...(typeof storage === "string" ? [storage] : []),
  ];
  if (!parsed.success || typeof storage === "string") throw new SettingsError(problems);
  return toSettings(parsed.data, storage);
}

function toSettings(env: Environment, storage: StorageConnection): Settings {
  return {
    uploadsContainer: env.UPLOADS_CONTAINER,
    workQueue: env.WORK_QUEUE,
    statusQueue: env.STATUS_QUEUE,
    requestTable: env.REQUEST_TABLE,
    blobTriggerSource: env.BLOB_TRIGGER_SOURCE ?? "LogsAndContainerScan",
    vhdWithoutManifest: env.VHD_WITHOUT_MANIFEST ?? "create",
    sweepSchedule: env.SWEEP_SCHEDULE,
    defaults: {
      subscriptionId: env.AZURE_SUBSCRIPTION_ID ?? null,
      resourceGroup: env.IMAGE_RESOURCE_GROUP ?? null,
      location: env.IMAGE_LOCATION ?? null,
      osType: env.DEFAULT_OS_TYPE ?? null,
      osState: env.DEFAULT_OS_STATE ?? null,
      hyperVGeneration: env.DEFAULT_HYPERV_GENERATION ?? "V1",
    },
    timing: {
      settleSeconds: env.SETTLE_SECONDS,
      settleMinSeconds: env.SETTLE_MIN_SECONDS,
      waitDeadlineSeconds: env.WAIT_DEADLINE_HOURS * SECONDS_PER_HOUR,
      createDeadlineSeconds: env.CREATE_DEADLINE_HOURS * SECONDS_PER_HOUR,
      retrySeconds: env.RETRY_SECONDS,
      pollSeconds: env.POLL_SECONDS,
      overdueSeconds: env.OVERDUE_SECONDS,
    },
    policy: {
      targets: env.ALLOWED_TARGETS,
      sources: env.ALLOWED_SOURCES,
      sourceAccounts: env.ALLOWED_SOURCE_ACCOUNTS,
    },
    cloud: env.AZURE_CLOUD ?? "AzureCloud",
    armEndpoint: env.ARM_ENDPOINT ?? null,
    identityClientId: env.AZURE_CLIENT_ID ?? env.ImageStorage__clientId ?? null,
    storage,
  };
}
