import { describe, expect, it } from "vitest";
import { equals, parseResourceId } from "../../../../shared/image/resource-id.ts";
import { computeId, SUBSCRIPTION_ID } from "../../../factories.ts";

const id = computeId("snapshots", "one");

describe("parseResourceId", () => {
  it("reads the parts, with or without a leading slash", () => {
    const parts = {
      subscriptionId: SUBSCRIPTION_ID,
      resourceGroup: "myResourceGroup",
      type: "snapshots",
      name: "one",
    };

    expect(parseResourceId(id)).toEqual(parts);
    expect(parseResourceId(id.slice(1))).toEqual(parts);
  });

  it("reads the fixed words in any case", () => {
    expect(parseResourceId(id.toUpperCase())).toMatchObject({ type: "SNAPSHOTS", name: "ONE" });
  });

  it.each([
    "",
    "/",
    `/${id}`,
    `${id}/`,
    `${id}/child/two`,
    id.replace("subscriptions", "subscription"),
    id.replace("resourceGroups", "groups"),
    id.replace("providers", "provider"),
    id.replace("Microsoft.Compute", "Microsoft.Storage"),
    id.replace("snapshots", ""),
    id.replace("/one", "/"),
    id.replace("myResourceGroup", ""),
    id.replace(SUBSCRIPTION_ID, ""),
    id.replace("one", ".."),
    id.replace("one", "."),
    id.replace("one", "a b"),
    id.replace("one", "a%2fb"),
    id.replace("one", "a\\b"),
    `${id}?x=1`,
    `${id}#x`,
    `https://management.azure.com${id}`,
  ])("gives null for %j", (text) => {
    expect(parseResourceId(text)).toBeNull();
  });
});

describe("equals", () => {
  it("compares regardless of case", () => {
    expect(equals("Images-RG", "images-rg")).toBe(true);
    expect(equals("images", "images-rg")).toBe(false);
    expect(equals(undefined, "images-rg")).toBe(false);
  });
});
