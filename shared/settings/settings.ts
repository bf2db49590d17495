import type { CloudName } from "../image/blob-hosts.ts";
import type { ImageDefaults } from "../image/defaults.ts";
import { LOCATION, RESOURCE_GROUP, SUBSCRIPTION_ID } from "../image/names.ts";
import type { PolicySettings } from "../image/policy.ts";
import type { Timing } from "../record/timing.ts";
import { GENERATIONS, OS_STATES, OS_TYPES } from "../vocabulary.ts";
import { type SettingMistake, toSettingsError } from "./mistakes.ts";
import {
  ACCOUNT,
  CONTAINER_NAME,
  httpsUrl,
  list,
  number,
  optional,
  REGION,
  required,
  type Setting,
  SOURCE_PREFIX,
  schedule,
  serviceUri,
  TABLE_NAME,
  TARGET,
  word,
} from "./setting-values.ts";
import { readStorageConnection, type StorageConnection } from "./storage-connection.ts";

const SECONDS_PER_HOUR = 3600;
const SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR;

/** The app's settings, each under the name it has in the environment. */
export const SETTINGS = {
  UPLOADS_CONTAINER: required("uploads", CONTAINER_NAME),
  WORK_QUEUE: required("image-work", CONTAINER_NAME),
  STATUS_QUEUE: required("image-status", CONTAINER_NAME),
  REQUEST_TABLE: required("imageRequests", TABLE_NAME),
  BLOB_TRIGGER_SOURCE: word(["EventGrid", "LogsAndContainerScan"]),
  VHD_WITHOUT_MANIFEST: word(["create", "ignore"]),
  ACTIONS: word(["on", "off"]),
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
  KEEP_RECORDS_DAYS: number(0, 0),
  SWEEP_SCHEDULE: schedule("0 * * * * *"),
  ALLOWED_TARGETS: list(TARGET),
  ALLOWED_SOURCES: list(SOURCE_PREFIX),
  ALLOWED_SOURCE_ACCOUNTS: list(ACCOUNT),
  ALLOWED_REGIONS: list(REGION),
  AZURE_CLOUD: word(["AzureCloud", "AzureChinaCloud", "AzureUSGovernment"]),
  ARM_ENDPOINT: httpsUrl,
  AZURE_CLIENT_ID: optional(),
  APPLICATIONINSIGHTS_CONNECTION_STRING: optional(),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: optional(),
  ImageStorage: optional(),
  ImageStorage__blobServiceUri: serviceUri,
  ImageStorage__queueServiceUri: serviceUri,
  ImageStorage__tableServiceUri: serviceUri,
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

/** As Application Insights gives them; examined when telemetry begins, which must not keep the app from starting. */
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
  /** Whether the routes that change something answer. */
  readonly actions: "on" | "off";
  readonly sweepSchedule: string;
  readonly defaults: ImageDefaults;
  readonly timing: Timing;
  readonly policy: PolicySettings;
  readonly cloud: CloudName;
  readonly armEndpoint: string | null;
  /** Client id of the user-assigned identity that calls the API; null for the system-assigned one. */
  readonly identityClientId: string | null;
  readonly storage: StorageConnection;
  /** Where telemetry goes; null for nowhere. */
  readonly telemetry: TelemetrySettings | null;
}

/** The settings of an environment, and everything that is wrong with them. */
export interface SettingsReading {
  /** A setting that is wrong has its default here: whoever needs it has to look at `mistakes` first. */
  readonly settings: Settings;
  readonly mistakes: readonly SettingMistake[];
}

/**
 * Reads the settings from an environment. It never throws: in Azure an app that throws while it loads
 * has no functions at all, and nothing that could say why.
 */
export function examineSettings(
  environment: Readonly<Record<string, string | undefined>>,
): SettingsReading {
  const mistakes: SettingMistake[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, read] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const reading = read(environment[name]);
    if ("problems" in reading) {
      mistakes.push(...reading.problems.map((problem) => ({ setting: name, problem })));
    }
    const usable = "value" in reading ? reading : read(undefined);
    if ("value" in usable) values[name] = usable.value;
  }
  const storage = readStorageConnection(environment);
  if (typeof storage === "string") mistakes.push({ setting: "ImageStorage", problem: storage });
  const connection = typeof storage === "string" ? NO_STORAGE : storage;
  // Every name of the table has been read into it, each by its own reader.
  return { settings: toSettings(values as Environment, connection), mistakes };
}

/** Stands where the settings name no storage account; no client is made of it. */
const NO_STORAGE: StorageConnection = { kind: "connectionString", connectionString: "" };

/**
 * Reads settings that have to be right.
 * @throws SettingsError with every mistake at once, each with the setting's name.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const { settings, mistakes } = examineSettings(environment);
  if (mistakes.length > 0) throw toSettingsError(mistakes);
  return settings;
}

function toSettings(env: Environment, storage: StorageConnection): Settings {
  return {
    uploadsContainer: env.UPLOADS_CONTAINER,
    workQueue: env.WORK_QUEUE,
    statusQueue: env.STATUS_QUEUE,
    requestTable: env.REQUEST_TABLE,
    blobTriggerSource: env.BLOB_TRIGGER_SOURCE ?? "LogsAndContainerScan",
    vhdWithoutManifest: env.VHD_WITHOUT_MANIFEST ?? "create",
    actions: env.ACTIONS ?? "on",
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
      keepRecordsSeconds: env.KEEP_RECORDS_DAYS * SECONDS_PER_DAY,
    },
    policy: {
      targets: env.ALLOWED_TARGETS,
      sources: env.ALLOWED_SOURCES,
      sourceAccounts: env.ALLOWED_SOURCE_ACCOUNTS,
      regions: env.ALLOWED_REGIONS,
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
