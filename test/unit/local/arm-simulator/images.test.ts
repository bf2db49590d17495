import { afterEach, beforeEach, expect, test } from "vitest";
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

beforeEach(async () => {
  simulator = await startTestSimulator({ now: () => new Date("2026-05-06T07:08:09.123Z") });
});

afterEach(() => simulator.close());

async function createImage(name: string, body: object = imageFromDisk()): Promise<void> {
  const created = await simulator.put(name, body);
  expect(created.status).toBe(201);
  for (let look = 0; look < 3; look += 1) {
    await simulator.poll(created);
  }
}

test("a new image is answered 201 with its echo and the URL of the operation", async () => {
  const { status, headers, json } = await simulator.put(
    "web",
    imageFromDisk({}, { tags: { a: "b" }, location: "West US" }),
  );
  const requestId = String(headers["x-ms-request-id"]);
  expect(status).toBe(201);
  expect(headers.location).toBeUndefined();
  expect(headers["retry-after"]).toBeUndefined();
  const operation = new URL(String(headers["azure-asyncoperation"]));
  expect(operation.pathname).toBe(
    `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/westus/operations/${requestId}`,
  );
  expect(operation.href.length).toBeGreaterThan(3_000);
  expect(json).toEqual({
    id: `${imagePath}/web`,
    name: "web",
    type: "Microsoft.Compute/images",
    location: "westus",
    tags: { a: "b" },
    properties: {
      storageProfile: {
        osDisk: {
          osType: "Windows",
          osState: "Generalized",
          managedDisk: { id: `${seedPath}/disks/myManagedDisk1` },
        },
        dataDisks: [],
      },
      provisioningState: "Creating",
    },
  });
});

test("an operation is in progress twice, then it and its image have succeeded", async () => {
  const created = await simulator.put("web", imageFromDisk());
  const first = await simulator.poll(created);
  const second = await simulator.poll(created);
  const third = await simulator.poll(created);
  const name = created.headers["x-ms-request-id"];
  const startTime = "2026-05-06T07:08:09.1230000+00:00";
  expect(first.json).toEqual({ startTime, status: "InProgress", name });
  expect(second.json.status).toBe("InProgress");
  expect(third.json).toEqual({ startTime, endTime: startTime, status: "Succeeded", name });
  expect((await simulator.get("web")).json.properties?.provisioningState).toBe("Succeeded");
});

test("looks at the image alone complete it too, filled in from its source", async () => {
  await simulator.put("web", imageFromDisk());
  const states = [];
  for (let look = 0; look < 3; look += 1) {
    states.push((await simulator.get("web")).json.properties?.provisioningState);
  }
  expect(states).toEqual(["Creating", "Creating", "Succeeded"]);
  expect((await simulator.get("web")).json).toMatchObject({
    properties: {
      hyperVGeneration: "V1",
      storageProfile: {
        osDisk: { caching: "None", storageAccountType: "Standard_LRS", diskSizeGB: 10 },
        zoneResilient: false,
      },
    },
  });
});

test("answers about a running operation carry the Retry-After of the options", async () => {
  const patient = await startTestSimulator({ pollsInProgress: 1, retryAfterSeconds: 7 });
  try {
    const created = await patient.put("web", imageFromDisk());
    expect((await patient.poll(created)).headers["retry-after"]).toBe("7");
    expect((await patient.poll(created)).headers["retry-after"]).toBeUndefined();
  } finally {
    await patient.close();
  }
});

test("the same body again is answered 200 without an operation", async () => {
  await createImage("web");
  const again = await simulator.put("web", imageFromDisk());
  expect([again.status, again.json.properties?.provisioningState]).toEqual([200, "Succeeded"]);
  expect(again.headers["azure-asyncoperation"]).toBeUndefined();
});

test("the body of a GET can be PUT again", async () => {
  await createImage("web", imageFromDisk({ caching: "ReadOnly" }, { tags: { a: "1" } }));
  const { json } = await simulator.get("web");
  expect((await simulator.put("web", json)).status).toBe(200);
});

test("a PUT changes the tags of an existing image", async () => {
  await createImage("web", imageFromDisk({}, { tags: { a: "1" } }));
  const changed = await simulator.put("web", imageFromDisk({}, { tags: { b: "2" } }));
  expect([changed.status, changed.json]).toMatchObject([200, { tags: { b: "2" } }]);
  await simulator.put("web", imageFromDisk());
  expect((await simulator.get("web")).json).not.toHaveProperty("tags");
});

