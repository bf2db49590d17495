import { afterAll, beforeAll, expect, test } from "vitest";
import { COMPUTE_VERSIONS } from "../../../../local/arm-simulator/http/version-lists.ts";
import { type Azurite, account, startAzurite } from "./azurite.ts";
import {
  groupPath,
  imageFromDisk,
  imagePath,
  seedPath,
  startTestSimulator,
  type TestSimulator,
} from "./simulator.ts";
import { uploadVhd } from "./vhd.ts";

let azurite: Azurite;
let simulator: TestSimulator;

beforeAll(async () => {
  azurite = await startAzurite();
  const container = azurite.client.getContainerClient("osimages");
  await container.create();
  await uploadVhd(container, "osimage.vhd");
  simulator = await startTestSimulator({
    storage: { blobEndpoint: azurite.blobEndpoint, accounts: [account] },
    pollsInProgress: 0,
  });
  await simulator.control("resources", {
    type: "galleryImage",
    gallery: "forms",
    name: "v1",
    resourceGroup: "images-rg",
    hyperVGeneration: "V1",
  });
});

afterAll(async () => {
  await simulator.close();
  await azurite.close();
});

const blobUri = `https://${account.name}.blob.core.windows.net/osimages/osimage.vhd`;
const osDisk = { osType: "Linux", osState: "Generalized", blobUri };
const withBlob = (rest: object = {}) => ({
  location: "westus",
  properties: { storageProfile: { osDisk }, ...rest },
});

/** PUTs an image in an api-version, and returns how that, and another, answer it. */
async function putImage(name: string, version: string, body: object) {
  const put = await simulator.send("PUT", `${imagePath}/${name}?api-version=${version}`, { body });
  const operation = put.headers["azure-asyncoperation"];
  if (operation !== undefined) await simulator.send("GET", String(operation));
  const get = (other: string) =>
    simulator.send("GET", `${imagePath}/${name}?api-version=${other}`).then(({ json }) => json);
  return { put, get };
}

test.each(COMPUTE_VERSIONS)("the images API answers %s in its form", async (version) => {
  const isOld = version < "2019-03-01";
  const body = withBlob(isOld ? {} : { hyperVGeneration: "V2" });
  const { put, get } = await putImage(`in-${version}`, version, body);

  expect(put.status).toBe(201);
  const { properties } = (await get(version)) as { properties: Record<string, unknown> };
  expect(properties.provisioningState).toBe("Succeeded");
  expect("hyperVGeneration" in properties).toBe(!isOld);
  expect("zoneResilient" in (properties.storageProfile as object)).toBe(version >= "2017-12-01");
});

test("a blob without a generation is V1 before 2019-03-01, and refused from then on", async () => {
  const { get } = await putImage("silent", "2018-10-01", withBlob());
  expect(await get("2026-04-01")).toMatchObject({ properties: { hyperVGeneration: "V1" } });

  const { put } = await putImage("asked", "2019-03-01", withBlob());
  expect([put.status, put.json.error]).toMatchObject([400, { target: "hyperVGeneration" }]);
});

const encrypted = { diskEncryptionSet: { id: `${seedPath}/diskEncryptionSets/set` } };

test.each([
  ["hyperVGeneration", "2018-10-01", withBlob({ hyperVGeneration: "V2" })],
  ["zoneResilient", "2017-03-30", withBlob({ storageProfile: { osDisk, zoneResilient: true } })],
  ["diskEncryptionSet", "2019-03-01", imageFromDisk(encrypted)],
  ["extendedLocation", "2020-06-01", imageFromDisk({}, { extendedLocation: { name: "edge" } })],
])("a member that came later is refused: %s in %s", async (member, version, body) => {
  const { put } = await putImage("later", version, body);
  expect([put.status, put.json.error?.code]).toEqual([400, "InvalidRequestContent"]);
  expect(put.json.error?.message).toContain(`'${member}'`);
});

test("a value that came later is refused", async () => {
  const disk = { storageAccountType: "StandardSSD_LRS" };
  expect((await putImage("ssd", "2017-12-01", imageFromDisk(disk))).put.status).toBe(400);
  expect((await putImage("ssd", "2018-04-01", imageFromDisk(disk))).put.status).toBe(201);
});

