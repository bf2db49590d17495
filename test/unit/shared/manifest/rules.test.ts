import { describe, expect, it } from "vitest";
import { formatPath } from "../../../../shared/manifest/problem.ts";
import { MANIFEST_RULES } from "../../../../shared/manifest/rules.ts";

/** What a rule finds in a manifest, as `path message`. */
function check(id: string, manifest: unknown): string[] {
  const rule = MANIFEST_RULES.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new Error(`there is no rule '${id}'`);
  return rule.check(manifest).map(({ path, message }) => `${formatPath(path)} ${message}`);
}

function withProfile(storageProfile: unknown, rest: object = {}) {
  return { properties: { storageProfile, ...rest } };
}

const sourceVirtualMachine = { id: "…" };

describe("every rule", () => {
  it.each(MANIFEST_RULES)("$id says why, and finds nothing in what is not a manifest", (rule) => {
    const strange = [null, 7, [], {}, { properties: [] }, { tags: [] }];

    expect(rule.why).toMatch(/ .+\.$/);
    expect(strange.flatMap((manifest) => rule.check(manifest))).toEqual([]);
  });

  it("has an id of its own", () => {
    expect(new Set(MANIFEST_RULES.map(({ id }) => id)).size).toBe(MANIFEST_RULES.length);
  });
});

describe("one-source", () => {
  it("takes an OS disk or a virtual machine", () => {
    expect(check("one-source", withProfile({ osDisk: {} }))).toEqual([]);
    expect(check("one-source", { properties: { sourceVirtualMachine } })).toEqual([]);
  });

  it("refuses data disks alone", () => {
    expect(check("one-source", withProfile({ dataDisks: [{}] }))).toEqual([
      "properties has no source; expected 'sourceVirtualMachine' or 'storageProfile.osDisk'",
    ]);
  });
});

describe("vm-excludes-disks", () => {
  it("refuses OS disk and data disks beside a virtual machine", () => {
    const message =
      "cannot be combined with 'properties.sourceVirtualMachine'; remove one of the two";
    const manifest = withProfile({ osDisk: {}, dataDisks: [{}] }, { sourceVirtualMachine });

    expect(check("vm-excludes-disks", manifest)).toEqual([
      `properties.storageProfile.osDisk ${message}`,
      `properties.storageProfile.dataDisks ${message}`,
    ]);
  });

  it("takes an empty list of data disks", () => {
    const manifest = withProfile({ dataDisks: [] }, { sourceVirtualMachine });

    expect(check("vm-excludes-disks", manifest)).toEqual([]);
  });
});

describe("one-source-per-disk", () => {
  const expected = "expected exactly one of blobUri, snapshot, managedDisk";

  it("takes one of each kind", () => {
    const manifest = withProfile({
      osDisk: { blobUri: "a.vhd" },
      dataDisks: [{ snapshot: {} }, { managedDisk: {} }],
    });

    expect(check("one-source-per-disk", manifest)).toEqual([]);
  });

  it("leaves a list of data disks that is none to the shape", () => {
    expect(check("one-source-per-disk", withProfile({ dataDisks: 7 }))).toEqual([]);
  });

  it("refuses none and several, and leaves what is not a disk to the shape", () => {
    const manifest = withProfile({
      osDisk: {},
      dataDisks: [{ blobUri: "a.vhd", snapshot: {} }, 7, [], null],
    });

    expect(check("one-source-per-disk", manifest)).toEqual([
      `properties.storageProfile.osDisk has no source; ${expected}`,
      `properties.storageProfile.dataDisks[0] has 2 sources (blobUri, snapshot); ${expected}`,
    ]);
  });
});

describe("one-spelling", () => {
  it("refuses a thing said under both of its names", () => {
    const manifest = withProfile({
      osDisk: { caching: "None", hostCaching: "None" },
      dataDisks: [
        { diskSizeGB: 1, diskSizeInGB: 2 },
        { caching: "None", diskSizeInGB: 2 },
      ],
    });

    expect(check("one-spelling", manifest)).toEqual([
      "properties.storageProfile.osDisk.hostCaching means the same as 'caching'; remove one of the two",
      "properties.storageProfile.dataDisks[0].diskSizeInGB means the same as 'diskSizeGB'; remove one of the two",
    ]);
  });
});

describe("unique-luns", () => {
  const withLuns = (...luns: unknown[]) =>
    withProfile({ osDisk: {}, dataDisks: luns.map((lun) => ({ lun })) });
  const repeats = (index: number, lun: number, first: number) =>
    `properties.storageProfile.dataDisks[${index}].lun is ${lun}, which 'properties.storageProfile.dataDisks[${first}].lun' already has`;

  it("takes different ones", () => {
    expect(check("unique-luns", withLuns(0, "1", 2, "10"))).toEqual([]);
  });

  it("refuses the same twice, as number or as text", () => {
    expect(check("unique-luns", withLuns(1, "01", 2, 1))).toEqual([
      repeats(1, 1, 0),
      repeats(3, 1, 0),
    ]);
  });

  it("leaves what is not a number to the shape", () => {
    const luns = [0, null, "", [], false, "x", "x", {}, {}, undefined, undefined];

    expect(check("unique-luns", withLuns(...luns))).toEqual([]);
  });
});

describe("tags", () => {
  const tagsOf = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, ""]));

  it("takes 50 of them, not 51", () => {
    expect(check("tags", { tags: tagsOf(50) })).toEqual([]);
    expect(check("tags", { tags: tagsOf(51) })).toEqual([
      "tags has 51 tags; at most 50 are allowed",
    ]);
  });

  it("refuses names that differ in case alone, each of them", () => {
    expect(check("tags", { tags: { Team: "a", other: "b", team: "c" } })).toEqual([
      "tags.Team is the same tag as 'team': tag names are case-insensitive",
      "tags.team is the same tag as 'Team': tag names are case-insensitive",
    ]);
  });

  it("says what is wrong with each one", () => {
    expect(check("tags", { tags: { "a<b": "x", number: 7 } })).toEqual([
      "tags.a<b is not allowed: a tag name may not contain < > % & \\ ? /",
      "tags.number is not allowed: a tag value must be a string",
    ]);
  });
});
