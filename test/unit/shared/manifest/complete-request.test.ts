import { describe, expect, it } from "vitest";
import { computeId, RESOURCE_GROUP, SUBSCRIPTION_ID } from "../../../factories.ts";
import { readBody, readProblems, readRequest } from "./reading.ts";

const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "web.vhd" };
const vm = { sourceVirtualMachine: { id: computeId("virtualMachines", "vm") } };

function fromDisk(disk: object) {
  return { properties: { storageProfile: { osDisk: disk } } };
}

describe("the image's name", () => {
  it.each([
    { name: "web.json", imageName: "web" },
    { name: "folder.d/web.v1.json", imageName: "web.v1" },
    { name: "WEB.JSON", imageName: "WEB" },
  ])("is $imageName for the manifest $name", ({ name, imageName }) => {
    expect(readRequest(fromDisk(osDisk), { name }).imageName).toBe(imageName);
  });

  it("must be given when the manifest's own name is none", () => {
    expect(readProblems(fromDisk(osDisk), { name: "my web.json" })).toEqual([
      "imageName is missing, and the manifest's own name \"my web\" is not a valid image name (1–80 letters, digits, '_', '.', '-'; a letter or digit first; a letter, digit or '_' last); 'my-web' would be valid",
    ]);
    const named = { imageName: "web", ...fromDisk(osDisk) };
    expect(readRequest(named, { name: "my web.json" }).imageName).toBe("web");
  });
});

describe("what a manifest does not say", () => {
  it("comes from the settings", () => {
    const defaults = { osType: "Windows", osState: "Specialized", hyperVGeneration: "V2" } as const;

    expect(readRequest(fromDisk({ blobUri: "web.vhd" }), { defaults })).toMatchObject({
      resourceGroup: RESOURCE_GROUP,
      subscriptionId: SUBSCRIPTION_ID,
      location: "westeurope",
      osDisk: { osState: "Specialized" },
    });
  });

  it("of system and generation stays open: the disk may tell, and the settings come after it", () => {
    const defaults = { osType: "Windows", osState: "Specialized", hyperVGeneration: "V2" } as const;
    const manifest = fromDisk({ blobUri: "web.vhd" });

    expect(readRequest(manifest, { defaults })).not.toHaveProperty("hyperVGeneration");
    expect(readRequest(manifest, { defaults }).osDisk).not.toHaveProperty("osType");
    expect(readBody(manifest, { defaults })).toMatchObject({
      properties: {
        hyperVGeneration: "V2",
        storageProfile: { osDisk: { osType: "Windows", osState: "Specialized" } },
      },
    });
  });

  it.each([
    ["a blob of another account", { blobUri: "https://other.blob.core.windows.net/x/web.vhd" }, {}],
    ["a disk that is not to be inspected", { blobUri: "web.vhd" }, { inspect: "Off" }],
  ])("includes the system of %s", (_, disk, envelope) => {
    const manifest = { ...envelope, ...fromDisk({ ...disk, osState: "Generalized" }) };

    expect(readProblems(manifest)).toEqual([
      "properties.storageProfile.osDisk.osType is missing; add it to the manifest or set DEFAULT_OS_TYPE",
    ]);
    expect(readProblems(manifest, { defaults: { osType: "Linux" } })).toEqual([]);
  });

  it("is an error that names key and setting when the settings do not say it either", () => {
    const defaults = { subscriptionId: null, resourceGroup: null, location: null };
    const missing = "is missing; add it to the manifest or set";

    expect(readProblems(fromDisk({ blobUri: "web.vhd" }), { defaults })).toEqual([
      `resourceGroup ${missing} IMAGE_RESOURCE_GROUP`,
      `subscriptionId ${missing} AZURE_SUBSCRIPTION_ID`,
      `location ${missing} IMAGE_LOCATION`,
      `properties.storageProfile.osDisk.osState ${missing} DEFAULT_OS_STATE`,
    ]);
  });

  it("is reported only once when the value is there but wrong", () => {
    const manifest = { location: "", ...fromDisk({ ...osDisk, osType: "BSD" }) };

    expect(readProblems(manifest, { defaults: { location: null } })).toEqual([
      "location is \"\"; expected a region such as 'westeurope' or 'West Europe'",
      'properties.storageProfile.osDisk.osType is "BSD"; expected one of Windows, Linux',
    ]);
  });

  it("does not include the operating system of a virtual machine's image", () => {
    expect(readRequest({ properties: vm })).not.toHaveProperty("osDisk");
  });

  it("does not include the generation of a virtual machine's image, but a manifest may say it", () => {
    const { id } = vm.sourceVirtualMachine;
    const location = "westeurope";

    expect(readBody({ properties: vm })).toEqual({
      location,
      properties: { sourceVirtualMachine: { id } },
    });
    expect(readBody({ properties: { ...vm, hyperVGeneration: "V2" } })).toEqual({
      location,
      properties: { sourceVirtualMachine: { id }, hyperVGeneration: "V2" },
    });
  });
});

