import { afterAll, beforeAll, expect, test } from "vitest";
import {
  imageFromDisk,
  imagePath,
  imageVersion,
  seedPath,
  startTestSimulator,
  type TestSimulator,
} from "./simulator.ts";

let simulator: TestSimulator;

beforeAll(async () => {
  simulator = await startTestSimulator();
});

afterAll(() => simulator.close());

const snapshot = { id: `${seedPath}/snapshots/mySnapshot1` };
const dataDisk = (lun: unknown, rest: object = {}) => ({ lun, snapshot, ...rest });

function withProfile(profile: object): object {
  const { osDisk } = (imageFromDisk() as { properties: { storageProfile: { osDisk: object } } })
    .properties.storageProfile;
  return { location: "westus", properties: { storageProfile: { osDisk, ...profile } } };
}

test.each([
  ["not json", "{", "Expected property name"],
  ["an empty body", "", "The request body is empty"],
  ["an array", [], "Error converting value [] to type 'object'"],
  [
    "a member that the service does not know",
    imageFromDisk({ hostCaching: "None" }),
    "Could not find member 'hostCaching' on object of type 'OSDisk'. Path 'properties.storageProfile.osDisk.hostCaching'.",
  ],
  [
    "an unknown member at the top",
    imageFromDisk({}, { AccountType: "x" }),
    "Could not find member 'AccountType' on object of type 'ResourceDefinition'. Path 'AccountType'.",
  ],
  [
    "a lun that is text",
    withProfile({ dataDisks: [dataDisk("1")] }),
    `Error converting value "1" to type 'integer'. Path 'properties.storageProfile.dataDisks[0].lun'.`,
  ],
  [
    "a tag that is not text",
    imageFromDisk({}, { tags: { a: 1 } }),
    "Error converting value 1 to type 'string'. Path 'tags.a'.",
  ],
])("%s is refused as content that cannot be deserialized", async (_, body, reason) => {
  const { status, json } = await simulator.put("web", body);
  expect([status, json.error?.code]).toEqual([400, "InvalidRequestContent"]);
  expect(json.error?.message).toContain(reason);
});

test.each([
  ["osDisk.osType", imageFromDisk({ osType: undefined })],
  ["osDisk.osState", imageFromDisk({ osState: null })],
  ["dataDisks[0].lun", withProfile({ dataDisks: [{ snapshot }] })],
  ["storageProfile", { location: "westus", properties: {} }],
  ["storageProfile", { location: "westus" }],
  ["osDisk", { location: "westus", properties: { storageProfile: {} } }],
  ["extendedLocation.name", imageFromDisk({}, { extendedLocation: { type: "EdgeZone" } })],
])("a missing %s is named", async (target, body) => {
  const { status, json } = await simulator.put("web", body);
  expect([status, json.error]).toEqual([
    400,
    {
      code: "InvalidParameter",
      message: `Required parameter '${target}' is missing (null).`,
      target,
    },
  ]);
});

test("a missing location is refused by Resource Manager itself", async () => {
  const { json } = await simulator.put("web", imageFromDisk({}, { location: undefined }));
  expect(json.error?.code).toBe("LocationRequired");
});

test("an unknown location is refused", async () => {
  const { json } = await simulator.put("web", imageFromDisk({}, { location: "Atlantis" }));
  expect(json.error?.code).toBe("LocationNotAvailableForResourceType");
});

const twoSources = { blobUri: "https://mystorageaccount.blob.core.windows.net/a/b.vhd" };
const machine = { sourceVirtualMachine: { id: `${seedPath}/virtualMachines/myVM` } };

