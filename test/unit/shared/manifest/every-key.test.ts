import { describe, expect, it } from "vitest";
import { manifestJsonSchema } from "../../../../shared/manifest/schema.ts";
import { computeId } from "../../../factories.ts";
import { read, readBody, readRequest } from "./reading.ts";

/** Part of a JSON Schema, as far as it is walked here. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

/** Paths of everything that a manifest can say: `properties.storageProfile.dataDisks[].lun`. */
function listLeaves({ properties, items }: SchemaNode, path = ""): string[] {
  if (items !== undefined) return listLeaves(items, `${path}[]`);
  if (properties === undefined) return [path];
  return Object.entries(properties).flatMap(([key, node]) =>
    listLeaves(node, path === "" ? key : `${path}.${key}`),
  );
}

/** Makes a disk come from what is set, in place of a blob. */
const NO_BLOB = { blobUri: undefined };
const DISK_SAMPLES = {
  blobUri: { blobUri: "other.vhd" },
  "snapshot.id": { ...NO_BLOB, snapshot: { id: computeId("snapshots", "s") } },
  "managedDisk.id": { ...NO_BLOB, managedDisk: { id: computeId("disks", "d") } },
  caching: { caching: "ReadOnly" },
  hostCaching: { hostCaching: "ReadOnly" },
  diskSizeGB: { diskSizeGB: 77 },
  diskSizeInGB: { diskSizeInGB: 77 },
  storageAccountType: { storageAccountType: "Premium_LRS" },
  "diskEncryptionSet.id": { diskEncryptionSet: { id: computeId("diskEncryptionSets", "e") } },
};

const OS_DISK = { osType: "Linux", osState: "Generalized", blobUri: "web.vhd" };
const DATA_DISK = { lun: 1, blobUri: "data.vhd" };

/** A manifest that says little, with more in its OS disk, its data disk, or its properties. */
function manifestWith({ os = {}, data = {}, profile = {}, properties = {}, top = {} }) {
  const storageProfile = {
    osDisk: { ...OS_DISK, ...os },
    dataDisks: [{ ...DATA_DISK, ...data }],
    ...profile,
  };
  return { ...top, properties: { storageProfile, ...properties } };
}

const EDGE_ZONE = { name: "losangeles", type: "EdgeZone" };

/** For each key a manifest that says it, otherwise than the plain one does. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  imageName: manifestWith({ top: { imageName: "other" } }),
  resourceGroup: manifestWith({ top: { resourceGroup: "other-rg" } }),
  subscriptionId: manifestWith({
    top: { subscriptionId: "99999999-2222-3333-4444-555555555555" },
  }),
  location: manifestWith({ top: { location: "japaneast" } }),
  tags: manifestWith({ top: { tags: { team: "images" } } }),
  "extendedLocation.name": manifestWith({ top: { extendedLocation: EDGE_ZONE } }),
  "extendedLocation.type": manifestWith({ top: { extendedLocation: EDGE_ZONE } }),
  inspect: manifestWith({ top: { inspect: "off" } }),
  "properties.hyperVGeneration": manifestWith({ properties: { hyperVGeneration: "V2" } }),
  "properties.sourceVirtualMachine.id": {
    properties: { sourceVirtualMachine: { id: computeId("virtualMachines", "vm") } },
  },
  "properties.storageProfile.zoneResilient": manifestWith({ profile: { zoneResilient: true } }),
  "properties.storageProfile.osDisk.osType": manifestWith({ os: { osType: "Windows" } }),
  "properties.storageProfile.osDisk.osState": manifestWith({ os: { osState: "Specialized" } }),
  "properties.storageProfile.dataDisks[].lun": manifestWith({ data: { lun: 9 } }),
  ...Object.fromEntries(
    Object.entries(DISK_SAMPLES).flatMap(([key, disk]) => [
      [`properties.storageProfile.osDisk.${key}`, manifestWith({ os: disk })],
      [`properties.storageProfile.dataDisks[].${key}`, manifestWith({ data: disk })],
    ]),
  ),
};

/** Keys that are for others than the app. */
const NOT_FOR_THE_APP = ["$schema"];

/** Everything that the app takes from a manifest: the body of the PUT, its address, how it inspects. */
function observe(manifest: unknown) {
  const { imageName, resourceGroup, subscriptionId } = readRequest(manifest);
  const reading = read(manifest);
  const inspect = reading.ok ? reading.inspect : null;
  return {
    body: readBody(manifest),
    address: { imageName, resourceGroup, subscriptionId },
    inspect,
  };
}

describe("every key of a manifest", () => {
  const leaves = listLeaves(manifestJsonSchema() as SchemaNode);

  it("has a sample here, or is for somebody else", () => {
    expect([...Object.keys(SAMPLES), ...NOT_FOR_THE_APP].sort()).toEqual(leaves.sort());
  });

  it.each(Object.entries(SAMPLES))("is read, so that what it says arrives: %s", (key, manifest) => {
    expect(observe(manifest)).not.toEqual(observe(manifestWith({})));
    const values = collectValues(manifest);
    const isNew = (value: unknown) =>
      value !== undefined && !collectValues(manifestWith({})).has(value);
    const arrived = collectValues(observe(manifest));
    // A relative blob name arrives as the URI that it stands for.
    const isThere = (value: unknown) =>
      arrived.has(value) || [...arrived].some((each) => String(each).endsWith(`/${value}`));
    expect(
      [...values].filter((value) => isNew(value) && !isThere(value)),
      key,
    ).toEqual([]);
  });
});

/** All values in a document, however deep. */
function collectValues(document: unknown): Set<unknown> {
  if (typeof document !== "object" || document === null) return new Set([document]);
  return new Set(Object.values(document).flatMap((value) => [...collectValues(value)]));
}
