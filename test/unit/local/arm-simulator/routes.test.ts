import { afterAll, beforeAll, expect, test } from "vitest";
import {
  groupPath,
  imageFromDisk,
  imagePath,
  imageVersion,
  seedPath,
  startTestSimulator,
  subscriptionId,
  type TestSimulator,
} from "./simulator.ts";

let simulator: TestSimulator;

beforeAll(async () => {
  simulator = await startTestSimulator();
});

afterAll(() => simulator.close());

test.each([
  ["no Authorization header", ""],
  ["another scheme", "Basic abc"],
  ["an empty Bearer token", "Bearer "],
])("a request with %s is answered 401", async (_, authorization) => {
  const { status, headers, json } = await simulator.send("GET", `${imagePath}?${imageVersion}`, {
    headers: { authorization },
  });
  expect([status, json.error?.code]).toEqual([401, "AuthenticationFailed"]);
  expect(headers["www-authenticate"]).toMatch(/^Bearer /);
});

test.each([
  ["", 400, "MissingApiVersionParameter"],
  ["?api-version=latest", 400, "InvalidApiVersionParameter"],
  ["?api-version=2016-03-30", 400, "NoRegisteredProviderFound"],
  ["?api-version=2017-03-31", 400, "NoRegisteredProviderFound"],
  ["?api-version=2026-03-02", 400, "NoRegisteredProviderFound"],
])("the query '%s' on images is answered %i %s", async (query, status, code) => {
  const answer = await simulator.send("GET", `${imagePath}${query}`);
  expect([answer.status, answer.json.error?.code]).toEqual([status, code]);
});

test("disks and snapshots have an api-version of their own", async () => {
  const get = async (path: string) => (await simulator.send("GET", `${seedPath}/${path}`)).status;
  expect(await get("disks/myManagedDisk1?api-version=2026-03-02")).toBe(200);
  expect(await get(`snapshots/mySnapshot1?${imageVersion}`)).toBe(400);
});

const compute = "providers/Microsoft.Compute";

test.each([
  [`/subscriptions/unknown/resourceGroups/images-rg/${compute}/images`, "SubscriptionNotFound"],
  [`/subscriptions/${subscriptionId}/resourceGroups/rg/${compute}/images`, "ResourceGroupNotFound"],
  [`${imagePath}/missing`, "ResourceNotFound"],
  [`${seedPath}/virtualMachines/missing`, "ResourceNotFound"],
  [`${groupPath}/${compute}/hostGroups`, "InvalidResourceType"],
  [`${groupPath}/${compute}/virtualMachines`, "InvalidResourceType"],
  [`${imagePath}/web/versions/1`, "InvalidResourceType"],
  [`${groupPath}/providers/Microsoft.Network/images`, "InvalidResourceNamespace"],
  [`/subscriptions/${subscriptionId}/${compute}/locations/westus/operations/none`, "NotFound"],
  [
    `/subscriptions/${subscriptionId}/${compute}/locations/westus/operations`,
    "InvalidResourceType",
  ],
  ["/providers", "InvalidResourceType"],
])("GET %s is answered 404 %s", async (path, code) => {
  const { status, json } = await simulator.send("GET", `${path}?${imageVersion}`);
  expect([status, json.error?.code]).toEqual([404, code]);
});

test("names in a path are matched in any case", async () => {
  await simulator.put("Mixed", imageFromDisk());
  const path = `/SUBSCRIPTIONS/${subscriptionId}/RESOURCEGROUPS/Images-RG/PROVIDERS/microsoft.compute/Images/mIXED`;
  const { status, json } = await simulator.send("GET", `${path}?${imageVersion}`);
  expect([status, json]).toMatchObject([200, { name: "Mixed" }]);
});

test("a path is percent-decoded", async () => {
  const path = imagePath.replace("images-rg", "images%2Drg");
  expect((await simulator.send("GET", `${path}?${imageVersion}`)).status).toBe(200);
  const malformed = await simulator.send("GET", `${imagePath}/%E0%A4%A?${imageVersion}`);
  expect([malformed.status, malformed.json.error?.code]).toEqual([400, "InvalidRequestUri"]);
});

test.each([
  ["POST", `${imagePath}/web?${imageVersion}`],
  ["PUT", `${imagePath}?${imageVersion}`],
  ["DELETE", `${seedPath}/disks/myManagedDisk1?api-version=2026-03-02`],
])("%s %s is answered 405", async (method, path) => {
  const { status, json } = await simulator.send(method, path);
  expect([status, json.error?.code]).toEqual([405, "HttpMethodNotSupported"]);
});

test("a body that is not declared as JSON is refused", async () => {
  const { status } = await simulator.send("PUT", `${imagePath}/web?${imageVersion}`, {
    body: "{}",
    headers: { "content-type": "text/plain" },
  });
  expect(status).toBe(415);
});

test("answers carry the service's ids and limits", async () => {
  const { headers } = await simulator.send("GET", `${imagePath}?${imageVersion}`);
  expect(headers["x-ms-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers["x-ms-correlation-request-id"]).toBe(headers["x-ms-request-id"]);
  expect(headers["x-ms-routing-request-id"]).toMatch(/^WESTUS:\d{8}T\d{6}Z:[0-9a-f-]{36}$/);
  expect(headers["x-ms-ratelimit-remaining-subscription-reads"]).toBe("249");
  expect(headers["x-ms-ratelimit-remaining-resource"]).toContain(
    "Microsoft.Compute/GetImages3Min;",
  );
});
