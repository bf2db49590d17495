import { describe, expect, it } from "vitest";
import { read, readBody, readPlaces, readProblems, readRequest } from "./reading.ts";

const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "web-os.vhd" };
/** As `GET …/images/web` answers. */
const answer = {
  id: "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/images-rg/providers/Microsoft.Compute/images/web",
  name: "web",
  type: "Microsoft.Compute/images",
  etag: '"1"',
  systemData: { createdBy: "me" },
  location: "westus",
  tags: { id: "kept", name: "kept" },
  properties: {
    storageProfile: { osDisk, dataDisks: [], zoneResilient: false },
    hyperVGeneration: "V2",
    provisioningState: "Succeeded",
  },
};

describe("null", () => {
  const plain = { properties: { storageProfile: { osDisk } } };
  const withNulls = {
    imageName: null,
    location: null,
    extendedLocation: null,
    tags: { none: null },
    unknownKey: null,
    properties: {
      sourceVirtualMachine: null,
      hyperVGeneration: null,
      storageProfile: {
        zoneResilient: null,
        osDisk: {
          ...osDisk,
          snapshot: null,
          managedDisk: null,
          caching: null,
          diskEncryptionSet: null,
        },
        dataDisks: [null],
      },
    },
  };

  it("means absent at every level", () => {
    expect(readBody(withNulls)).toEqual({ ...readBody(plain), tags: {} });
  });

  it.each(["tags", "properties"])("means absent for %s as a whole", (key) => {
    const problems = readProblems({ ...plain, [key]: null });
    expect(problems).toEqual(key === "tags" ? [] : ["properties is missing; expected an object"]);
  });

  it("leaves the places of what stays", () => {
    const text =
      '{ "properties": { "storageProfile": { "dataDisks": [ null,\n { "lun": 99, "blobUri": "a.vhd" } ] } } }';

    expect(readPlaces(text)).toContainEqual(expect.stringMatching(/^2:4 .*lun is 99/));
  });

  it("does not hide a key that is there twice", () => {
    expect(readProblems('{ "location": null, "location": "westus", "properties": {} }')).toContain(
      "location appears twice; remove one of the two",
    );
  });
});

describe("the answer of a GET", () => {
  it("is a manifest, with one warning for all read-only members", () => {
    const reading = read(answer, { name: "web.json" });

    expect(reading).toMatchObject({
      ok: true,
      request: { imageName: "web", location: "westus", tags: { id: "kept", name: "kept" } },
      warnings: [
        "the manifest is a response from Azure: its read-only members are ignored: id, name, type, etag, systemData, properties.provisioningState",
      ],
    });
  });

  it("may have read-only members at every level", () => {
    const deep = structuredClone(answer) as Record<string, unknown> & typeof answer;
    Object.assign(deep.properties.storageProfile, { id: "x", provisioningState: "Succeeded" });
    Object.assign(deep.properties.storageProfile.osDisk, { name: "osdisk", etag: "1" });

    const reading = read(deep, { name: "web.json" });

    expect(reading).toMatchObject({ ok: true });
    expect(JSON.stringify(reading)).toContain("properties.storageProfile.osDisk.etag");
  });

  it("keeps the ids of sources, without what az adds to them", () => {
    const id =
      "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.Compute/disks/d";
    const disk = {
      osType: "Linux",
      osState: "Generalized",
      managedDisk: { id, resourceGroup: "g" },
    };
    const request = readRequest(
      { ...answer, properties: { ...answer.properties, storageProfile: { osDisk: disk } } },
      { name: "web.json" },
    );

    expect(request.osDisk?.source).toEqual({ kind: "managedDisk", id });
  });

  it("is the same image whatever the case of its name", () => {
    expect(read(answer, { name: "WEB.json" })).toMatchObject({ ok: true });
  });

  it("may not have another name than the image", () => {
    expect(readProblems(answer, { name: "rest-get.json" })).toEqual([
      `name is "web", but the image would be named "rest-get"; set 'imageName' to the intended name, and remove 'name'`,
    ]);
    expect(read({ ...answer, imageName: "web" }, { name: "rest-get.json" }).ok).toBe(true);
  });
});

it("a name alone is meant for imageName", () => {
  const problems = readProblems({ name: "web", properties: { storageProfile: { osDisk } } });

  expect(problems).toEqual([
    "name is not a known key; 'imageName' names the image: did you mean that?",
  ]);
});
