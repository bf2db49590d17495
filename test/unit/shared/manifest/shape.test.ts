import { describe, expect, it } from "vitest";
import { formatPath } from "../../../../shared/manifest/problem.ts";
import { checkShape } from "../../../../shared/manifest/shape.ts";
import { computeId } from "../../../factories.ts";

/** What is wrong with the shape of a manifest, as `path message`. */
function findings(manifest: unknown): string[] {
  return checkShape(manifest).findings.map(({ path, message }) => `${formatPath(path)} ${message}`);
}

/** What is wrong with the OS disk of a manifest that is right otherwise. */
function diskFindings(osDisk: unknown): string[] {
  return findings({ properties: { storageProfile: { osDisk } } }).map((finding) =>
    finding.replace("properties.storageProfile.osDisk", "disk"),
  );
}

/** A data disk with a lun as the shape reads it; undefined when it refuses. */
function readLun(lun: unknown): unknown {
  const { manifest } = checkShape({ properties: { storageProfile: { dataDisks: [{ lun }] } } });
  return manifest?.properties?.storageProfile?.dataDisks?.[0]?.lun;
}

describe("unknown keys", () => {
  it("get the nearest known key of the same place", () => {
    const manifest = {
      Location: "West US",
      tag: {},
      properties: {
        hypervgeneration: "V1",
        storageProfil: {},
        storageProfile: { osDisc: {}, dataDisks: [{ lun: 1, blobURL: "a.vhd", diskSizeGb: 1 }] },
      },
    };

    expect(findings(manifest)).toEqual([
      "properties.storageProfile.dataDisks[0].blobURL is not a known key; did you mean 'blobUri'?",
      "properties.storageProfile.dataDisks[0].diskSizeGb is not a known key; did you mean 'diskSizeGB'?",
      "properties.storageProfile.osDisc is not a known key; did you mean 'osDisk'?",
      "properties.hypervgeneration is not a known key; did you mean 'hyperVGeneration'?",
      "properties.storageProfil is not a known key; did you mean 'storageProfile'?",
      "Location is not a known key; did you mean 'location'?",
      "tag is not a known key; did you mean 'tags'?",
    ]);
  });

  it("get the place where they belong", () => {
    expect(findings({ osDisk: {}, properties: { tags: {}, zoneResilient: true } })).toEqual([
      "properties.tags is not a known key here; it belongs to '(root)'",
      "properties.zoneResilient is not a known key here; it belongs to 'properties.storageProfile'",
      "osDisk is not a known key here; it belongs to 'properties.storageProfile'",
    ]);
  });

  it("get all the known ones when nothing is near", () => {
    expect(findings({ properties: { zzzzzz: 1, ab: 2 } })).toEqual([
      "properties.zzzzzz is not a known key; known here: hyperVGeneration, sourceVirtualMachine, storageProfile",
      "properties.ab is not a known key; known here: hyperVGeneration, sourceVirtualMachine, storageProfile",
    ]);
  });

  it.each(["provisioningState", "id", "type", "systemData"])(
    "of an answer of the service are recognized: %s",
    (key) => {
      expect(findings({ [key]: "x", properties: {} })).toEqual([
        `${key} is set by Azure and cannot be requested; remove it`,
      ]);
    },
  );

  it("are found below a resource reference too", () => {
    const snapshot = { id: computeId("snapshots", "s"), Id: "x" };

    expect(diskFindings({ snapshot })).toEqual([
      "disk.snapshot.Id is not a known key; did you mean 'id'?",
    ]);
  });
});

describe("values", () => {
  it("of the wrong type are reported with what was found", () => {
    const manifest = { location: null, tags: "x", extendedLocation: {}, properties: [] };

    expect(findings(manifest)).toEqual([
      "location is null; expected a region such as 'westeurope' or 'West Europe'",
      'tags is "x"; expected an object',
      "extendedLocation.name is missing; expected the name of an edge zone such as 'microsoftlosangeles1', 1–90 letters, digits and '-'",
      "extendedLocation.type is missing; expected one of EdgeZone",
      "properties is an array; expected an object",
    ]);
  });

  it("that are missing are reported", () => {
    expect(findings({ extendedLocation: { name: "losangeles" } })).toEqual([
      "extendedLocation.type is missing; expected one of EdgeZone",
    ]);
    expect(findings({ properties: { storageProfile: { dataDisks: [{}] } } })).toEqual([
      "properties.storageProfile.dataDisks[0].lun is missing; expected a whole number from 0 to 63",
    ]);
    expect(findings({ properties: { storageProfile: { dataDisks: {} } } })).toEqual([
      "properties.storageProfile.dataDisks is an object; expected an array",
    ]);
  });

  it("are reported for a disk", () => {
    const disk = {
      osType: "BSD",
      osState: true,
      blobUri: 7,
      caching: "Write",
      storageAccountType: "Standard",
      zoneResilient: "yes",
    };

    expect(diskFindings(disk)).toEqual([
      'disk.osType is "BSD"; expected one of Windows, Linux',
      "disk.osState is true; expected one of Generalized, Specialized",
      "disk.blobUri is 7; expected a string",
      'disk.caching is "Write"; expected one of None, ReadOnly, ReadWrite',
      'disk.storageAccountType is "Standard"; expected one of Standard_LRS, Premium_LRS, StandardSSD_LRS, UltraSSD_LRS, Premium_ZRS, StandardSSD_ZRS, PremiumV2_LRS',
      "disk.zoneResilient is not a known key here; it belongs to 'properties.storageProfile'",
    ]);
  });

  it("zoneResilient is a boolean, no text", () => {
    expect(findings({ properties: { storageProfile: { zoneResilient: "true" } } })).toEqual([
      'properties.storageProfile.zoneResilient is "true"; expected true or false',
    ]);
  });
});

describe("lun", () => {
  it.each([
    [0, 0],
    [63, 63],
    ["0", 0],
    ["1", 1],
    ["07", 7],
    ["63", 63],
  ])("%j is read as %i", (lun, number) => {
    expect(readLun(lun)).toBe(number);
  });

  it.each([64, -1, 1.5, "64", "-1", "1.5", "", " 1", "001", "one", null, true])(
    "%j is refused",
    (lun) => {
      expect(readLun(lun)).toBeUndefined();
    },
  );
});

describe("diskSizeGB", () => {
  it.each([1, 1023, 32_767])("%i is taken", (diskSizeGB) => {
    expect(diskFindings({ diskSizeGB })).toEqual([]);
  });

  it.each([0, 32_768, 1.5, "200", null])("%j is refused", (diskSizeGB) => {
    expect(diskFindings({ diskSizeGB })).toEqual([
      `disk.diskSizeGB is ${JSON.stringify(diskSizeGB)}; expected a whole number from 1 to 32767`,
    ]);
  });
});

describe("resource ids", () => {
  it.each([
    computeId("snapshots", "s"),
    computeId("snapshots", "s").toUpperCase(),
    computeId("snapshots", "s").slice(1),
    "subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute/snapshots/s",
  ])("%s is one of a snapshot", (id) => {
    expect(diskFindings({ snapshot: { id } })).toEqual([]);
  });

  it.each([
    computeId("disks", "s"),
    computeId("snapshots", "s").replace("Compute", "Storage"),
    `${computeId("snapshots", "s")}/more`,
    computeId("snapshots", "..%2f"),
    computeId("snapshots", ""),
    "mySnapshot1",
    7,
  ])("%s is none of a snapshot", (id) => {
    const [finding] = diskFindings({ snapshot: { id } });

    expect(finding).toMatch(/^disk\.snapshot\.id is .*; expected a resource id like /);
  });
});
