import { afterEach, beforeEach, expect, test } from "vitest";
import { groupPath, startTestSimulator, type TestSimulator } from "../simulator.ts";
import { createTestGallery, type GalleryClient, versionFromSnapshot } from "./client.ts";

let simulator: TestSimulator;
let client: GalleryClient;

beforeEach(async () => {
  simulator = await startTestSimulator({ pollsInProgress: 0 });
  client = await createTestGallery(simulator);
});

afterEach(() => simulator.close());

function definition(properties: object = {}): object {
  const identifier = { publisher: "p", offer: "o", sku: "s" };
  return {
    location: "westus",
    properties: { osType: "Linux", osState: "Generalized", identifier, ...properties },
  };
}

test("a definition that says little is of generation 2 with TrustedLaunchSupported", async () => {
  const created = await client.send("PUT", "images/web", definition());
  expect([created.status, created.headers.location]).toEqual([201, undefined]);
  const { json } = await client.send("GET", "images/web");
  expect(json.properties).toMatchObject({
    provisioningState: "Succeeded",
    hyperVGeneration: "V2",
    architecture: "x64",
    features: [{ name: "SecurityType", value: "TrustedLaunchSupported" }],
  });
});

test.each([
  ["another system", { osType: "Windows" }, "osType"],
  ["another generation", { hyperVGeneration: "V1" }, "hyperVGeneration"],
  ["another sku", { identifier: { publisher: "p", offer: "o", sku: "t" } }, "identifier"],
  ["no security type", { features: [] }, "SecurityType"],
])("%s of an existing definition is refused", async (_, change, target) => {
  await client.send("PUT", "images/web", definition());
  const { status, json } = await client.send("PUT", "images/web", definition(change));
  expect([status, json.error]).toMatchObject([
    409,
    { code: "PropertyChangeNotAllowed", target: expect.stringContaining(target) },
  ]);
});

test("controllers in the other order are stored in the service's, and refused the second time", async () => {
  const features = [{ name: "DiskControllerTypes", value: "NVMe, SCSI" }];
  const body = definition({ hyperVGeneration: "V2", features });
  expect((await client.send("PUT", "images/web", body)).status).toBe(201);
  const { status, json } = await client.send("PUT", "images/web", body);
  expect([status, json.error]).toMatchObject([
    409,
    { code: "PropertyChangeNotAllowed", target: "DiskControllerTypes" },
  ]);
});

test.each([
  ["Arm64 of generation 1", { hyperVGeneration: "V1", architecture: "Arm64" }],
  ["a publisher that ends in a period", { identifier: { publisher: "p.", offer: "o", sku: "s" } }],
  ["an unknown system", { osType: "linux" }],
])("a definition of %s is refused", async (_, properties) => {
  const { status, json } = await client.send("PUT", "images/web", definition(properties));
  expect([status, json.error?.code]).toEqual([400, "InvalidParameter"]);
});

test("a member that the schema does not know is refused by name", async () => {
  const { json } = await client.send("PUT", "images/web", definition({ osKind: "Linux" }));
  expect(json.error?.message).toContain("Could not find member 'osKind'");
});

test("galleries and definitions are listed, and deleted when they hold nothing", async () => {
  await client.send("PUT", `${groupPath}/providers/Microsoft.Compute/galleries/empty`, {
    location: "westus",
  });
  const names = async (path: string) => {
    const { json } = await client.send("GET", path);
    return (json as { value: { name: string }[] }).value.map(({ name }) => name);
  };
  expect(await names(`${groupPath}/providers/Microsoft.Compute/galleries`)).toEqual([
    "images",
    "empty",
  ]);
  expect(await names("images")).toEqual(["ubuntu"]);
  const refused = await client.send("DELETE", client.gallery);
  expect([refused.status, refused.json.error?.code]).toEqual([409, "CannotDeleteResource"]);
  await simulator.poll(await client.send("DELETE", "images/ubuntu"));
  expect((await client.send("DELETE", client.gallery)).status).toBe(202);
});

test("a gallery with soft delete lists deleted versions, keeps their numbers, and restores them", async () => {
  await simulator.control("resources", {
    type: "gallery",
    name: "images",
    resourceGroup: "images-rg",
    softDelete: true,
  });
  const path = "images/ubuntu/versions/1.0.0";
  await client.putVersion("1.0.0", versionFromSnapshot());
  await client.getVersion("1.0.0");
  await simulator.poll(await client.send("DELETE", path));
  const { json } = await client.send(
    "GET",
    "softDeletedArtifactTypes/images/artifacts/ubuntu/versions",
  );
  expect(json).toMatchObject({ value: [{ name: "1.0.0" }] });
  expect((await client.putVersion("1.0.0", versionFromSnapshot())).status).toBe(409);
  const body = { properties: { restore: true, storageProfile: {} } };
  expect((await client.send("PATCH", path, body)).status).toBe(200);
  expect((await client.getVersion("1.0.0")).status).toBe(200);
});

test("a version that must not be deleted before its end of life is not", async () => {
  const safetyProfile = { blockDeletionBeforeEndOfLife: true };
  await client.putVersion("1.0.0", versionFromSnapshot({ safetyProfile }));
  await client.getVersion("1.0.0");
  const { status, json } = await client.send("DELETE", "images/ubuntu/versions/1.0.0");
  expect([status, json.error?.code]).toEqual([
    409,
    "DeleteGalleryImageVersionBlockedBeforeEndOfLife",
  ]);
});
