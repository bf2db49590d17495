import { describe, expect, it } from "vitest";
import type { GalleryRequest } from "../../../../shared/image/gallery-request.ts";
import type { ImageRequest } from "../../../../shared/image/image-request.ts";
import { checkPolicy, createPolicy, type PolicySettings } from "../../../../shared/image/policy.ts";
import {
  computeId,
  makeDefaults,
  makeGallery,
  makeImageRequest,
  SUBSCRIPTION_ID,
} from "../../../factories.ts";

const PLACE = `${SUBSCRIPTION_ID}/galleries-rg/images`;
const FOREIGN = computeId("diskEncryptionSets", "e").replace("1111", "9999");

/** The messages of a refusal; none when the version may be published. */
function check(
  gallery: Partial<GalleryRequest>,
  settings: Partial<PolicySettings> = {},
  request: Partial<ImageRequest> = {},
): string[] {
  const nothing = { targets: [], sources: [], sourceAccounts: [], regions: [] };
  const policy = createPolicy(
    { ...nothing, galleries: [PLACE], ...settings },
    makeDefaults({ location: "westeurope" }),
  );
  const asked = makeImageRequest({ gallery: makeGallery(gallery), ...request });
  return checkPolicy(asked, policy)?.details.map(({ message }) => message) ?? [];
}

const inRegions = (...names: string[]): Partial<GalleryRequest> => ({
  publishingProfile: { targetRegions: names.map((name) => ({ name })) },
});

describe("the gallery", () => {
  it.each([
    PLACE,
    PLACE.toUpperCase(),
    `${PLACE}/ubuntu`,
    "*/*/*",
    `${SUBSCRIPTION_ID}/*/images/*`,
    "*/galleries-rg/images/UBUNTU",
  ])("is allowed by %s", (pattern) => {
    expect(check({}, { galleries: [pattern] })).toEqual([]);
  });

  it.each([[], [`${PLACE}/debian`], [`${SUBSCRIPTION_ID}/galleries-rg/image`], ["*/other-rg/*"]])(
    "is refused by any other list: %s",
    (...galleries) => {
      expect(check({}, { galleries })).toEqual([
        `Image versions may not be published in ${PLACE}/ubuntu: ALLOWED_GALLERIES does not list it.`,
      ]);
    },
  );

  it("needs no target of managed images, unless one is made too", () => {
    expect(check({}, {}, { resourceGroup: "elsewhere" })).toEqual([]);
    expect(check({}, {}, { resourceGroup: "elsewhere", managedImage: true })).toEqual([
      `Images may not be created in ${SUBSCRIPTION_ID}/elsewhere: ALLOWED_TARGETS does not list it.`,
    ]);
  });
});

describe("target regions", () => {
  it("without a list are the version's own", () => {
    expect(check(inRegions("westeurope"))).toEqual([]);
    expect(check(inRegions("westeurope", "northeurope"))).toEqual([
      "Image versions may not be replicated to the region 'northeurope': ALLOWED_REGIONS does not list it.",
    ]);
  });

  it("are those of the list, or all of them", () => {
    const regions = inRegions("westeurope", "northeurope", "westus");
    expect(check(regions, { regions: ["West Europe", "North Europe"] })).toEqual([
      "Image versions may not be replicated to the region 'westus': ALLOWED_REGIONS does not list it.",
    ]);
    expect(check(regions, { regions: ["*"] })).toEqual([]);
  });

  it("include the region of the version itself", () => {
    const elsewhere = { location: "westus", ...inRegions("westus") };
    expect(check(elsewhere)).toEqual([
      "Images may not be created in the region 'westus': ALLOWED_REGIONS does not list it.",
    ]);
    expect(check(elsewhere, { regions: ["westus"] })).toEqual([]);
  });

  it("include edge zones, by both their names", () => {
    const publishingProfile = {
      targetRegions: [{ name: "westeurope" }],
      targetExtendedLocations: [
        { name: "westus", extendedLocation: { name: "losangeles", type: "EdgeZone" as const } },
      ],
    };
    const zone = "edge zone 'losangeles' of 'westus'";
    const refused = `Image versions may not be replicated to the ${zone}: ALLOWED_REGIONS does not list it.`;
    expect(check({ publishingProfile }, { regions: ["westeurope", "westus"] })).toEqual([refused]);
    const regions = ["westeurope", "westus", "losangeles"];
    expect(check({ publishingProfile }, { regions })).toEqual([]);
  });
});

describe("replicas", () => {
  const publishingProfile = {
    replicaCount: 2,
    targetRegions: [
      { name: "westeurope" },
      {
        name: "northeurope",
        regionalReplicaCount: 4,
        additionalReplicaSets: [{ regionalReplicaCount: 3 }, {}],
      },
    ],
  };

  it("are counted over all regions and sets", () => {
    const settings = { regions: ["*"], maxReplicas: 9 };
    expect(check({ publishingProfile }, settings)).toEqual([
      "The image version would have 10 replicas; GALLERY_MAX_REPLICAS allows 9.",
    ]);
    expect(check({ publishingProfile }, { ...settings, maxReplicas: 10 })).toEqual([]);
  });
});

describe("resources of other subscriptions", () => {
  const refused = (id: string) => [`${id} may not be used: ALLOWED_SOURCES does not cover it.`];

  it.each([
    { osDiskImage: { diskEncryptionSetId: FOREIGN } },
    { osDiskImage: { securityProfile: { secureVMDiskEncryptionSetId: FOREIGN } } },
    { dataDiskImages: [{ lun: 0, diskEncryptionSetId: FOREIGN }] },
  ])("are refused as encryption sets: %j", (encryption) => {
    const publishingProfile = { targetRegions: [{ name: "westeurope", encryption }] };
    expect(check({ publishingProfile })).toEqual(refused(FOREIGN));
  });

  it("are refused as images of the community, unless ALLOWED_SOURCES covers their gallery", () => {
    const id = "/CommunityGalleries/contoso-1a2b/Images/ubuntu/Versions/1.0.0";
    const source = { kind: "communityGalleryImage", id } as const;
    expect(check({ source })).toEqual(refused(id));
    const allowed = { sources: ["/communityGalleries/contoso-1a2b"] };
    expect(check({ source }, allowed)).toEqual([]);
    const other = { ...source, id: id.replace("contoso-1a2b", "contoso-1a2b3") };
    expect(check({ source: other }, allowed)).toEqual(refused(other.id));
  });

  it("are refused as a source, and so is what is none", () => {
    const own = `${computeId("galleries", "g")}/images/d/versions/1.0.0`;
    const from = (id: string) => check({ source: { kind: "galleryVersion", id } });
    expect(from(own)).toEqual([]);
    for (const id of [own.replace("1111", "9999"), `${own}/../..`, `${own}/more`]) {
      expect(from(id)).toEqual(refused(id));
    }
  });
});
