import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SettingsError } from "../../../../shared/errors.ts";
import { readSettings, SETTINGS } from "../../../../shared/settings/settings.ts";
import { makeTiming, SUBSCRIPTION_ID } from "../../../factories.ts";

const ImageStorage = "UseDevelopmentStorage=true";

/** The problems of an environment that must be wrong. */
function problems(environment: Record<string, string>): readonly string[] {
  try {
    readSettings({ ImageStorage, ...environment });
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  throw new Error("the settings were accepted");
}

describe("readSettings", () => {
  it("needs to be told of the storage account alone", () => {
    expect(readSettings({ ImageStorage })).toEqual({
      uploadsContainer: "uploads",
      workQueue: "image-work",
      statusQueue: "image-status",
      requestTable: "imageRequests",
      blobTriggerSource: "LogsAndContainerScan",
      vhdWithoutManifest: "create",
      sweepSchedule: "0 * * * * *",
      defaults: {
        subscriptionId: null,
        resourceGroup: null,
        location: null,
        osType: null,
        osState: null,
        hyperVGeneration: "V1",
      },
      timing: makeTiming(),
      policy: { targets: [], sources: [], sourceAccounts: [] },
      cloud: "AzureCloud",
      armEndpoint: null,
      identityClientId: null,
      storage: { kind: "connectionString", connectionString: ImageStorage },
      telemetry: null,
    });
  });

  it("reads every setting", () => {
    const environment = {
      UPLOADS_CONTAINER: "vhds",
      WORK_QUEUE: "work",
      STATUS_QUEUE: "status",
      REQUEST_TABLE: "requests",
      BLOB_TRIGGER_SOURCE: "eventgrid",
      VHD_WITHOUT_MANIFEST: "Ignore",
      SWEEP_SCHEDULE: "0 */5 * * * *",
      AZURE_SUBSCRIPTION_ID: SUBSCRIPTION_ID,
      IMAGE_RESOURCE_GROUP: "images-rg",
      IMAGE_LOCATION: "West Europe",
      DEFAULT_OS_TYPE: "linux",
      DEFAULT_OS_STATE: "generalized",
      DEFAULT_HYPERV_GENERATION: "v2",
      SETTLE_SECONDS: "3",
      SETTLE_MIN_SECONDS: "0",
      WAIT_DEADLINE_HOURS: "0.5",
      CREATE_DEADLINE_HOURS: "2",
      RETRY_SECONDS: "0.1",
      POLL_SECONDS: "1",
      OVERDUE_SECONDS: "60",
      ALLOWED_TARGETS: `${SUBSCRIPTION_ID}/a, ${SUBSCRIPTION_ID}/b,`,
      ALLOWED_SOURCES: `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/a`,
      ALLOWED_SOURCE_ACCOUNTS: "mystorageaccount",
      AZURE_CLOUD: "azureusgovernment",
      ARM_ENDPOINT: "https://127.0.0.1:8443",
      AZURE_CLIENT_ID: "client",
      APPLICATIONINSIGHTS_CONNECTION_STRING: "InstrumentationKey=1",
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "Authorization=AAD",
      ImageStorage__blobServiceUri: "https://a.blob.core.windows.net",
      ImageStorage__queueServiceUri: "https://a.queue.core.windows.net",
      ImageStorage__tableServiceUri: "https://a.table.core.windows.net",
      ImageStorage__clientId: "storage-client",
    };

    expect(readSettings(environment)).toEqual({
      uploadsContainer: "vhds",
      workQueue: "work",
      statusQueue: "status",
      requestTable: "requests",
      blobTriggerSource: "EventGrid",
      vhdWithoutManifest: "ignore",
      sweepSchedule: "0 */5 * * * *",
      defaults: {
        subscriptionId: SUBSCRIPTION_ID,
        resourceGroup: "images-rg",
        location: "West Europe",
        osType: "Linux",
        osState: "Generalized",
        hyperVGeneration: "V2",
      },
      timing: {
        settleSeconds: 3,
        settleMinSeconds: 0,
        waitDeadlineSeconds: 1_800,
        createDeadlineSeconds: 7_200,
        retrySeconds: 0.1,
        pollSeconds: 1,
        overdueSeconds: 60,
      },
      policy: {
        targets: [`${SUBSCRIPTION_ID}/a`, `${SUBSCRIPTION_ID}/b`],
        sources: [`/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/a`],
        sourceAccounts: ["mystorageaccount"],
      },
      cloud: "AzureUSGovernment",
      armEndpoint: "https://127.0.0.1:8443",
      identityClientId: "client",
      storage: {
        kind: "identity",
        blobServiceUri: "https://a.blob.core.windows.net",
        queueServiceUri: "https://a.queue.core.windows.net",
        tableServiceUri: "https://a.table.core.windows.net",
        clientId: "storage-client",
      },
      telemetry: {
        connectionString: "InstrumentationKey=1",
        authentication: "Authorization=AAD",
      },
    });
  });

  it("calls the API with the storage identity when no other is named", () => {
    const settings = readSettings({ ImageStorage, ImageStorage__clientId: "storage-client" });

    expect(settings.identityClientId).toBe("storage-client");
  });

  it("takes an empty optional setting as not set", () => {
    const optional = Object.keys(SETTINGS).filter(
      (name) =>
        !/^(?:UPLOADS_CONTAINER|WORK_QUEUE|STATUS_QUEUE|REQUEST_TABLE|SWEEP_SCHEDULE)$/.test(name),
    );
    const empty = Object.fromEntries(optional.map((name) => [name, ""]));

    expect(readSettings({ ...empty, ImageStorage })).toEqual(readSettings({ ImageStorage }));
  });

  it("ignores what else is in the environment", () => {
    expect(() => readSettings({ ImageStorage, PATH: "/bin", HOME: undefined })).not.toThrow();
  });

  it("lists all mistakes at once, each with the setting's name", () => {
    expect(
      problems({
        ImageStorage: "nonsense",
        UPLOADS_CONTAINER: "Up--loads",
        BLOB_TRIGGER_SOURCE: "Polling",
        AZURE_SUBSCRIPTION_ID: "mine",
        SETTLE_SECONDS: "soon",
        RETRY_SECONDS: "0",
        ALLOWED_TARGETS: "images-rg",
        ALLOWED_SOURCES: "snapshots",
        ALLOWED_SOURCE_ACCOUNTS: "https://a.blob.core.windows.net",
        ARM_ENDPOINT: "http://127.0.0.1",
      }),
    ).toEqual([
      "UPLOADS_CONTAINER must be 3–63 lower-case letters, digits and single hyphens",
      "BLOB_TRIGGER_SOURCE must be one of EventGrid, LogsAndContainerScan",
      "AZURE_SUBSCRIPTION_ID must be a subscription id (GUID)",
      "SETTLE_SECONDS must be a number, at least 0",
      "RETRY_SECONDS must be at least 0.1",
      "ALLOWED_TARGETS lists 'images-rg'; each item must be subscriptionId/resourceGroup",
      "ALLOWED_SOURCES lists 'snapshots'; each item must be a resource id or the beginning of one, /subscriptions/…",
      "ALLOWED_SOURCE_ACCOUNTS lists 'https://a.blob.core.windows.net'; each item must be a storage account's name",
      "ARM_ENDPOINT must be an https URL",
      "ImageStorage is no storage connection string (it names neither AccountName nor BlobEndpoint)",
    ]);
  });

  it("refuses names that are set but empty", () => {
    expect(problems({ SWEEP_SCHEDULE: " " })).toEqual(["SWEEP_SCHEDULE must not be empty"]);
  });

  it("takes the sample of the settings file", () => {
    const file = new URL("../../../../local.settings.sample.json", import.meta.url);
    const { Values } = JSON.parse(readFileSync(file, "utf8"));

    expect(readSettings(Values).defaults.resourceGroup).toBe("images-rg");
  });
});
