import { describe, expect, it } from "vitest";
import { findVersionDifferences } from "../../../../../shared/outputs/gallery-version/compare-version.ts";

const body = (profile: object = {}, storage: object = {}, more: object = {}) => ({
  location: "westeurope",
  tags: {},
  properties: { publishingProfile: profile, storageProfile: storage, ...more },
});
const zone = (name: string, count = 1) => ({
  name: "westus",
  extendedLocation: { name, type: "EdgeZone" },
  extendedLocationReplicaCount: count,
});

describe("findVersionDifferences", () => {
  it("compares regions by name, in any order and spelling", () => {
    const asked = body({ targetRegions: [{ name: "westeurope" }, { name: "northeurope" }] });
    const existing = body({
      targetRegions: [{ name: "North Europe", regionalReplicaCount: 1 }, { name: "West Europe" }],
    });
    expect(findVersionDifferences(asked, { ...existing, location: "West Europe" })).toEqual([]);
  });

  it("names a region that is missing, and a replica count that differs", () => {
    const asked = body({
      targetRegions: [{ name: "westeurope", regionalReplicaCount: 2 }, { name: "northeurope" }],
    });
    const existing = body({ targetRegions: [{ name: "West Europe", regionalReplicaCount: 1 }] });
    expect(findVersionDifferences(asked, existing)).toEqual([
      "properties.publishingProfile.targetRegions.westeurope.regionalReplicaCount",
      "properties.publishingProfile.targetRegions.northeurope.name",
    ]);
  });

  it("compares edge zones by their own name, not by that of their region", () => {
    const asked = body({ targetExtendedLocations: [zone("losangeles"), zone("lasvegas", 2)] });
    const existing = body({ targetExtendedLocations: [zone("LasVegas", 3), zone("LosAngeles")] });
    expect(findVersionDifferences(asked, existing)).toEqual([
      "properties.publishingProfile.targetExtendedLocations.lasvegas.extendedLocationReplicaCount",
    ]);
  });

  it("compares a moment in whatever form it is written", () => {
    const asked = body({ endOfLifeDate: "2030-01-01T00:00:00.000Z" });
    expect(
      findVersionDifferences(asked, body({ endOfLifeDate: "2030-01-01T02:00:00+02:00" })),
    ).toEqual([]);
    expect(findVersionDifferences(asked, body({ endOfLifeDate: "2030-01-02" }))).toEqual([
      "properties.publishingProfile.endOfLifeDate",
    ]);
  });

  it("compares ids in any case, but blobs and tags by the letter", () => {
    const source = (uri: string, id: string) =>
      body({}, { osDiskImage: { source: { uri, storageAccountId: id } } });
    expect(
      findVersionDifferences(source("https://a/B", "/X"), source("https://a/B", "/x")),
    ).toEqual([]);
    expect(
      findVersionDifferences(source("https://a/B", "/X"), source("https://a/b", "/X")),
    ).toEqual(["properties.storageProfile.osDiskImage.source.uri"]);
    const tagged = (team: string) => ({ ...body(), tags: { team } });
    expect(findVersionDifferences(tagged("Blue"), tagged("blue"))).toEqual(["tags.team"]);
  });

  it("names a data disk that the version has and the request does not", () => {
    const disks = (...luns: number[]) => body({}, { dataDiskImages: luns.map((lun) => ({ lun })) });
    expect(findVersionDifferences(disks(1), disks(2, 1))).toEqual([
      "properties.storageProfile.dataDiskImages.lun 2",
    ]);
    expect(findVersionDifferences(disks(1), body())).toEqual([
      "properties.storageProfile.dataDiskImages.lun 1.lun",
    ]);
  });

  it("does not count the data disks that a whole source has brought", () => {
    const asked = body({}, { source: { id: "/images/web" } });
    const existing = body({}, { source: { id: "/images/web" }, dataDiskImages: [{ lun: 0 }] });
    expect(findVersionDifferences(asked, existing)).toEqual([]);
  });

  it("does not compare Secure Boot keys, which the service does not answer", () => {
    const securityProfile = { uefiSettings: { signatureTemplateNames: ["NoSignatureTemplate"] } };
    expect(findVersionDifferences(body({}, {}, { securityProfile }), body())).toEqual([]);
  });

  it.each([{}, { properties: null }, { properties: { storageProfile: "x" } }])(
    "names everything that an answer does not have: %j",
    (existing) => {
      expect(findVersionDifferences(body({}, { source: { id: "/images/web" } }), existing)).toEqual(
        ["location", "properties.storageProfile.source.id"],
      );
    },
  );
});
