import { describe, expect, it } from "vitest";
import { CONTAINER, computeId } from "../../../factories.ts";
import { read, readBody, readPlaces, readProblems, readRequest } from "./reading.ts";
import {
  insertBefore,
  REFERENCE_ELEMENTS,
  REFERENCE_EXAMPLES,
  REFERENCE_RESPONSE,
} from "./reference-examples.ts";

const blobUri = "https://mystorageaccount.blob.core.windows.net/osimages/osimage.vhd";

/** A manifest with an OS disk of the reference's blob and the given options of that disk. */
function withOsDisk(options: object, rest: object = {}) {
  const osDisk = { osType: "Windows", osState: "Generalized", blobUri, ...options };
  return { location: "West US", properties: { storageProfile: { osDisk }, ...rest } };
}

/** The body that {@link withOsDisk} becomes. */
function bodyWithOsDisk(options: object, profile: object = {}) {
  const osDisk = { osType: "Windows", osState: "Generalized", blobUri, ...options };
  return {
    location: "West US",
    properties: { storageProfile: { osDisk, ...profile }, hyperVGeneration: "V1" },
  };
}

describe("the reference's request examples, verbatim", () => {
  it.each(REFERENCE_EXAMPLES)("become the PUT body of an image $title", ({ text, body }) => {
    expect(readBody(text)).toEqual(body);
  });

  it("name the blobs that are theirs, which here are of another account", () => {
    const readings = REFERENCE_EXAMPLES.map(({ text }) => read(text).mentioned);

    expect(readings.flat()).toEqual([]);
  });
});

describe("the reference's optional elements, pasted verbatim", () => {
  it("tags", () => {
    expect(readBody(insertBefore("location", REFERENCE_ELEMENTS.tags))).toEqual({
      ...bodyWithOsDisk({}),
      tags: { department: "Development", project: "ManagedDisks" },
    });
  });

  it("diskSizeGB", () => {
    expect(readBody(insertBefore("osType", REFERENCE_ELEMENTS.diskSize))).toEqual(
      bodyWithOsDisk({ diskSizeGB: 200 }),
    );
  });

  it("storageAccountType", () => {
    expect(readBody(insertBefore("osType", REFERENCE_ELEMENTS.storageAccountType))).toEqual(
      bodyWithOsDisk({ storageAccountType: "Premium_LRS" }),
    );
  });

  it("hostCaching", () => {
    expect(readBody(insertBefore("osType", REFERENCE_ELEMENTS.hostCaching))).toEqual(
      bodyWithOsDisk({ caching: "ReadWrite" }),
    );
  });
});

describe("optional elements, each alone", () => {
  const diskEncryptionSet = { id: computeId("diskEncryptionSets", "keys") };

  it.each([
    { given: { diskSizeGB: 200 }, sent: { diskSizeGB: 200 } },
    { given: { diskSizeInGB: 20 }, sent: { diskSizeGB: 20 } },
    {
      given: { storageAccountType: "StandardSSD_ZRS" },
      sent: { storageAccountType: "StandardSSD_ZRS" },
    },
    { given: { hostCaching: "readonly" }, sent: { caching: "ReadOnly" } },
    { given: { hostCaching: "none" }, sent: { caching: "None" } },
    { given: { caching: "ReadWrite" }, sent: { caching: "ReadWrite" } },
    { given: { diskEncryptionSet }, sent: { diskEncryptionSet } },
  ])("of a disk: $given is sent as $sent", ({ given, sent }) => {
    const dataDisk = { lun: 0, blobUri, ...given };
    const manifest = {
      location: "West US",
      properties: {
        storageProfile: {
          osDisk: { osType: "Windows", osState: "Generalized", blobUri, ...given },
          dataDisks: [dataDisk],
        },
      },
    };

    expect(readBody(manifest)).toEqual(
      bodyWithOsDisk(sent, { dataDisks: [{ lun: 0, blobUri, ...sent }] }),
    );
  });

  it("hyperVGeneration, in any case", () => {
    expect(readBody(withOsDisk({}, { hyperVGeneration: "v2" }))).toEqual({
      location: "West US",
      properties: {
        storageProfile: bodyWithOsDisk({}).properties.storageProfile,
        hyperVGeneration: "V2",
      },
    });
  });

  it.each([true, false])("zoneResilient %s", (zoneResilient) => {
    const { properties } = withOsDisk({});
    const storageProfile = { ...properties.storageProfile, zoneResilient };

    expect(readBody({ location: "West US", properties: { storageProfile } })).toEqual(
      bodyWithOsDisk({}, { zoneResilient }),
    );
  });

  it("extendedLocation", () => {
    const manifest = {
      ...withOsDisk({}),
      extendedLocation: { name: "losangeles", type: "edgezone" },
    };

    expect(readBody(manifest)).toEqual({
      ...bodyWithOsDisk({}),
      extendedLocation: { name: "losangeles", type: "EdgeZone" },
    });
  });

  it("tags, an empty value and no tag among them", () => {
    expect(readBody({ ...withOsDisk({}), tags: { a: "" } })).toHaveProperty("tags", { a: "" });
    expect(readBody({ ...withOsDisk({}), tags: {} })).toHaveProperty("tags", {});
  });
});

