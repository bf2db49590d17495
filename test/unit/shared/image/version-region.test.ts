import { describe, expect, it } from "vitest";
import { mayPlaceIn, placeVersion } from "../../../../shared/image/version-region.ts";
import { makeGallery } from "../../../factories.ts";

const profile = (...names: string[]) => ({ targetRegions: names.map((name) => ({ name })) });

describe("placeVersion", () => {
  it.each([
    { name: "only the assumed region", listed: false, before: ["westeurope"], after: ["eastus"] },
    {
      name: "a listed region too",
      listed: false,
      before: ["westeurope", "uksouth"],
      after: ["eastus", "uksouth"],
    },
    {
      name: "the found region listed",
      listed: false,
      before: ["westeurope", "eastus"],
      after: ["eastus"],
    },
    {
      name: "the assumed one listed",
      listed: true,
      before: ["westeurope"],
      after: ["eastus", "westeurope"],
    },
  ])(
    "replicates to the found region in place of the assumed one: $name",
    ({ listed, before, after }) => {
      const gallery = makeGallery({
        assumedRegion: { isListed: listed },
        publishingProfile: { ...profile(...before), replicaCount: 2 },
      });
      expect(placeVersion(gallery, "East US")).toEqual(
        makeGallery({
          location: "eastus",
          publishingProfile: { ...profile(...after), replicaCount: 2 },
        }),
      );
    },
  );

  it("keeps what is said of the region that it has already", () => {
    const targetRegions = [{ name: "westeurope", regionalReplicaCount: 3 }];
    const gallery = makeGallery({ publishingProfile: { targetRegions } });
    expect(placeVersion(gallery, "West Europe")).toEqual(gallery);
  });
});

describe("mayPlaceIn", () => {
  const eastus = makeGallery({ location: "eastus", publishingProfile: profile("eastus") });
  const both = { ...eastus, publishingProfile: profile("eastus", "westeurope") };

  it.each([
    { allowed: null, ofSources: true, one: true, two: true },
    { allowed: ["westeurope"], ofSources: true, one: true, two: false },
    { allowed: ["westeurope"], ofSources: false, one: false, two: false },
    { allowed: ["eastus", "westeurope"], ofSources: false, one: true, two: true },
  ])("$allowed, sources' own $ofSources", ({ allowed, ofSources, one, two }) => {
    expect(mayPlaceIn(eastus, { allowed, ofSources })).toBe(one);
    expect(mayPlaceIn(both, { allowed, ofSources })).toBe(two);
  });
});
