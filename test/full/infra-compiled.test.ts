import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BicepCompiler } from "../../scripts/bicep-compiler.ts";
import { findBicep } from "../../scripts/find-bicep.ts";
import { readSettings } from "../../shared/settings/settings.ts";
import { BICEP_PATHS } from "../project/bicep.ts";
import {
  checkParameters,
  type Parameters,
  type PredictedResource,
  type Snapshot,
  takeSnapshot,
} from "../project/bicep-snapshot.ts";
import { API_VERSIONS } from "../project/infra-facts.ts";
import {
  expectedAssignments,
  nameAssignments,
  readAzdParameters,
  readSettingsOf,
  SUBSCRIPTION,
  UPLOADER,
} from "../project/infra-rights.ts";
import { ROOT, readProjectFile } from "../project/source-files.ts";

const BICEP = findBicep();
const OTHER = "00000000-0000-0000-0000-000000000002";
/** Subscription of a gallery that others look after. */
const GALLERIES = "00000000-0000-0000-0000-00000000000d";
const SCOPE = { subscriptionId: SUBSCRIPTION, location: "westeurope" };
const REQUIRED = { environmentName: "prod", location: "westeurope" };

/** What docs/deployment.md says can be chosen, alone and together. */
const CASES: Readonly<Record<string, Parameters>> = {
  "nothing but what is required": REQUIRED,
  "what azd gives without any variable": readAzdParameters({
    AZURE_ENV_NAME: "prod",
    AZURE_LOCATION: "westeurope",
    AZURE_PRINCIPAL_ID: UPLOADER,
  }),
  "an uploader with the built-in role": {
    ...REQUIRED,
    uploaderPrincipalId: UPLOADER,
    uploaderRole: "contributor",
  },
  "groups elsewhere": {
    ...REQUIRED,
    imageResourceGroupName: "images",
    otherTargetGroups: `${OTHER}/web, ${SUBSCRIPTION}/db`,
    sourceGroups: `${OTHER}/disks,${SUBSCRIPTION}/images`,
    allowedSourceAccounts: "one,two",
    galleryName: "theirs",
    galleryGroup: `${GALLERIES}/shared`,
    allowListingStorageKeys: true,
    storageLogs: "none",
  },
  "a closed network": {
    ...REQUIRED,
    networkAddressPrefix: "10.20.0.0/26",
    uploaderAddresses: "203.0.113.7, 198.51.100.0/24",
  },
  "everything else": {
    ...REQUIRED,
    environmentName: "e".repeat(50),
    nodeVersion: "24",
    instanceMemoryMB: 512,
    maximumInstanceCount: 100,
    alwaysReady: [{ name: "function:advance", instanceCount: 1 }],
    storageSku: "Standard_ZRS",
    softDeleteDays: 30,
    keepBlobVersions: true,
    lockStorage: true,
    storageLogs: "all",
    logRetentionDays: 90,
    alertEmail: "ops@example.com",
    runbookUrl: "https://example.com/runbook",
    galleryName: "ours",
    allowDefinitionCreate: true,
    settingOverrides: { SETTLE_SECONDS: 600, DEFAULT_OS_STATE: "Generalized" },
  },
};

