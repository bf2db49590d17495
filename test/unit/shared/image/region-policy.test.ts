import { describe, expect, it } from "vitest";
import {
  createRegionPolicy,
  findForbiddenRegions,
} from "../../../../shared/image/region-policy.ts";
import { makeImageRequest } from "../../../factories.ts";

describe("createRegionPolicy", () => {
  it.each([
    [[], "West Europe", { allowed: ["westeurope"], ofSources: true }],
    [[], null, { allowed: [], ofSources: true }],
    [["East US", "zone-1"], "westeurope", { allowed: ["eastus", "zone-1"], ofSources: false }],
    [["eastus", "*"], "westeurope", { allowed: null, ofSources: true }],
  ])("reads %j with the location %j", (given, location, policy) => {
    expect(createRegionPolicy(given, { location })).toEqual(policy);
  });
});

it("region and edge zone are refused together", () => {
  const request = makeImageRequest({
    location: "eastasia",
    extendedLocation: { name: "zone1", type: "EdgeZone" },
  });

  expect(
    findForbiddenRegions(request, { allowed: ["westeurope"], ofSources: false }).map(
      ({ target }) => target,
    ),
  ).toEqual(["location", "extendedLocation.name"]);
});
