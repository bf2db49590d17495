import type { CloudName } from "../image/blob-hosts.ts";
import type { GalleryPlace, ImageDefaults } from "../image/defaults.ts";
import type { PolicySettings } from "../image/policy.ts";
import type { ConversionSettings } from "../record/conversion-settings.ts";
import type { Timing } from "../record/timing.ts";
import { type SettingMistake, toSettingsError } from "./mistakes.ts";
import type { Setting } from "./setting-values.ts";
import { type Environment, SETTINGS } from "./settings-table.ts";
import { readStorageConnection, type StorageConnection } from "./storage-connection.ts";

export { SETTINGS } from "./settings-table.ts";

const SECONDS_PER_HOUR = 3600;
const SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR;
const BYTES_PER_GIB = 1024 ** 3;

/** As Application Insights gives them; examined when telemetry begins, which must not keep the app from starting. */
export interface TelemetrySettings {
  readonly connectionString: string;
  /** `Authorization=AAD`, perhaps with a `ClientId`; null where the connection string is enough. */
  readonly authentication: string | null;
}

export interface Settings {
  readonly uploadsContainer: string;
  readonly convertedContainer: string;
  readonly workQueue: string;
  readonly convertQueue: string;
  /** Conversions that one instance works on at the same time. */
  readonly convertAtOnce: number;
  readonly statusQueue: string;
  readonly requestTable: string;
  readonly blobTriggerSource: "EventGrid" | "LogsAndContainerScan";
  readonly vhdWithoutManifest: "create" | "ignore";
  /** Whether the routes that change something answer. */
  readonly actions: "on" | "off";
  readonly sweepSchedule: string;
  readonly defaults: ImageDefaults;
  readonly timing: Timing;
  readonly conversion: ConversionSettings;
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
  mistakes.push(...findClashes(values as Environment));
  const storage = readStorageConnection(environment);
  if (typeof storage === "string") mistakes.push({ setting: "ImageStorage", problem: storage });
  const connection = typeof storage === "string" ? NO_STORAGE : storage;
  // Every name of the table has been read into it, each by its own reader.
  return { settings: toSettings(values as Environment, connection), mistakes };
}

/** Names that must differ: what is written in one place must not open requests, or steps, in the other. */
function findClashes(env: Environment): SettingMistake[] {
  return [
    ...(env.CONVERTED_CONTAINER === env.UPLOADS_CONTAINER
      ? [{ setting: "CONVERTED_CONTAINER", problem: "must differ from UPLOADS_CONTAINER" }]
      : []),
    ...([env.WORK_QUEUE, env.STATUS_QUEUE].includes(env.CONVERT_WORK_QUEUE)
      ? [{ setting: "CONVERT_WORK_QUEUE", problem: "must differ from the other queues" }]
      : []),
  ];
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
    convertedContainer: env.CONVERTED_CONTAINER,
    workQueue: env.WORK_QUEUE,
    convertQueue: env.CONVERT_WORK_QUEUE,
    convertAtOnce: env.CONVERT_AT_ONCE,
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
      gallery: toGalleryPlace(env.DEFAULT_GALLERY),
    },
    timing: {
      settleSeconds: env.SETTLE_SECONDS,
      settleMinSeconds: env.SETTLE_MIN_SECONDS,
      waitDeadlineSeconds: env.WAIT_DEADLINE_HOURS * SECONDS_PER_HOUR,
      convertDeadlineSeconds: env.CONVERT_DEADLINE_HOURS * SECONDS_PER_HOUR,
      createDeadlineSeconds: env.CREATE_DEADLINE_HOURS * SECONDS_PER_HOUR,
      replicateDeadlineSeconds: env.REPLICATE_DEADLINE_HOURS * SECONDS_PER_HOUR,
      retrySeconds: env.RETRY_SECONDS,
      pollSeconds: env.POLL_SECONDS,
      overdueSeconds: env.OVERDUE_SECONDS,
      keepRecordsSeconds: env.KEEP_RECORDS_DAYS * SECONDS_PER_DAY,
    },
    conversion: {
      mode: env.CONVERT ?? "auto",
      container: env.CONVERTED_CONTAINER,
      maxBytes: env.CONVERT_MAX_GIB * BYTES_PER_GIB,
      maxBytesPerDay: env.CONVERT_MAX_GIB_PER_DAY * BYTES_PER_GIB,
      keepSeconds: env.CONVERTED_KEEP_HOURS * SECONDS_PER_HOUR,
    },
    policy: {
      targets: env.ALLOWED_TARGETS,
      sources: env.ALLOWED_SOURCES,
      sourceAccounts: env.ALLOWED_SOURCE_ACCOUNTS,
      regions: env.ALLOWED_REGIONS,
      galleries: env.ALLOWED_GALLERIES,
      allowDefinitionCreate: env.ALLOW_DEFINITION_CREATE === "true",
      maxReplicas: env.GALLERY_MAX_REPLICAS,
    },
    cloud: env.AZURE_CLOUD ?? "AzureCloud",
    armEndpoint: env.ARM_ENDPOINT ?? null,
    identityClientId: env.AZURE_CLIENT_ID ?? env.ImageStorage__clientId ?? null,
    storage,
    telemetry: toTelemetry(env),
  };
}

function toGalleryPlace(text: string | undefined): GalleryPlace | null {
  if (text === undefined) return null;
  const [subscriptionId = "", resourceGroup = "", name = ""] = text.split("/");
  return { subscriptionId, resourceGroup, name };
}

function toTelemetry(env: Environment): TelemetrySettings | null {
  const connectionString = env.APPLICATIONINSIGHTS_CONNECTION_STRING;
  if (connectionString === undefined) return null;
  const authentication = env.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? null;
  return { connectionString, authentication };
}
