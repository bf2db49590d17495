import { afterAll, beforeAll, expect, test } from "vitest";
import { account } from "./azurite.ts";
import { groupPath, startTestSimulator, subscriptionId, type TestSimulator } from "./simulator.ts";

let simulator: TestSimulator;

beforeAll(async () => {
  simulator = await startTestSimulator();
  await simulator.control("resources", { type: "resourceGroup", name: "Mixed-RG" });
});

afterAll(() => simulator.close());

const subscription = `/subscriptions/${subscriptionId}`;
const accounts = "providers/Microsoft.Storage/storageAccounts";
const get = (path: string, version = "2021-04-01") =>
  simulator.send("GET", `${path}?api-version=${version}`);

test("subscriptions are listed, and answered one by one", async () => {
  const { status, json } = await get("/subscriptions", "2016-06-01");
  expect([status, json]).toMatchObject([
    200,
    { value: [{ subscriptionId, state: "Enabled", id: subscription }] },
  ]);
  expect((await get(subscription)).json).toMatchObject({
    subscriptionId,
    displayName: "Local world",
  });
  expect((await get("/tenants")).json).toMatchObject({
    value: [{ tenantId: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
  });
});

test("resource groups are listed by the names they were given, with their location", async () => {
  const { json } = await get(`${subscription}/resourcegroups`);
  expect(json).toMatchObject({
    value: [
      { name: "myResourceGroup" },
      { name: "images-rg", location: "westus", id: groupPath },
      { name: "Mixed-RG" },
    ],
  });
  expect((await get(`${subscription}/resourceGroups/mixed-rg`)).json).toMatchObject({
    name: "Mixed-RG",
    properties: { provisioningState: "Succeeded" },
  });
});

test("a HEAD says whether a resource group exists", async () => {
  const head = (name: string) =>
    simulator.send("HEAD", `${subscription}/resourcegroups/${name}?api-version=2021-04-01`);
  expect((await head("images-rg")).status).toBe(204);
  expect((await head("missing")).status).toBe(404);
});

test("a storage account says where it is", async () => {
  const { status, json } = await get(`${groupPath}/${accounts}/${account.name}`, "2024-01-01");
  expect([status, json]).toMatchObject([
    200,
    {
      id: `${groupPath}/${accounts}/${account.name}`,
      location: "westus",
      properties: { primaryEndpoints: { blob: `https://${account.name}.blob.core.windows.net/` } },
    },
  ]);
});

test("storage accounts are listed by resource group and by subscription", async () => {
  await simulator.control("resources", {
    type: "storageAccount",
    name: "farawayaccount",
    resourceGroup: "Mixed-RG",
    location: "northeurope",
  });
  const namesAt = async (path: string) => {
    const { json } = await get(`${path}/${accounts}`, "2024-01-01");
    return (json as { value: { name: string }[] }).value.map(({ name }) => name).sort();
  };
  expect(await namesAt(subscription)).toEqual(["farawayaccount", account.name]);
  expect(await namesAt(`${subscription}/resourceGroups/mixed-rg`)).toEqual(["farawayaccount"]);
});

test.each([
  [`/subscriptions/unknown/resourcegroups`, "SubscriptionNotFound"],
  [`${subscription}/resourcegroups/missing`, "ResourceGroupNotFound"],
  [`${subscription}/resourcegroups/missing/${accounts}`, "ResourceGroupNotFound"],
  [`${groupPath}/${accounts}/missing`, "ResourceNotFound"],
  [`${subscription}/providers/Microsoft.Unheard`, "InvalidResourceNamespace"],
])("GET %s is answered 404 %s", async (path, code) => {
  const { status, json } = await get(path);
  expect([status, json.error?.code]).toEqual([404, code]);
});

test("a provider lists its types with the api-versions that they answer", async () => {
  const { json } = await get(`${subscription}/providers/Microsoft.Compute`);
  const types = (json as { resourceTypes: { resourceType: string; apiVersions: string[] }[] })
    .resourceTypes;
  const images = types.find(({ resourceType }) => resourceType === "images");
  expect(images?.apiVersions[0]).toBe("2026-04-01");
  expect(images?.apiVersions.at(-1)).toBe("2017-03-30");
});

test("what is only to be read cannot be written", async () => {
  const { status } = await simulator.send("PUT", `${groupPath}?api-version=2021-04-01`, {
    body: {},
  });
  expect(status).toBe(405);
});

test("an api-version is required, and a right", async () => {
  expect((await simulator.send("GET", subscription)).json.error?.code).toBe(
    "MissingApiVersionParameter",
  );
  await simulator.control("settings", { denied: ["Microsoft.Storage/storageAccounts/read"] });
  const { status, json } = await get(`${groupPath}/${accounts}/${account.name}`);
  expect([status, json.error?.code]).toEqual([403, "AuthorizationFailed"]);
  await simulator.control("settings", { denied: [] });
});

test("the endpoints of the cloud are answered without a token", async () => {
  const read = async (version: string) =>
    (
      await simulator.send("GET", `/metadata/endpoints?api-version=${version}`, {
        headers: { authorization: "" },
      })
    ).json;
  expect(await read("2015-01-01")).toMatchObject({
    authentication: { audiences: expect.arrayContaining(["https://management.azure.com/"]) },
  });
  expect(await read("2022-09-01")).toMatchObject([{ resourceManager: simulator.url }]);
});
