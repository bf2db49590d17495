import { describe, expect, it } from "vitest";
import type { ImageDefaults } from "../../../../shared/image/defaults.ts";
import { planVhdRequest } from "../../../../shared/metadata/vhd-request.ts";
import { makeDefaults, makeGallery, makeInspection, makeOsDisk } from "../../../factories.ts";

const gallery = {
  subscriptionId: makeGallery().subscriptionId,
  resourceGroup: "galleries-rg",
  name: "images",
};

function plan(metadata: Record<string, string>, defaults: Partial<ImageDefaults> = { gallery }) {
  return planVhdRequest(
    {
      name: "disks/web.vhd",
      metadata: { osstate: "Generalized", ...metadata },
      source: makeOsDisk().source,
      finding: makeInspection(),
      dataDisks: [],
    },
    makeDefaults(defaults),
  );
}

function problems(metadata: Record<string, string>, defaults?: Partial<ImageDefaults>) {
  const result = plan(metadata, defaults);
  return result.ok ? [] : result.failure.details.map(({ message }) => message);
}

describe("the metadata of a disk", () => {
  it.each([
    { metadata: { gallerydefinition: "ubuntu" }, version: "auto" },
    { metadata: { gallery: "images", gallerydefinition: "ubuntu" }, version: "auto" },
    { metadata: { gallerydefinition: "ubuntu", galleryversion: "1.4.auto" }, version: "1.4.auto" },
  ])("ask for a version in place of an image: $metadata", ({ metadata, version }) => {
    expect(plan({ ...metadata, tag_team: "blue" })).toMatchObject({
      ok: true,
      draft: { gallery: makeGallery({ version, tags: { team: "blue" } }) },
    });
  });

  it("ask for a managed image without any of them", () => {
    const result = plan({});
    expect(result.ok && "gallery" in result.draft).toBe(false);
  });

  it("need no resource group of images, and no name that is one", () => {
    const result = plan({ gallerydefinition: "ubuntu" }, { gallery, resourceGroup: null });
    expect(result).toMatchObject({ ok: true, draft: { resourceGroup: "galleries-rg" } });
  });

  it.each([
    {
      metadata: { gallery: "images" },
      expected: ["the metadata 'gallerydefinition' (the image definition) is missing"],
    },
    {
      metadata: { gallerydefinition: "a b", galleryversion: "1.99999999999" },
      expected: [
        expect.stringContaining("the metadata 'gallerydefinition' is 'a b'; expected 1–80 letters"),
        expect.stringContaining(
          "the metadata 'galleryversion' is '1.99999999999'; expected a version",
        ),
      ],
    },
    {
      metadata: { gallerydefinition: "ubuntu", galleryversion: "1.2.4294967296" },
      expected: [expect.stringContaining("the metadata 'galleryversion' is '1.2.4294967296'")],
    },
  ])("are refused with every reason: $metadata", ({ metadata, expected }) => {
    expect(problems(metadata)).toEqual(expected);
  });

  it("need a gallery, from the metadata or the setting", () => {
    expect(problems({ gallerydefinition: "ubuntu" }, {})).toEqual([
      "the metadata 'gallery' (the gallery's name) is missing, and so is the setting DEFAULT_GALLERY",
    ]);
  });
});