test.each([
  ["osDisk.osType", "a closed enumeration", imageFromDisk({ osType: "Solaris" })],
  ["osDisk.osState", "another case", imageFromDisk({ osState: "generalized" })],
  ["osDisk.caching", "a closed enumeration", imageFromDisk({ caching: "readwrite" })],
  ["osDisk.storageAccountType", "an unknown one", imageFromDisk({ storageAccountType: "Fast" })],
  [
    "hyperVGeneration",
    "an unknown one",
    { location: "westus", properties: { ...machine, hyperVGeneration: "V3" } },
  ],
  [
    "extendedLocation.type",
    "an unknown one",
    imageFromDisk({}, { extendedLocation: { name: "z", type: "Zone" } }),
  ],
  ["osDisk", "two sources", imageFromDisk(twoSources)],
  ["osDisk", "no source", imageFromDisk({ managedDisk: undefined })],
  ["osDisk.diskSizeGB", "zero", imageFromDisk({ diskSizeGB: 0 })],
  ["osDisk.diskSizeGB", "less than the source", imageFromDisk({ diskSizeGB: 9 })],
  ["dataDisks.lun", "used twice", withProfile({ dataDisks: [dataDisk(1), dataDisk(1)] })],
  ["dataDisks[0].lun", "out of range", withProfile({ dataDisks: [dataDisk(64)] })],
  ["dataDisks[0].lun", "negative", withProfile({ dataDisks: [dataDisk(-1)] })],
  ["dataDisks[0]", "no source", withProfile({ dataDisks: [{ lun: 1 }] })],
  [
    "sourceVirtualMachine",
    "together with disks",
    {
      location: "westus",
      properties: { ...machine, storageProfile: { dataDisks: [dataDisk(1)] } },
    },
  ],
])("%s that is %s is an invalid parameter", async (target, _, body) => {
  const { status, json } = await simulator.put("web", body);
  expect([status, json.error?.code, json.error?.target]).toEqual([400, "InvalidParameter", target]);
});

test("members that only the service sets are ignored", async () => {
  const body = imageFromDisk({}, { id: "/x", name: 1, type: null, systemData: {} });
  expect((await simulator.put("read-only", body)).status).toBe(201);
});

test("every optional element together is accepted", async () => {
  const options = {
    caching: "ReadOnly",
    diskSizeGB: 200,
    storageAccountType: "Premium_ZRS",
    diskEncryptionSet: { id: `${seedPath}/diskEncryptionSets/keys` },
  };
  const { status } = await simulator.put("everything", {
    location: "westus",
    tags: { department: "Development" },
    extendedLocation: { name: "losangeles", type: "EdgeZone" },
    properties: {
      hyperVGeneration: "V1",
      storageProfile: {
        osDisk: { osType: "Linux", osState: "Specialized", snapshot, ...options },
        dataDisks: [dataDisk(0, options), dataDisk(63, options)],
        zoneResilient: true,
      },
    },
  });
  expect(status).toBe(201);
});

test.each([
  ["a_name.with-everything_", 201],
  ["a".repeat(80), 201],
  ["a".repeat(81), "InvalidParameter"],
  ["_web", "InvalidParameter"],
  ["web.", "InvalidParameter"],
  ["web-", "InvalidParameter"],
  ["my web", "InvalidParameter"],
  ["a+b", "InvalidResourceName"],
  ["a%2Fb", "InvalidResourceName"],
])("the image name '%s' is answered %s", async (name, expected) => {
  const encoded = name.includes("%") ? name : encodeURIComponent(name);
  const { status, json } = await simulator.put(encoded, imageFromDisk());
  expect(json.error?.code ?? status).toBe(expected);
});

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, ""]));

test.each([
  ["fifty of them", many(50), 201],
  ["one more", many(51), "InvalidTagCount"],
  ["an empty name", { " ": "x" }, "EmptyTagName"],
  ["a long name", { ["n".repeat(513)]: "x" }, "InvalidTagNameLength"],
  ["a reserved character", { "a/b": "x" }, "InvalidTagNameCharacters"],
  ["a long value", { a: "v".repeat(257) }, "InvalidTagValueLength"],
  ["names that differ in case", { a: "x", A: "y" }, "AmbiguousTagNames"],
])("tags with %s are answered %s", async (_, tags, expected) => {
  const { status, json } = await simulator.put("tagged", imageFromDisk({}, { tags }));
  expect(json.error?.code ?? status).toBe(expected);
  await simulator.control("reset");
});

test("the body of a PATCH is judged by its own definition", async () => {
  const { json } = await simulator.send("PATCH", `${imagePath}/web?${imageVersion}`, {
    body: { location: "westus" },
  });
  expect(json.error?.message).toContain("Could not find member 'location'");
});
