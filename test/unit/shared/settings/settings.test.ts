import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SettingsError } from "../../../../shared/errors.ts";
import { examineSettings, readSettings, SETTINGS } from "../../../../shared/settings/settings.ts";
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
      convertedContainer: "converted",
      convertQueue: "image-convert",
      convertAtOnce: 2,
      conversion: {
        mode: "auto",
        container: "converted",
        maxBytes: 4095 * 1024 ** 3,
        maxBytesPerDay: 4096 * 1024 ** 3,
        keepSeconds: 7 * 24 * 3600,
      },
      workQueue: "image-work",
      statusQueue: "image-status",
      requestTable: "imageRequests",
      blobTriggerSource: "LogsAndContainerScan",
      vhdWithoutManifest: "create",
      actions: "on",
      sweepSchedule: "0 * * * * *",
      defaults: {
        subscriptionId: null,
        resourceGroup: null,
        location: null,
        osType: null,
        osState: null,
        hyperVGeneration: "V1",
        gallery: null,
      },
      timing: makeTiming(),
      policy: {
        targets: [],
        sources: [],
        sourceAccounts: [],
        regions: [],
        galleries: [],
        allowDefinitionCreate: false,
        maxReplicas: 10,
      },
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
      CONVERTED_CONTAINER: "vhds-converted",
      CONVERT_WORK_QUEUE: "convert",
      CONVERT: "Never",
      CONVERT_DEADLINE_HOURS: "4",
      CONVERT_MAX_GIB: "1",
      CONVERT_MAX_GIB_PER_DAY: "2",
      CONVERT_AT_ONCE: "4",
      CONVERTED_KEEP_HOURS: "3",
      STATUS_QUEUE: "status",
      REQUEST_TABLE: "requests",
      BLOB_TRIGGER_SOURCE: "eventgrid",
      VHD_WITHOUT_MANIFEST: "Ignore",
      ACTIONS: "OFF",
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
      KEEP_RECORDS_DAYS: "90",
      ALLOWED_TARGETS: `${SUBSCRIPTION_ID}/a, ${SUBSCRIPTION_ID}/b,`,
      ALLOWED_SOURCES: `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/a`,
      ALLOWED_SOURCE_ACCOUNTS: "mystorageaccount",
      ALLOWED_REGIONS: "West Europe, northeurope",
      DEFAULT_GALLERY: `${SUBSCRIPTION_ID}/galleries-rg/images`,
      REPLICATE_DEADLINE_HOURS: "48",
      ALLOWED_GALLERIES: `${SUBSCRIPTION_ID}/galleries-rg/images/ubuntu, */*/shared`,
      ALLOW_DEFINITION_CREATE: "True",
      GALLERY_MAX_REPLICAS: "30",
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
      convertedContainer: "vhds-converted",
      convertQueue: "convert",
      convertAtOnce: 4,
      conversion: {
        mode: "never",
        container: "vhds-converted",
        maxBytes: 1024 ** 3,
        maxBytesPerDay: 2 * 1024 ** 3,
        keepSeconds: 3 * 3600,
      },
      workQueue: "work",
      statusQueue: "status",
      requestTable: "requests",
      blobTriggerSource: "EventGrid",
      vhdWithoutManifest: "ignore",
      actions: "off",
      sweepSchedule: "0 */5 * * * *",
      defaults: {
        subscriptionId: SUBSCRIPTION_ID,
        resourceGroup: "images-rg",
        location: "West Europe",
        osType: "Linux",
        osState: "Generalized",
        hyperVGeneration: "V2",
        gallery: { subscriptionId: SUBSCRIPTION_ID, resourceGroup: "galleries-rg", name: "images" },
      },
      timing: {
        settleSeconds: 3,
        settleMinSeconds: 0,
        waitDeadlineSeconds: 1_800,
        convertDeadlineSeconds: 14_400,
        createDeadlineSeconds: 7_200,
        replicateDeadlineSeconds: 172_800,
        retrySeconds: 0.1,
        pollSeconds: 1,
        overdueSeconds: 60,
        keepRecordsSeconds: 7_776_000,
      },
      policy: {
        targets: [`${SUBSCRIPTION_ID}/a`, `${SUBSCRIPTION_ID}/b`],
        sources: [`/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/a`],
        sourceAccounts: ["mystorageaccount"],
        regions: ["West Europe", "northeurope"],
        galleries: [`${SUBSCRIPTION_ID}/galleries-rg/images/ubuntu`, "*/*/shared"],
        allowDefinitionCreate: true,
        maxReplicas: 30,
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
        !/^(?:UPLOADS_CONTAINER|CONVERTED_CONTAINER|CONVERT_WORK_QUEUE|WORK_QUEUE|STATUS_QUEUE|REQUEST_TABLE|SWEEP_SCHEDULE)$/.test(
          name,
        ),
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
        ALLOWED_SOURCE_ACCOUNTS: "fine,https://a.blob.core.windows.net?sig=SECRET",
        ALLOWED_REGIONS: "westeurope,?",
        SWEEP_SCHEDULE: "every minute",
        ARM_ENDPOINT: "http://127.0.0.1",
      }),
    ).toEqual([
      "UPLOADS_CONTAINER must be 3–63 lower-case letters, digits and single hyphens",
      "BLOB_TRIGGER_SOURCE must be one of EventGrid, LogsAndContainerScan",
      "AZURE_SUBSCRIPTION_ID must be a subscription id (GUID)",
      "SETTLE_SECONDS must be a number, at least 0",
      "RETRY_SECONDS must be at least 0.1",
      "SWEEP_SCHEDULE must be an NCRONTAB expression of six fields, such as '0 */5 * * * *' (second, minute, hour, day, month, day of week)",
      "ALLOWED_TARGETS item 1 must be subscriptionId/resourceGroup",
      "ALLOWED_SOURCES item 1 must be a resource id or the beginning of one, /subscriptions/… or /communityGalleries/…",
      "ALLOWED_SOURCE_ACCOUNTS item 2 must be a storage account's name",
      "ALLOWED_REGIONS item 2 must be a region such as 'westeurope' or 'West Europe', the name of an edge zone, or '*'",
      "ARM_ENDPOINT must be an https URL",
      "ImageStorage must be a storage connection string, which names AccountName or BlobEndpoint",
    ]);
  });

  it("never throws, and has the default in the place of what is wrong", () => {
    const wrong = Object.fromEntries(
      Object.keys(SETTINGS).map((name) => [name, "\u0000 ?;SECRET"]),
    );
    const { settings, mistakes } = examineSettings(wrong);

    expect(mistakes.length).toBeGreaterThan(15);
    expect(JSON.stringify(mistakes)).not.toContain("SECRET");
    expect(settings).toMatchObject({
      uploadsContainer: "uploads",
      actions: "on",
      sweepSchedule: "0 * * * * *",
      timing: makeTiming(),
      policy: {
        targets: [],
        sources: [],
        sourceAccounts: [],
        regions: [],
        galleries: [],
        allowDefinitionCreate: false,
        maxReplicas: 10,
      },
      storage: { kind: "connectionString", connectionString: "" },
    });
    expect(examineSettings({}).mistakes).toEqual([
      { setting: "ImageStorage", problem: expect.stringContaining("must be a connection string") },
    ]);
  });

  it("takes URLs alone for the services of the account", () => {
    const uris = { ImageStorage__blobServiceUri: "a.blob.core.windows.net" };

    expect(problems(uris)).toEqual([
      "ImageStorage__blobServiceUri must be a URL, such as https://ACCOUNT.blob.core.windows.net",
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

  it("refuses the same name for what must be kept apart", () => {
    const settings = { ImageStorage: "UseDevelopmentStorage=true" };
    expect(() => readSettings({ ...settings, CONVERTED_CONTAINER: "uploads" })).toThrow(
      "CONVERTED_CONTAINER must differ from UPLOADS_CONTAINER",
    );
    expect(() => readSettings({ ...settings, CONVERT_WORK_QUEUE: "image-work" })).toThrow(
      "CONVERT_WORK_QUEUE must differ from the other queues",
    );
  });
});