describe.skipIf(BICEP === null)("with the Bicep compiler", () => {
  let compiler: BicepCompiler;
  beforeAll(() => {
    compiler = new BicepCompiler(BICEP ?? "");
  });
  afterAll(() => compiler[Symbol.asyncDispose]());

  const taken = new Map<string, Promise<Snapshot>>();
  const takeCase = (name: string): Promise<Snapshot> => {
    const known = taken.get(name);
    if (known !== undefined) return known;
    const snapshot = takeSnapshot(compiler, "infra/main.bicep", CASES[name] ?? {}, SCOPE);
    taken.set(name, snapshot);
    return snapshot;
  };

  it.each(BICEP_PATHS)(
    "%s has no error, no warning, and the compiler's format",
    async (path) => {
      const { template, diagnostics } = await compiler.compile(join(ROOT, path));
      expect(diagnostics).toEqual([]);
      expect(template).not.toBeNull();
      expect(await compiler.format(join(ROOT, path))).toBe(readProjectFile(path));
    },
    60_000,
  );

  describe.each(Object.entries(CASES))("main.bicep with %s", (name, parameters) => {
    let snapshot: Snapshot;
    beforeAll(async () => {
      snapshot = await takeCase(name);
    }, 60_000);

    const all = (type: string): readonly PredictedResource[] =>
      snapshot.predictedResources.filter((resource) => resource.type === type);

    it("can be worked out without a complaint, in the versions that were looked up", () => {
      expect(snapshot.diagnostics).toEqual([]);
      const wrong = snapshot.predictedResources.filter(
        ({ type, apiVersion }) => API_VERSIONS[type]?.version !== apiVersion,
      );
      expect(wrong).toEqual([]);
    });

    it("names no two resources alike, and none too long", () => {
      const ids = snapshot.predictedResources.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)]);
      for (const account of all("Microsoft.Storage/storageAccounts"))
        expect(account.name).toMatch(/^[a-z0-9]{3,24}$/);
      for (const group of all("Microsoft.Resources/resourceGroups"))
        expect(group.name.length).toBeLessThanOrEqual(90);
      for (const site of all("Microsoft.Web/sites"))
        expect(site.name.length).toBeLessThanOrEqual(60);
    });

    it("makes two storage accounts that take tokens only", () => {
      const accounts = all("Microsoft.Storage/storageAccounts");
      expect(accounts).toHaveLength(2);
      for (const { properties } of accounts)
        expect(properties).toMatchObject({
          allowBlobPublicAccess: false,
          allowCrossTenantReplication: false,
          allowSharedKeyAccess: false,
          defaultToOAuthAuthentication: true,
          minimumTlsVersion: "TLS1_2",
          supportsHttpsTrafficOnly: true,
          networkAcls: {
            defaultAction:
              "networkAddressPrefix" in parameters && parameters.networkAddressPrefix !== ""
                ? "Deny"
                : "Allow",
          },
        });
      for (const { properties } of all("Microsoft.Storage/storageAccounts/blobServices"))
        expect(properties).toMatchObject({
          deleteRetentionPolicy: { enabled: true, days: parameters.softDeleteDays ?? 7 },
          containerDeleteRetentionPolicy: { enabled: true, days: parameters.softDeleteDays ?? 7 },
        });
      for (const { properties } of all("Microsoft.Storage/storageAccounts/blobServices/containers"))
        expect(properties.publicAccess).toBe("None");
    });

    it("makes an app that is published with tokens and reached by TLS 1.2", () => {
      const [site] = all("Microsoft.Web/sites");
      expect(site?.properties).toMatchObject({
        httpsOnly: true,
        siteConfig: { minTlsVersion: "1.2", scmMinTlsVersion: "1.2" },
        functionAppConfig: {
          deployment: { storage: { authentication: { type: "UserAssignedIdentity" } } },
          runtime: { name: "node", version: parameters.nodeVersion ?? "22" },
          scaleAndConcurrency: {
            instanceMemoryMB: parameters.instanceMemoryMB ?? 2048,
            maximumInstanceCount: parameters.maximumInstanceCount ?? 40,
            alwaysReady: parameters.alwaysReady ?? [],
          },
        },
      });
      const policies = all("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
      expect(
        policies.map(({ id, properties }) => [id.split("/").at(-1), properties.allow]),
      ).toEqual([
        ["scm", false],
        ["ftp", false],
      ]);
    });

    it("gives the app settings that the app accepts, and policies that name what it may reach", () => {
      const settings = readSettingsOf(all("Microsoft.Web/sites/config")[0]);
      expect(readSettings(settings)).toMatchObject({ uploadsContainer: "uploads" });
      const targets = all("Microsoft.Authorization/roleDefinitions")
        .filter(({ properties }) => properties.roleName.startsWith("vhd-to-image image creator"))
        .map(({ id }) =>
          id.replace(/^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*$/, "$1/$2"),
        );
      expect(settings.ALLOWED_TARGETS?.split(",").sort()).toEqual(targets.sort());
      const readable = all("Microsoft.Authorization/roleDefinitions")
        .filter(({ properties }) => /^vhd-to-image (?:image|source)/.test(properties.roleName))
        .map(({ id }) => id.replace(/\/providers\/.*$/, ""));
      expect(settings.ALLOWED_SOURCES?.split(",").sort()).toEqual(readable.sort());
    });

    it("gives every right that is documented, and no other", () => {
      const made = nameAssignments(snapshot);
      expect(made.sort()).toEqual(expectedAssignments(parameters).sort());
      expect(made.length, name).toBeGreaterThan(8);
    });
  });

  describe("an option of main.bicep", () => {
    const take = async (name: keyof typeof CASES) => (await takeCase(name)).predictedResources;
    const ofType = (resources: readonly PredictedResource[], type: string) =>
      resources.filter((resource) => resource.type === type);

    it("networkAddressPrefix closes both accounts but to endpoints of all services and to named addresses", async () => {
      const resources = await take("a closed network");

      const rules = ofType(resources, "Microsoft.Storage/storageAccounts").map(
        ({ name, properties }) => [
          name.slice(0, 6),
          properties.networkAcls.defaultAction,
          properties.networkAcls.ipRules.map(({ value }: { value: string }) => value),
        ],
      );
      expect(rules).toEqual([
        ["stv2ih", "Deny", []],
        ["stv2iu", "Deny", ["203.0.113.7", "198.51.100.0/24"]],
      ]);
      const endpoints = ofType(resources, "Microsoft.Network/privateEndpoints");
      const reached = endpoints.map(({ name, properties }) => {
        const [{ properties: connection }] = properties.privateLinkServiceConnections;
        const account = String(connection.privateLinkServiceId).split("/").at(-1) ?? "";
        expect(name).toBe(`pe-${account}-${connection.groupIds[0]}`);
        return `${account.slice(0, 6)} ${connection.groupIds}`;
      });
      expect(reached).toEqual(
        ["stv2ih", "stv2iu"].flatMap((account) =>
          ["blob", "queue", "table"].map((service) => `${account} ${service}`),
        ),
      );
      const groups = ofType(resources, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups");
      const zones = groups.map(({ name, properties }) => [
        /-(\w+)\/default$/.exec(name)?.[1],
        /'privatelink\.\{0\}\.\{1\}', '(\w+)'/.exec(JSON.stringify(properties))?.[1],
      ]);
      expect(zones).toHaveLength(6);
      expect(zones.filter(([service, zone]) => service !== zone)).toEqual([]);
      expect(
        ofType(resources, "Microsoft.Network/privateDnsZones/virtualNetworkLinks"),
      ).toHaveLength(3);
      const [network] = ofType(resources, "Microsoft.Network/virtualNetworks");
      expect(network?.properties.subnets).toMatchObject([
        {
          name: "app",
          properties: {
            addressPrefix: "10.20.0.0/27",
            delegations: [{ properties: { serviceName: "Microsoft.App/environments" } }],
          },
        },
        { name: "endpoints", properties: { addressPrefix: "10.20.0.32/27" } },
      ]);
      const [site] = ofType(resources, "Microsoft.Web/sites");
      expect(site?.properties.virtualNetworkSubnetId).toMatch(/\/subnets\/app$/);
    }, 60_000);

    it("networkAddressPrefix is what makes a network: without it there is none", async () => {
      const resources = await take("nothing but what is required");
      expect(resources.filter(({ type }) => type.startsWith("Microsoft.Network/"))).toEqual([]);
      const [site] = ofType(resources, "Microsoft.Web/sites");
      expect(site?.properties.virtualNetworkSubnetId ?? null).toBeNull();
    }, 60_000);

    it.each([
      ["none", "groups elsewhere", []],
      ["changes", "nothing but what is required", ["StorageWrite", "StorageDelete"]],
      ["all", "everything else", ["StorageRead", "StorageWrite", "StorageDelete"]],
    ])(
      "storageLogs: %s logs these calls",
      async (storageLogs, name, categories) => {
        const settings = ofType(await take(name), "Microsoft.Insights/diagnosticSettings");
        const logged = settings.map(({ id, properties }) => [
          id.replace(/^.*\/stv2i(host|up)\w*\/(\w+)Services\/.*$/, "$1 $2"),
          properties.logs.map(({ category }: { category: string }) => category),
        ]);
        expect(logged).toEqual(
          storageLogs === "none"
            ? []
            : ["host blob", "up blob", "up table"].map((service) => [service, categories]),
        );
      },
      60_000,
    );

    it("galleryName makes a gallery, unless galleryGroup says where it exists, and allows publishing there alone", async () => {
      const made = await take("everything else");
      const existing = await take("groups elsewhere");
      const none = await take("nothing but what is required");
      const galleries = [made, existing, none].map((resources) =>
        ofType(resources, "Microsoft.Compute/galleries").map(({ name }) => name),
      );
      expect(galleries).toEqual([["ours"], [], []]);
      const settings = [made, existing, none].map((resources) =>
        readSettingsOf(ofType(resources, "Microsoft.Web/sites/config")[0]),
      );
      expect(settings.map(({ ALLOWED_GALLERIES }) => ALLOWED_GALLERIES)).toEqual([
        `${SUBSCRIPTION}/rg-${"e".repeat(50)}-images/ours`,
        `${GALLERIES}/shared/theirs`,
        undefined,
      ]);
      expect(settings.map(({ DEFAULT_GALLERY }) => DEFAULT_GALLERY)).toEqual(
        settings.map(({ ALLOWED_GALLERIES }) => ALLOWED_GALLERIES),
      );
      expect(settings.map(({ ALLOW_DEFINITION_CREATE }) => ALLOW_DEFINITION_CREATE)).toEqual([
        "true",
        "false",
        "false",
      ]);
    }, 60_000);

    it("lockStorage locks both accounts", async () => {
      const locks = ofType(await take("everything else"), "Microsoft.Authorization/locks");
      expect(locks.map(({ properties }) => properties.level)).toEqual([
        "CanNotDelete",
        "CanNotDelete",
      ]);
      expect(
        ofType(await take("nothing but what is required"), "Microsoft.Authorization/locks"),
      ).toEqual([]);
    }, 60_000);

    it("keepBlobVersions keeps them for the uploads, and deletes those of block blobs in time", async () => {
      const resources = await take("everything else");
      const services = ofType(resources, "Microsoft.Storage/storageAccounts/blobServices");
      expect(services.map(({ properties }) => properties.isVersioningEnabled)).toEqual([
        false,
        true,
      ]);
      const policies = ofType(resources, "Microsoft.Storage/storageAccounts/managementPolicies");
      expect(policies.map(({ properties }) => properties.policy.rules)).toMatchObject([
        [
          {
            definition: { actions: { version: { delete: { daysAfterCreationGreaterThan: 30 } } } },
          },
        ],
      ]);
    }, 60_000);

    it("is refused with a value that it does not have", async () => {
      const wrong = {
        nodeVersion: "20",
        instanceMemoryMB: 1024,
        uploaderRole: "owner",
        storageLogs: "some",
        softDeleteDays: 0,
      };
      const problems = await checkParameters(compiler, "infra/main.bicep", {
        ...REQUIRED,
        ...wrong,
      });
      expect(problems).toHaveLength(Object.keys(wrong).length);
      for (const value of ["20", "1024", "owner", "some", "0"])
        expect(problems.filter((problem) => problem.includes(value))).not.toEqual([]);
    });
  });

  it("event-subscription.bicep sends blobs of the uploads container to the app, and keeps what it cannot", async () => {
    const { predictedResources, diagnostics } = await takeSnapshot(
      compiler,
      "infra/event-subscription.bicep",
      {
        systemTopicName: "topic",
        functionAppName: "app",
        hostAccountName: "host",
        blobsExtensionKey: "a+key/with=signs",
      },
      { subscriptionId: SUBSCRIPTION, resourceGroup: "rg-prod", location: "westeurope" },
    );
    expect(diagnostics).toEqual([]);
    expect(predictedResources).toMatchObject([
      {
        type: "Microsoft.EventGrid/systemTopics/eventSubscriptions",
        name: "topic/ingest",
        properties: {
          destination: { endpointType: "WebHook" },
          filter: {
            includedEventTypes: ["Microsoft.Storage.BlobCreated"],
            subjectBeginsWith: "/blobServices/default/containers/uploads/blobs/",
            isSubjectCaseSensitive: false,
          },
          deadLetterWithResourceIdentity: {
            identity: { type: "SystemAssigned" },
            deadLetterDestination: { properties: { blobContainerName: "dead-letters" } },
          },
        },
      },
    ]);
    const url = String(predictedResources[0]?.properties.destination.properties.endpointUrl);
    expect(url).toContain("/runtime/webhooks/blobs?functionName={1}&code={2}");
    expect(url).toContain("uriComponent(parameters('blobsExtensionKey'))");
    expect(url).not.toContain("a+key");
  }, 60_000);
});