describe("all optional elements together, disks of every source", () => {
  const set = { id: computeId("diskEncryptionSets", "keys") };

  it("become one whole body", () => {
    const manifest = {
      $schema: "https://example.org/api/schema/manifest",
      imageName: "golden",
      resourceGroup: "other-rg",
      subscriptionId: "99999999-8888-7777-6666-555555555555",
      location: "northeurope",
      tags: { department: "Development", project: "ManagedDisks" },
      extendedLocation: { name: "losangeles", type: "EdgeZone" },
      properties: {
        hyperVGeneration: "V2",
        storageProfile: {
          zoneResilient: true,
          osDisk: {
            osType: "linux",
            osState: "SPECIALIZED",
            blobUri: "disks/os.vhd",
            hostCaching: "readwrite",
            diskSizeInGB: 30,
            storageAccountType: "premium_lrs",
            diskEncryptionSet: set,
          },
          dataDisks: [
            { lun: "0", blobUri: "data 1.vhd", caching: "None", diskSizeGB: 1 },
            {
              lun: 63,
              snapshot: { id: computeId("snapshots", "one") },
              caching: "ReadOnly",
              diskSizeGB: 32_767,
              storageAccountType: "StandardSSD_LRS",
              diskEncryptionSet: set,
            },
            { lun: "07", managedDisk: { id: computeId("disks", "two") } },
          ],
        },
      },
    };
    const account = "https://uploadsaccount.blob.core.windows.net/uploads";

    const request = readRequest(manifest);

    expect(request).toMatchObject({
      imageName: "golden",
      resourceGroup: "other-rg",
      subscriptionId: "99999999-8888-7777-6666-555555555555",
    });
    expect(readBody(manifest)).toEqual({
      location: "northeurope",
      tags: { department: "Development", project: "ManagedDisks" },
      extendedLocation: { name: "losangeles", type: "EdgeZone" },
      properties: {
        hyperVGeneration: "V2",
        storageProfile: {
          zoneResilient: true,
          osDisk: {
            osType: "Linux",
            osState: "Specialized",
            blobUri: `${account}/disks/os.vhd`,
            caching: "ReadWrite",
            diskSizeGB: 30,
            storageAccountType: "Premium_LRS",
            diskEncryptionSet: set,
          },
          dataDisks: [
            { lun: 0, blobUri: `${account}/data%201.vhd`, caching: "None", diskSizeGB: 1 },
            {
              lun: 63,
              snapshot: { id: computeId("snapshots", "one") },
              caching: "ReadOnly",
              diskSizeGB: 32_767,
              storageAccountType: "StandardSSD_LRS",
              diskEncryptionSet: set,
            },
            { lun: 7, managedDisk: { id: computeId("disks", "two") } },
          ],
        },
      },
    });
  });
});

describe("the reference's response example", () => {
  it("is refused with the place of the missing comma and every other mistake at once", () => {
    const vm = "cannot be combined with 'properties.sourceVirtualMachine'; remove one of the two";
    const sources =
      "has 3 sources (blobUri, snapshot, managedDisk); expected exactly one of blobUri, snapshot, managedDisk";

    expect(readPlaces(REFERENCE_RESPONSE)).toEqual([
      `11:7 properties.storageProfile.osDisk ${vm}`,
      `11:7 properties.storageProfile.osDisk ${sources}`,
      "23:9 (root) a comma is missing before this",
      `25:7 properties.storageProfile.dataDisks ${vm}`,
      `26:9 properties.storageProfile.dataDisks[0] ${sources}`,
    ]);
  });
});

