import { SettingsError } from "../errors.ts";
import type { ImageDefaults } from "../image/defaults.ts";
import { LOCATION, RESOURCE_GROUP, SUBSCRIPTION_ID } from "../image/names.ts";
import type { PolicySettings } from "../image/policy.ts";
import type { Timing } from "../record/timing.ts";
import { GENERATIONS, OS_STATES, OS_TYPES } from "../vocabulary.ts";
import {
  ACCOUNT,
  CONTAINER_NAME,
  httpsUrl,
  list,
  number,
  optional,
  required,
  type Setting,
  SOURCE_PREFIX,
  TABLE_NAME,
  TARGET,
  word,
} from "./setting-values.ts";
import { readStorageConnection, type StorageConnection } from "./storage-connection.ts";

const SECONDS_PER_HOUR = 3600;

/** The app's settings, each under the name it has in the environment. */
export const SETTINGS = {
  UPLOADS_CONTAINER: required("uploads", CONTAINER_NAME),
  WORK_QUEUE: required("image-work", CONTAINER_NAME),
  STATUS_QUEUE: required("image-status", CONTAINER_NAME),
  REQUEST_TABLE: required("imageRequests", TABLE_NAME),
  BLOB_TRIGGER_SOURCE: word(["EventGrid", "LogsAndContainerScan"]),
  VHD_WITHOUT_MANIFEST: word(["create", "ignore"]),
  AZURE_SUBSCRIPTION_ID: optional(SUBSCRIPTION_ID),
  IMAGE_RESOURCE_GROUP: optional(RESOURCE_GROUP),
  IMAGE_LOCATION: optional(LOCATION),
  DEFAULT_OS_TYPE: word(OS_TYPES),
  DEFAULT_OS_STATE: word(OS_STATES),
  DEFAULT_HYPERV_GENERATION: word(GENERATIONS),
  SETTLE_SECONDS: number(300, 0),
  SETTLE_MIN_SECONDS: number(10, 0),
  WAIT_DEADLINE_HOURS: number(24, 0),
  CREATE_DEADLINE_HOURS: number(6, 0),
  RETRY_SECONDS: number(10, 0.1),
  POLL_SECONDS: number(5, 0.1),
  OVERDUE_SECONDS: number(120, 1),
  SWEEP_SCHEDULE: required("0 * * * * *"),
  ALLOWED_TARGETS: list(TARGET),
  ALLOWED_SOURCES: list(SOURCE_PREFIX),
  ALLOWED_SOURCE_ACCOUNTS: list(ACCOUNT),
  AZURE_CLOUD: word(["AzureCloud", "AzureChinaCloud", "AzureUSGovernment"]),
  ARM_ENDPOINT: httpsUrl,
  AZURE_CLIENT_ID: optional(),
  APPLICATIONINSIGHTS_CONNECTION_STRING: optional(),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: optional(),
  ImageStorage: optional(),
  ImageStorage__blobServiceUri: optional(),
  ImageStorage__queueServiceUri: optional(),
  ImageStorage__tableServiceUri: optional(),
  ImageStorage__credential: optional(),
  ImageStorage__clientId: optional(),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

/** The value that a setting has once it is read. */
type Environment = {
  readonly [Name in keyof typeof SETTINGS]: Extract<
    ReturnType<(typeof SETTINGS)[Name]>,
    { readonly value: unknown }
  >["value"];
};

/** As Application Insights gives them; looked into when telemetry begins, which must not keep the app from starting. */
export interface TelemetrySettings {
  readonly connectionString: string;
  /** `Authorization=AAD`, perhaps with a `ClientId`; null where the connection string is enough. */
  readonly authentication: string | null;
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
  /** Where telemetry goes; null for nowhere. */
  readonly telemetry: TelemetrySettings | null;
}

/**
 * Reads the settings from an environment.
 * @throws SettingsError with every mistake at once, each with the setting's name.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, read] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const reading = read(environment[name]);
    if ("value" in reading) values[name] = reading.value;
    else problems.push(...reading.problems.map((problem) => `${name} ${problem}`));
  }
  const storage = readStorageConnection(environment);
  if (typeof storage === "string") throw new SettingsError([...problems, storage]);
  if (problems.length > 0) throw new SettingsError(problems);
  // Every name of the table has been read into it, each by its own reader.
  return toSettings(values as Environment, storage);
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
    telemetry: toTelemetry(env),
  };
}

function toTelemetry(env: Environment): TelemetrySettings | null {
  const connectionString = env.APPLICATIONINSIGHTS_CONNECTION_STRING;
  if (connectionString === undefined) return null;
  const authentication = env.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? null;
  return { connectionString, authentication };
}
