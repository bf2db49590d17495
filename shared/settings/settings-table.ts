import { LOCATION, RESOURCE_GROUP, SUBSCRIPTION_ID } from "../image/names.ts";
import { GENERATIONS, OS_STATES, OS_TYPES } from "../vocabulary.ts";
import {
  ACCOUNT,
  CONTAINER_NAME,
  GALLERY_PATTERN,
  GALLERY_PLACE,
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
  DEFAULT_GALLERY: optional(GALLERY_PLACE),
  SETTLE_SECONDS: number(300, 0),
  SETTLE_MIN_SECONDS: number(10, 0),
  WAIT_DEADLINE_HOURS: number(24, 0),
  CREATE_DEADLINE_HOURS: number(6, 0),
  REPLICATE_DEADLINE_HOURS: number(24, 0),
  RETRY_SECONDS: number(10, 0.1),
  POLL_SECONDS: number(5, 0.1),
  OVERDUE_SECONDS: number(120, 1),
  KEEP_RECORDS_DAYS: number(0, 0),
  SWEEP_SCHEDULE: schedule("0 * * * * *"),
  ALLOWED_TARGETS: list(TARGET),
  ALLOWED_SOURCES: list(SOURCE_PREFIX),
  ALLOWED_SOURCE_ACCOUNTS: list(ACCOUNT),
  ALLOWED_REGIONS: list(REGION),
  ALLOWED_GALLERIES: list(GALLERY_PATTERN),
  ALLOW_DEFINITION_CREATE: word(["true", "false"]),
  GALLERY_MAX_REPLICAS: number(10, 1),
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
export type Environment = {
  readonly [Name in keyof typeof SETTINGS]: Extract<
    ReturnType<(typeof SETTINGS)[Name]>,
    { readonly value: unknown }
  >["value"];
};
