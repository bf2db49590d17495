import { describe, expect, it } from "vitest";
import {
  readNames,
  readNextLink,
  toAccount,
  toDefinitionFacts,
  toFoundVersion,
  toImageFacts,
} from "../../../../../shared/azure/arm/gallery-answers.ts";

const answer = (body: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(body) });
const LONG = "x".repeat(5_000);

describe("toDefinitionFacts", () => {
  it("takes the definition's words as they are", () => {
    const properties = {
      provisioningState: "Succeeded",
      osType: "Linux",
      osState: "Generalized",
      hyperVGeneration: "V2",
      architecture: "Arm64",
      features: [
        { name: "securitytype", value: "TrustedLaunch" },
        { name: "IsHibernateSupported" },
      ],
    };
    expect(toDefinitionFacts("id", answer({ properties }))).toEqual({
      id: "id",
      state: "succeeded",
      osType: "Linux",
      osState: "Generalized",
      hyperVGeneration: "V2",
      architecture: "Arm64",
      securityType: "TrustedLaunch",
    });
  });

  it.each([{}, { properties: null }, { properties: { features: "none", osType: 1, osState: "" } }])(
    "leaves open what it does not say: %j",
    (body) => {
      expect(toDefinitionFacts("id", answer(body))).toEqual({
        id: "id",
        state: "succeeded",
        osType: null,
        osState: null,
        hyperVGeneration: null,
        architecture: null,
        securityType: "Standard",
      });
    },
  );

  it.each([
    ["Creating", "working"],
    ["Updating", "working"],
    ["Deleting", "working"],
    ["SomethingNew", "working"],
    ["Failed", "failed"],
    ["canceled", "failed"],
    ["succeeded", "succeeded"],
  ])("in the state %s counts as %s", (provisioningState, state) => {
    const body = { properties: { provisioningState } };
    expect(toDefinitionFacts("id", answer(body)).state).toBe(state);
  });

  it("keeps no word longer than a word is", () => {
    const { osType } = toDefinitionFacts("id", answer({ properties: { osType: LONG } }));
    expect(osType).toHaveLength(100);
  });
});

describe("toFoundVersion", () => {
  const versionOf = (properties: object, top: object = {}) =>
    toFoundVersion("asked", answer({ properties, ...top }));

  it.each([
    ["Succeeded", "succeeded"],
    ["Failed", "failed"],
    ["Canceled", "canceled"],
    ["Deleting", "deleting"],
    ["Creating", "working"],
    ["SomethingNew", "working"],
  ])("reads the provisioning state %s as %s", (provisioningState, state) => {
    expect(versionOf({ provisioningState }).state).toBe(state);
  });

  it("takes id and tags of the answer, as far as they are texts", () => {
    const top = { id: "/versions/1.0.0", tags: { team: "blue", count: 3 } };
    expect(versionOf({}, top)).toMatchObject({ id: "/versions/1.0.0", tags: { team: "blue" } });
    expect(versionOf({}, { id: LONG }).id).toBe("asked");
    expect(versionOf({}, { id: 3, tags: "none" })).toMatchObject({ id: "asked", tags: {} });
  });

  it("reads the replication region by region", () => {
    const summary = [
      { region: "West US", state: "Completed", progress: 100, details: "" },
      { region: "North Europe", state: "Failed", progress: 41.6, details: "no capacity" },
    ];
    expect(
      versionOf({ replicationStatus: { aggregatedState: "Failed", summary } }).replication,
    ).toEqual({
      aggregatedState: "Failed",
      regions: [summary[0], { ...summary[1], progress: 42 }],
    });
  });

  it.each([
    { given: { summary: "none" }, regions: [] },
    { given: { summary: [null, "West US"] }, regions: [] },
    {
      given: { summary: [{ progress: "70", details: 3 }] },
      regions: [{ region: "", state: "Unknown", progress: 0, details: "" }],
    },
    {
      given: { summary: [{ region: "R", state: "Replicating", progress: 250 }] },
      regions: [{ region: "R", state: "Replicating", progress: 100, details: "" }],
    },
    {
      given: { summary: [{ region: "R", state: "Replicating", progress: -3 }] },
      regions: [{ region: "R", state: "Replicating", progress: 0, details: "" }],
    },
  ])("takes nothing from what is not a region: $given", ({ given, regions }) => {
    expect(versionOf({ replicationStatus: given }).replication).toEqual({
      aggregatedState: "Unknown",
      regions,
    });
  });

  it("is bounded, and keeps no secret", () => {
    const details = `failed for https://a.blob.core.windows.net/c/d.vhd?sv=2024&sig=${"s".repeat(40)}%3D`;
    const summary = Array.from({ length: 1_000 }, (_, index) => ({ region: `r${index}`, details }));
    const { regions } = versionOf({ replicationStatus: { summary } }).replication;
    expect(regions).toHaveLength(200);
    expect(JSON.stringify(regions)).not.toContain("ssss");
    const long = versionOf({ replicationStatus: { summary: [{ details: LONG }] } }).replication;
    expect(long.regions[0]?.details.length).toBeLessThanOrEqual(500);
  });
});