test.each([
  ["osDisk.caching", { caching: "ReadWrite" }],
  ["osDisk.osType", { osType: "Linux" }],
  ["osDisk.diskSizeGB", { diskSizeGB: 20 }],
  ["osDisk.managedDisk.id", { managedDisk: { id: `${seedPath}/disks/myManagedDisk2` } }],
])("a PUT that changes %s of an existing image is refused", async (target, osDisk) => {
  await createImage("web");
  const { status, json } = await simulator.put("web", imageFromDisk(osDisk));
  expect([status, json.error]).toEqual([
    409,
    {
      code: "PropertyChangeNotAllowed",
      message: `Changing property '${target}' is not allowed.`,
      target,
    },
  ]);
});

test("data disks are compared by lun, whatever their order", async () => {
  const source = imageFromDisk() as { properties: { storageProfile: { osDisk: object } } };
  const { osDisk } = source.properties.storageProfile;
  const snapshot = { id: `${seedPath}/snapshots/mySnapshot1` };
  const withDisks = (...dataDisks: object[]) => ({
    location: "westus",
    properties: { storageProfile: { osDisk, dataDisks } },
  });
  const [one, two] = [
    { lun: 1, snapshot },
    { lun: 2, snapshot },
  ];
  await createImage("web", withDisks(one, two));
  const put = async (body: object) => {
    const { status, json } = await simulator.put("web", body);
    return json.error?.target ?? status;
  };
  expect(await put(withDisks(two, one))).toBe(200);
  expect(await put(withDisks(one))).toBe("dataDisks");
  expect(await put(withDisks({ ...two, caching: "ReadOnly" }, one))).toBe("dataDisks[1].caching");
});

test("an image cannot be created a second time in another location", async () => {
  await createImage("web");
  const { status, json } = await simulator.put("web", imageFromDisk({}, { location: "eastus" }));
  expect([status, json.error?.code]).toEqual([409, "InvalidResourceLocation"]);
});

test("while an image is being created, its body again is answered with the same operation", async () => {
  const created = await simulator.put("web", imageFromDisk());
  const again = await simulator.put("web", imageFromDisk());
  expect(again.status).toBe(200);
  expect(again.headers["azure-asyncoperation"]).toBe(created.headers["azure-asyncoperation"]);
});

test.each([
  ["another body", "PUT", imageFromDisk({ caching: "ReadOnly" })],
  ["other tags", "PUT", imageFromDisk({}, { tags: { a: "1" } })],
  ["a deletion", "DELETE", undefined],
])("while an image is being created, %s is refused", async (_, method, body) => {
  await simulator.put("web", imageFromDisk());
  const path = `${imagePath}/web?${imageVersion}`;
  const { status, json } = await simulator.send(method, path, body === undefined ? {} : { body });
  expect([status, json.error?.code]).toEqual([409, "Conflict"]);
  expect(json.error?.message).toContain("another operation is in progress");
});

test("two PUTs at the same time create one image", async () => {
  const answers = await Promise.all([
    simulator.put("web", imageFromDisk()),
    simulator.put("web", imageFromDisk()),
  ]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 201]);
});

test("PATCH changes tags and nothing else", async () => {
  await createImage("web", imageFromDisk({}, { tags: { a: "1" } }));
  const patch = (body: object) =>
    simulator.send("PATCH", `${imagePath}/web?${imageVersion}`, { body });
  expect((await patch({ tags: { b: "2" } })).json).toMatchObject({ tags: { b: "2" } });
  expect((await patch({ properties: { hyperVGeneration: "V1" } })).json).toMatchObject({
    tags: { b: "2" },
  });
  const refused = await patch({ properties: { hyperVGeneration: "V2" } });
  expect([refused.status, refused.json.error?.target]).toEqual([409, "hyperVGeneration"]);
});

test("DELETE is answered 202, the image is gone when the operation has ended, then 204", async () => {
  await createImage("web");
  const path = `${imagePath}/web?${imageVersion}`;
  const deleted = await simulator.send("DELETE", path);
  expect(deleted.status).toBe(202);
  const monitor = String(deleted.headers.location);
  expect((await simulator.send("GET", monitor)).status).toBe(202);
  expect((await simulator.get("web")).json.properties?.provisioningState).toBe("Deleting");
  expect((await simulator.send("GET", monitor)).status).toBe(200);
  expect((await simulator.get("web")).json.error?.code).toBe("ResourceNotFound");
  expect((await simulator.send("DELETE", path)).status).toBe(204);
});

test("images are listed by resource group and by subscription", async () => {
  await simulator.put("one", imageFromDisk());
  await simulator.send("PUT", `${seedPath}/images/two?${imageVersion}`, { body: imageFromDisk() });
  const list = async (scope: string) => {
    const path = `${scope}/providers/Microsoft.Compute/images?${imageVersion}`;
    const { json } = await simulator.send("GET", path);
    return (json as { value: { name: string }[] }).value.map(({ name }) => name);
  };
  expect(await list(groupPath)).toEqual(["one"]);
  expect(await list(`/subscriptions/${subscriptionId}`)).toEqual(["one", "two"]);
});