describe("the storage profile of a virtual machine's image", () => {
  it("may say zoneResilient, and have an empty list of data disks", () => {
    const manifest = {
      properties: { ...vm, storageProfile: { zoneResilient: true, dataDisks: [] } },
    };

    expect(readBody(manifest)).toEqual({
      location: "westeurope",
      properties: { ...vm, storageProfile: { zoneResilient: true } },
    });
  });
});

describe("resource ids", () => {
  it("get a leading slash, and the manifest's own subscription and group for placeholders", () => {
    const manifest = {
      resourceGroup: "mine",
      subscriptionId: "99999999-8888-7777-6666-555555555555",
      ...fromDisk({
        osType: "Linux",
        osState: "Generalized",
        snapshot: {
          id: "subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute/snapshots/s",
        },
        diskEncryptionSet: {
          id: "/subscriptions/{subscriptionId}/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets/d",
        },
      }),
    };

    expect(readRequest(manifest).osDisk).toMatchObject({
      source: {
        kind: "snapshot",
        id: "/subscriptions/99999999-8888-7777-6666-555555555555/resourceGroups/mine/providers/Microsoft.Compute/snapshots/s",
      },
      diskEncryptionSet:
        "/subscriptions/99999999-8888-7777-6666-555555555555/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets/d",
    });
  });

  it("keep a placeholder of any other name out", () => {
    const id = computeId("disks", "x")
      .replace(SUBSCRIPTION_ID, "{sub}")
      .replace("disks", "snapshots");

    expect(readProblems(fromDisk({ ...osDisk, blobUri: undefined, managedDisk: { id } }))).toEqual([
      `properties.storageProfile.osDisk.managedDisk.id is ${JSON.stringify(id).slice(0, 77)}…"; expected a resource id like /subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute/disks/{name}`,
    ]);
  });
});

describe("blobUri", () => {
  const own = "https://uploadsaccount.blob.core.windows.net/uploads/web.vhd";

  it.each([
    { blobUri: "web.vhd", sent: own },
    { blobUri: own, sent: own },
    {
      blobUri: "folder/ü #1.vhd",
      sent: "https://uploadsaccount.blob.core.windows.net/uploads/folder/%C3%BC%20%231.vhd",
    },
  ])("$blobUri is a blob of the own account", ({ blobUri, sent }) => {
    expect(readRequest(fromDisk({ ...osDisk, blobUri })).osDisk?.source).toMatchObject({
      kind: "blob",
      uri: sent,
    });
  });

  it("of another account is handed on as it is", () => {
    const blobUri = "https://other.blob.core.windows.net/vhds/web.vhd";

    expect(readRequest(fromDisk({ ...osDisk, blobUri })).osDisk?.source).toEqual({
      kind: "externalBlob",
      uri: blobUri,
    });
  });

  it.each([
    "https://uploadsaccount.blob.core.windows.net/uploads/web.vhd?sv=2024&sig=SECRET",
    "https://other.blob.core.windows.net/uploads/web.vhd?sig=SECRET",
    "https://other.blob.core.windows.net/uploads/web.vhd#sig=SECRET",
    "https://user:SECRET@other.blob.core.windows.net/uploads/web.vhd",
    "web.vhd?sig=SECRET",
    "web.VHD?sv=1&\nsig=SECRET",
  ])("%j is refused, and its secret is not repeated", (blobUri) => {
    const problems = readProblems(fromDisk({ ...osDisk, blobUri }));

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("properties.storageProfile.osDisk.blobUri is ");
    expect(problems[0]).not.toContain("SECRET");
  });

  it("that is not a usable name or URI is refused with the reason", () => {
    expect(readProblems(fromDisk({ ...osDisk, blobUri: "web.bin" }))).toEqual([
      expect.stringContaining(
        'properties.storageProfile.osDisk.blobUri is "web.bin": the blob\'s name must end with .vhd, or with',
      ),
    ]);
  });

  it("that is blank is a mistake of its shape alone", () => {
    expect(readProblems(fromDisk({ ...osDisk, blobUri: "  " }))).toEqual([
      'properties.storageProfile.osDisk.blobUri is "  "; expected a string',
    ]);
  });

  it("with half of a surrogate pair is refused, not tripped over", () => {
    expect(readProblems(fromDisk({ ...osDisk, blobUri: "\ud800.vhd" }))).toEqual([
      "properties.storageProfile.osDisk.blobUri contains half a surrogate pair",
      'properties.storageProfile.osDisk.blobUri is "\\ud800.vhd": the blob\'s name contains half a surrogate pair',
    ]);
  });
});