describe("syntax", () => {
  const valid = JSON.stringify(withOsDisk({}));

  it("takes comments and trailing commas", () => {
    const text = `// made by hand\n${valid.replace('"properties"', '/* the body */ "properties"').replace(/\}$/, ",}")} /* end */`;

    expect(readBody(text)).toEqual(bodyWithOsDisk({}));
  });

  it("counts lines by LF, CRLF and CR alike", () => {
    const mistake = (newline: string) => `{${newline}"location": 5,${newline}"tags": }`;

    for (const newline of ["\n", "\r\n", "\r"]) {
      expect(readPlaces(mistake(newline))).toEqual(["3:9 (root) a value is missing here"]);
    }
  });

  it("names the place of a wrong value below CRLF lines", () => {
    const text = '{\r\n  "location": "West US",\r\n  "properties": 7\r\n}';

    expect(readPlaces(text)).toEqual(["3:3 properties is 7; expected an object"]);
  });

  it("does not guess at the rest after any other error than a missing comma", () => {
    expect(readPlaces('{ "location": 5, "tags": "?"')).toEqual([
      "1:29 (root) a closing brace } is missing",
    ]);
  });

  it("takes no-break spaces between values, and leaves those within texts", () => {
    const text = valid.replaceAll(":", "\u00a0:\u00a0").replace("{", '{ // \u00a0"\n');
    const tags = '"tags": { "a\u00a0\\"\u00a0b": "\u00a0" }, "properties"';

    const restored = text.replace("https\u00a0:\u00a0", "https:");
    expect(readBody(restored.replace('"properties"', tags))).toEqual({
      ...bodyWithOsDisk({}),
      tags: { 'a\u00a0"\u00a0b': "\u00a0" },
    });
  });

  it("refuses an empty text", () => {
    expect(readPlaces("")).toEqual([
      "1:1 (root) the manifest is empty; upload the request body of one image as JSON",
    ]);
  });

  it.each([
    ["null", "the manifest is empty"],
    ["[]", "this is a list"],
    ["7", "is 7; expected an object"],
  ])("refuses %s, which is not an object", (text, problem) => {
    expect(readProblems(text)[0]).toContain(problem);
  });

  it("refuses a manifest whose only mistake is a missing comma", () => {
    expect(readPlaces(valid.replace(",", " "))).toEqual([
      "1:23 (root) a comma is missing before this",
    ]);
  });
});

describe("mistakes of several kinds", () => {
  it("are reported together in the order of the text", () => {
    const text = `{
  "imageName": "-web",
  "tgas": {},
  "tags": { "a?": "1" },
  "properties": {
    "storageProfile": {
      "dataDisks": [
        { "lun": 64, "blobUri": "data.vhd" },
        { "lun": 1 },
        { "lun": "01", "blobUri": "https://example.org/data.vhd?sig=SECRET" }
      ]
    }
  }
}`;

    expect(readPlaces(text, { defaults: { location: null } })).toEqual([
      "1:1 location is missing; add it to the manifest or set IMAGE_LOCATION",
      "2:3 imageName is \"-web\"; expected 1–80 letters, digits, '_', '.', '-'; a letter or digit first; a letter, digit or '_' last",
      "3:3 tgas is not a known key; did you mean 'tags'?",
      "4:13 tags.a? is not allowed: a tag name may not contain < > % & \\ ? /",
      "5:3 properties has no source; expected 'sourceVirtualMachine' or 'storageProfile.osDisk'",
      "8:11 properties.storageProfile.dataDisks[0].lun is 64; expected a whole number from 0 to 63",
      "9:9 properties.storageProfile.dataDisks[1] has no source; expected exactly one of blobUri, snapshot, managedDisk",
      "10:11 properties.storageProfile.dataDisks[2].lun is 1, which 'properties.storageProfile.dataDisks[1].lun' already has",
      '10:24 properties.storageProfile.dataDisks[2].blobUri is "https://example.org/data.vhd?…": the URI must not have a query or fragment; remove the SAS; the app reads with its own identity',
    ]);
  });
});

describe("the blobs that a manifest mentions", () => {
  it("are those of the own account, whichever way they are named", () => {
    const manifest = {
      properties: {
        storageProfile: {
          osDisk: { blobUri: "os.vhd" },
          dataDisks: [
            { blobUri: "https://uploadsaccount.blob.core.windows.net/other/data.vhd" },
            { blobUri },
            { snapshot: {} },
            7,
            { blobUri: 7 },
          ],
        },
      },
    };

    expect(read(manifest)).toMatchObject({
      ok: false,
      mentioned: expect.arrayContaining([
        { container: CONTAINER, name: "os.vhd" },
        { container: "other", name: "data.vhd" },
      ]),
    });
  });

  it("are also reported for a manifest that breaks off", () => {
    const text = '{ "properties": { "storageProfile": { "osDisk": { "blobUri": "os.vhd", ';

    expect(read(text).mentioned).toEqual([{ container: CONTAINER, name: "os.vhd" }]);
  });
});
