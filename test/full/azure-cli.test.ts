import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isWeekly } from "../run/weekly.ts";
import { type Azurite, account, startAzurite } from "../unit/local/arm-simulator/azurite.ts";
import {
  groupPath,
  seedPath,
  startTestSimulator,
  subscriptionId,
  type TestSimulator,
} from "../unit/local/arm-simulator/simulator.ts";
import { uploadVhd } from "../unit/local/arm-simulator/vhd.ts";

/** Milliseconds; one command of azure-cli takes seconds before it sends anything. */
const AZ_TIMEOUT = 120_000;

const hasAz = isWeekly && spawnSync("az", ["version"], { stdio: "ignore" }).status === 0;
const missing = isWeekly
  ? "az is not installed; try apt-get install azure-cli"
  : "every command of it takes seconds; WEEKLY=1 runs them";
const name = `azure-cli, pointed at the simulator${hasAz ? "" : ` (skipped: ${missing})`}`;

describe.skipIf(!hasAz)(name, () => {
  let azurite: Azurite;
  let simulator: TestSimulator;
  let configFolder: string;

  beforeAll(async () => {
    azurite = await startAzurite();
    const container = azurite.client.getContainerClient("osimages");
    await container.create();
    await uploadVhd(container, "osimage.vhd");
    simulator = await startTestSimulator({
      storage: { blobEndpoint: azurite.blobEndpoint, accounts: [account] },
      pollsInProgress: 1,
      retryAfterSeconds: 1,
    });
    // Azure CLI waits for as long as the answer says.
    await simulator.control("settings", { deleteRetryAfter: 1 });
    configFolder = await mkdtemp(join(tmpdir(), "azure-cli-"));
    await az("cloud", "register", "--name", "local", "--endpoint-resource-manager", simulator.url);
    await az("cloud", "set", "--name", "local");
  }, 3 * AZ_TIMEOUT);

  afterAll(async () => {
    await simulator?.close();
    await azurite?.close();
    if (configFolder !== undefined) await rm(configFolder, { recursive: true, force: true });
  });

  /** Runs a command of azure-cli and returns what it prints. */
  async function az(...given: readonly string[]): Promise<unknown> {
    const { endpoint, header } = simulator.identity;
    const { stdout } = await promisify(execFile)(
      "az",
      [...given, "--only-show-errors", "--output", "json"],
      {
        timeout: AZ_TIMEOUT,
        env: {
          PATH: process.env.PATH,
          HOME: configFolder,
          AZURE_CONFIG_DIR: configFolder,
          AZURE_CORE_COLLECT_TELEMETRY: "false",
          REQUESTS_CA_BUNDLE: simulator.caFile,
          // What App Service sets, in the older protocol and in today's.
          APPSETTING_WEBSITE_SITE_NAME: "local",
          MSI_ENDPOINT: endpoint,
          MSI_SECRET: header,
          IDENTITY_ENDPOINT: endpoint,
          IDENTITY_HEADER: header,
        },
      },
    );
    return stdout.trim() === "" ? undefined : JSON.parse(stdout);
  }

  const inGroup = ["--resource-group", "images-rg"] as const;
  const inGallery = [...inGroup, "--gallery-name", "ours"] as const;
  const ofDefinition = [...inGallery, "--gallery-image-definition", "ubuntu"] as const;
  const ofVersion = [...ofDefinition, "--gallery-image-version", "1.0.0"] as const;
  const blobUri = `https://${account.name}.blob.core.windows.net/osimages/osimage.vhd`;

  it(
    "signs in with the managed identity, and finds subscription, groups and locations",
    async () => {
      expect(await az("login", "--identity")).toMatchObject([
        { id: subscriptionId, state: "Enabled", user: { type: "servicePrincipal" } },
      ]);
      expect(await az("group", "list", "--query", "[].name")).toEqual([
        "myResourceGroup",
        "images-rg",
      ]);
      expect(await az("account", "list-locations", "--query", "[].name")).toContain("westeurope");
    },
    4 * AZ_TIMEOUT,
  );

  it(
    "publishes a version from a VHD, follows its replication, and cleans up",
    async () => {
      await az("sig", "create", ...inGallery);
      const definition = ["--publisher", "p", "--offer", "o", "--sku", "s", "--os-type", "Linux"];
      expect(
        await az(
          ...["sig", "image-definition", "create", ...ofDefinition, ...definition],
          ...["--os-state", "Generalized", "--hyper-v-generation", "V2"],
        ),
      ).toMatchObject({ hyperVGeneration: "V2", provisioningState: "Succeeded" });

      const storageAccount = `${groupPath}/providers/Microsoft.Storage/storageAccounts/${account.name}`;
      expect(
        await az(
          ...["sig", "image-version", "create", ...ofVersion, "--os-vhd-uri", blobUri],
          ...["--os-vhd-storage-account", storageAccount],
          ...["--target-regions", "westus", "northeurope=2"],
        ),
      ).toMatchObject({ provisioningState: "Succeeded", name: "1.0.0" });

      const show = ["sig", "image-version", "show", ...ofVersion, "--expand", "ReplicationStatus"];
      expect(await az(...show, "--query", "replicationStatus.summary[].[region,state]")).toEqual([
        ["West US", "Completed"],
        ["North Europe", "Completed"],
      ]);
      await az("sig", "image-version", "delete", ...ofVersion);
      expect(await az("sig", "image-version", "list", ...ofDefinition)).toEqual([]);
    },
    8 * AZ_TIMEOUT,
  );

  it(
    "gets the errors of the service as they are",
    async () => {
      await simulator.control("faults", { galleryError: "ListKeysMissing" });
      const create = ["sig", "image-version", "create", ...ofVersion, "--managed-image"];
      await expect(az(...create, `${seedPath}/images/none`)).rejects.toThrow(
        /LinkedAuthorizationFailed[\s\S]*listKeys\/action/,
      );
    },
    2 * AZ_TIMEOUT,
  );

  it(
    "makes an image from a blob in the form of an older api-version",
    async () => {
      // Debian's package lacks the client of the version that its latest profile names for images.
      await az("cloud", "set", "--name", "local", "--profile", "2020-09-01-hybrid");
      expect(
        await az(
          ...["image", "create", ...inGroup, "--name", "web", "--source", blobUri],
          ...["--os-type", "Linux", "--hyper-v-generation", "V2"],
        ),
      ).toMatchObject({ name: "web", provisioningState: "Succeeded", hyperVGeneration: "V2" });
      expect(await az("image", "list", ...inGroup, "--query", "[].name")).toEqual(["web"]);
      await az("image", "delete", ...inGroup, "--name", "web");
      expect(await az("image", "list", ...inGroup)).toEqual([]);

      const put = (await simulator.exchanges()).find(
        ({ method, url }) => method === "PUT" && url.includes("/images/web?"),
      );
      expect(put?.url).toMatch(/api-version=20(?:19|20)-/);
    },
    6 * AZ_TIMEOUT,
  );
});
