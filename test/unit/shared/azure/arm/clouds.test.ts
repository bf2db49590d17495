import { AzureClouds } from "@azure/arm-compute";
import { describe, expect, it } from "vitest";
import { AUDIENCES, CLOUD_SETTINGS } from "../../../../../shared/azure/arm/clouds.ts";

describe("clouds", () => {
  it("are those of the client, each once", () => {
    expect(new Set(Object.values(CLOUD_SETTINGS))).toEqual(new Set(Object.values(AzureClouds)));
  });

  it("each have an audience of their own, https and without a final slash", () => {
    const audiences = Object.values(AUDIENCES);

    expect(Object.keys(AUDIENCES)).toEqual(Object.keys(CLOUD_SETTINGS));
    expect(new Set(audiences).size).toBe(3);
    expect(audiences.filter((url) => !/^https:\/\/[a-z.]+[a-z]$/.test(url))).toEqual([]);
  });
});