test("2017-03-30 requires an OS disk, and has no PATCH", async () => {
  const body = { location: "westus", properties: { storageProfile: {} } };
  const { put } = await putImage("bare", "2017-03-30", body);
  expect([put.status, put.json.error?.target]).toEqual([400, "osDisk"]);

  const patch = (version: string) =>
    simulator.send("PATCH", `${imagePath}/silent?api-version=${version}`, { body: { tags: {} } });
  expect((await patch("2017-03-30")).status).toBe(405);
  expect((await patch("2017-12-01")).status).toBe(200);
});

const versions = `${groupPath}/providers/Microsoft.Compute/galleries/forms/images/v1/versions`;
const storageAccountId = `${groupPath}/providers/Microsoft.Storage/storageAccounts/${account.name}`;
const publishingProfile = { targetRegions: [{ name: "westus" }] };

/** PUTs a gallery version in an api-version, and returns how that and today's answer it. */
async function putVersion(name: string, apiVersion: string, properties: object) {
  const body = { location: "westus", properties: { publishingProfile, ...properties } };
  const path = `${versions}/${name}?api-version=`;
  const put = await simulator.send("PUT", path + apiVersion, { body });
  const read = async (version: string) => (await simulator.send("GET", path + version)).json;
  return { put, read };
}

test.each(["2020-09-30", "2021-10-01"])(
  "a blob's account is `source.id` beside `uri` in %s, and `storageAccountId` today",
  async (apiVersion) => {
    const name = apiVersion === "2020-09-30" ? "1.0.0" : "1.0.1";
    const source = { id: storageAccountId, uri: blobUri };
    const { put, read } = await putVersion(name, apiVersion, {
      storageProfile: { osDiskImage: { source } },
    });

    expect(put.status).toBe(201);
    expect(await read(apiVersion)).toMatchObject({
      properties: { storageProfile: { osDiskImage: { source } } },
    });
    expect(await read("2025-12-03")).toMatchObject({
      properties: {
        storageProfile: { osDiskImage: { source: { storageAccountId, uri: blobUri } } },
      },
    });
  },
);

test("azure-cli may name the account by `source.id` with 2022-03-03 still, nobody may today", async () => {
  const properties = {
    storageProfile: { osDiskImage: { source: { id: storageAccountId, uri: blobUri } } },
  };
  const old = await putVersion("1.1.0", "2022-03-03", properties);
  expect(old.put.status).toBe(201);
  expect(await old.read("2022-03-03")).toMatchObject({
    properties: { storageProfile: { osDiskImage: { source: { storageAccountId } } } },
  });
  expect((await putVersion("1.1.1", "2023-07-03", properties)).put.status).toBe(400);
});

test("2018-06-01 has a managed image as the source in the publishing profile", async () => {
  await putImage("whole", "2026-04-01", imageFromDisk());
  await simulator.send("GET", `${imagePath}/whole?api-version=2026-04-01`);
  await simulator.control("resources", {
    type: "galleryImage",
    gallery: "forms",
    name: "v1",
    resourceGroup: "images-rg",
    osType: "Windows",
    hyperVGeneration: "V1",
  });
  const source = { managedImage: { id: `${imagePath}/whole` } };
  const { put, read } = await putVersion("2.0.0", "2018-06-01", {
    publishingProfile: { ...publishingProfile, source },
  });

  expect([put.status, put.json.error]).toEqual([201, undefined]);
  expect(await read("2018-06-01")).toMatchObject({ properties: { publishingProfile: { source } } });
  expect(await read("2025-12-03")).toMatchObject({
    properties: { storageProfile: { source: source.managedImage } },
  });
});

test.each([
  ["safetyProfile", "2021-10-01", { safetyProfile: {} }],
  ["securityProfile", "2022-08-03", { securityProfile: {} }],
])("a version's member that came later is refused: %s in %s", async (member, version, rest) => {
  const { put } = await putVersion("3.0.0", version, {
    storageProfile: { source: { id: `${imagePath}/whole` } },
    ...rest,
  });
  expect([put.status, put.json.error?.message]).toEqual([400, expect.stringContaining(member)]);
});