describe("toImageFacts", () => {
  it("describes a managed image by its OS disk", () => {
    const body = {
      location: "westus",
      properties: {
        hyperVGeneration: "v2",
        storageProfile: { osDisk: { osType: "linux", osState: "Generalized", diskSizeGB: 30 } },
      },
    };
    expect(toImageFacts(body, body)).toEqual({
      location: "westus",
      osType: "Linux",
      osState: "Generalized",
      hyperVGeneration: "V2",
      architecture: null,
      securityType: null,
      sizeGib: 30,
    });
  });

  it("describes a version by its definition, and its size by itself", () => {
    const version = {
      location: "eastus",
      properties: { storageProfile: { osDiskImage: { sizeInGB: 64 } } },
    };
    const properties = {
      osType: "Windows",
      osState: "Specialized",
      hyperVGeneration: "V1",
      architecture: "x64",
      features: [{ name: "SecurityType", value: "TrustedLaunch" }],
    };
    expect(toImageFacts(version, { properties })).toEqual({
      location: "eastus",
      osType: "Windows",
      osState: "Specialized",
      hyperVGeneration: "V1",
      architecture: "x64",
      securityType: "TrustedLaunch",
      sizeGib: 64,
    });
  });

  it("leaves open what is not said, or is not a word of the API", () => {
    const properties = { osType: "BeOS", hyperVGeneration: 2, architecture: "ia64" };
    expect(toImageFacts({}, { properties })).toEqual({
      location: null,
      osType: null,
      osState: null,
      hyperVGeneration: null,
      architecture: null,
      securityType: null,
      sizeGib: null,
    });
  });
});

describe("a page of a list", () => {
  const value = [{ name: "Disks", id: "/1", location: "westus" }, { name: "other", id: "/2" }, "x"];

  it("has the account of a name in any case, without a location where none is said", () => {
    expect(toAccount({ value }, "disks")).toEqual({ id: "/1", location: "westus" });
    expect(toAccount({ value }, "other")).toEqual({ id: "/2", location: null });
  });

  it.each([
    { value },
    { value: "none" },
    {},
    { value: [{ name: "missing" }] },
    { value: [{ name: "missing", id: LONG }] },
  ])("has no account of a name that it does not list with an id: %#", (page) => {
    expect(toAccount(page, "missing")).toBeNull();
  });

  it("has names, and says where it goes on", () => {
    expect(readNames({ value: [{ name: "1.0.0" }, {}, { name: "" }, null] })).toEqual(["1.0.0"]);
    expect(readNames({})).toEqual([]);
    expect(readNextLink({ nextLink: "https://x" })).toBe("https://x");
    expect([readNextLink({}), readNextLink({ nextLink: "" })]).toEqual([null, null]);
  });
});
