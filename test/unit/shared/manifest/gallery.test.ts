import { describe, expect, it } from "vitest";
import { computeId, makeGallery, SUBSCRIPTION_ID } from "../../../factories.ts";
import { readProblems, readRequest } from "./reading.ts";

const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "web.vhd" };
const properties = { storageProfile: { osDisk } };
const place = { name: "images", definition: "ubuntu", resourceGroup: "galleries-rg" };

const ask = (gallery: object, more: object = {}) => ({
  gallery: { ...place, ...gallery },
  properties,
  ...more,
});

describe("a gallery in a manifest", () => {
  it("becomes a version in its own region, next to no managed image", () => {
    const request = readRequest(ask({}));
    expect(request.gallery).toEqual(makeGallery({ assumedRegion: { isListed: false } }));
    expect(request.managedImage).toBeUndefined();
  });

  it("takes its address from DEFAULT_GALLERY", () => {
    const gallery = {
      subscriptionId: SUBSCRIPTION_ID,
      resourceGroup: "default-rg",
      name: "shared",
    };
    const manifest = { gallery: { definition: "ubuntu" }, properties };
    const defaults = { gallery, subscriptionId: null, resourceGroup: null };
    const request = readRequest(manifest, { defaults });
    expect(request.gallery).toEqual(
      makeGallery({ ...gallery, assumedRegion: { isListed: false } }),
    );
  });

  it("assumes a region only where nobody named one, and knows whether it is listed", () => {
    const assumedOf = (gallery: object, top: object = {}) =>
      readRequest(ask(gallery, top)).gallery?.assumedRegion;
    expect(assumedOf({ targetRegions: ["West Europe"] })).toEqual({ isListed: true });
    expect(assumedOf({ targetRegions: ["northeurope"] })).toEqual({ isListed: false });
    expect(assumedOf({ location: "westeurope" })).toBeUndefined();
    expect(assumedOf({}, { location: "westeurope" })).toBeUndefined();
  });

  it("adds its own region, and spells every region in one way", () => {
    const targetRegions = ["North Europe", { name: "WestUS", regionalReplicaCount: 3 }];
    expect(readRequest(ask({ targetRegions })).gallery?.publishingProfile.targetRegions).toEqual([
      { name: "westeurope" },
      { name: "northeurope" },
      { name: "westus", regionalReplicaCount: 3 },
    ]);
  });

  it("may have a location of its own, and the manifest's tags or its own", () => {
    const request = readRequest(ask({ location: "West US" }, { tags: { team: "blue" } }));
    expect(request.gallery).toMatchObject({
      location: "West US",
      tags: { team: "blue" },
      publishingProfile: { targetRegions: [{ name: "westus" }] },
    });
    expect(readRequest(ask({ tags: {} }, { tags: { team: "blue" } })).gallery?.tags).toEqual({});
  });

  it("may be published from an image or a version, without properties", () => {
    const image = computeId("images", "golden").replace(SUBSCRIPTION_ID, "{subscriptionId}");
    const request = readRequest({ gallery: { ...place, source: { id: image.slice(1) } } });
    expect(request.gallery?.source).toEqual({
      kind: "managedImage",
      id: computeId("images", "golden"),
    });
    const version = `${computeId("galleries", "g")}/images/d/versions/1.0.0`;
    expect(
      readRequest({ gallery: { ...place, source: { id: version } }, properties: {} }).gallery
        ?.source,
    ).toEqual({ kind: "galleryVersion", id: version });
  });

  it.each([
    "/CommunityGalleries/contoso-1a2b3c/Images/ubuntu/Versions/24.4.1",
    "/communityGalleries/contoso-1a2b3c/images/ubuntu/versions/24.4.1",
  ])("may be published from the image of a community gallery: %s", (id) => {
    const request = readRequest({ gallery: { ...place, source: { id } } });
    expect(request.gallery?.source).toEqual({ kind: "communityGalleryImage", id });
  });

  it.each([
    "/CommunityGalleries/contoso/Images/ubuntu",
    "/CommunityGalleries/contoso/Images/ubuntu/Versions/latest",
    "/CommunityGalleries/contoso/Images/../Versions/1.0.0",
    "/CommunityGalleries/contoso/Images/ubuntu/Versions/1.0.0/more",
    "/CommunityGalleries//Images/ubuntu/Versions/1.0.0",
    "/CommunityGalleries/a%2Fb/Images/ubuntu/Versions/1.0.0",
    `/CommunityGalleries/${"a".repeat(2000)}/Images/ubuntu/Versions/1.0.0`,
  ])("is refused for an id that does not name an image of a community gallery: %s", (id) => {
    expect(readProblems({ gallery: { ...place, source: { id } } })).toEqual([
      expect.stringContaining("gallery.source.id is"),
    ]);
  });
});

describe("a version in a manifest", () => {
  it.each(["0.0.0", "1.4.0", "1.4.auto", "1.auto", "auto", "2147483647.0.2147483647"])(
    "may be %s",
    (version) => {
      expect(readRequest(ask({ version })).gallery?.version).toBe(version);
    },
  );

  it.each([
    "1",
    "1.4",
    "1.4.0.0",
    "01.4.0",
    "1.4.2147483648",
    "auto.1.0",
    "1.auto.2",
    "AUTO",
    "",
    1.4,
  ])("may not be %j", (version) => {
    expect(readProblems(ask({ version }))).toEqual([expect.stringContaining("gallery.version is")]);
  });
});

describe("mistakes of a gallery", () => {
  const set = computeId("diskEncryptionSets", "e");
  const encryption = { osDiskImage: { diskEncryptionSetId: set } };

  it.each([
    {
      why: "an unknown key",
      gallery: { verson: "auto" },
      problem: "gallery.verson is not a known key; did you mean 'version'?",
    },
    {
      why: "a region that is not one",
      gallery: { targetRegions: ["west-europe"] },
      problem: 'gallery.targetRegions[0] is "west-europe"; expected a region such as',
    },
    {
      why: "a region of a wrong type",
      gallery: { targetRegions: [7] },
      problem: "gallery.targetRegions[0] is 7; expected an object",
    },
    {
      why: "a region without a name",
      gallery: { targetRegions: [{}] },
      problem: "gallery.targetRegions[0].name is missing; expected a region such as",
    },
    {
      why: "a region twice",
      gallery: { targetRegions: ["westus", "West US"] },
      problem:
        "gallery.targetRegions[1] is the region 'westus', which 'gallery.targetRegions[0]' already is",
    },
    {
      why: "no replicas",
      gallery: { replicaCount: 0 },
      problem: "gallery.replicaCount is 0; expected a whole number from 1 to 100",
    },
    {
      why: "a word of another list",
      gallery: { storageAccountType: "StandardSSD_LRS" },
      problem:
        'gallery.storageAccountType is "StandardSSD_LRS"; expected one of Standard_LRS, Standard_ZRS',
    },
    {
      why: "type and strategy",
      gallery: { storageAccountType: "Standard_LRS", storageAccountStrategy: "PreferStandard_ZRS" },
      problem: "gallery.storageAccountStrategy cannot be combined with",
    },
    {
      why: "Shallow in two regions",
      gallery: { replicationMode: "shallow", targetRegions: ["westeurope", "westus"] },
      problem: "gallery.targetRegions has several regions",
    },
    {
      why: "Shallow elsewhere",
      gallery: { replicationMode: "Shallow", targetRegions: ["westus"] },
      problem: "gallery.targetRegions names another region than that of the version, 'westeurope'",
    },
    {
      why: "encryption in one region",
      gallery: { targetRegions: [{ name: "westeurope", encryption }, "westus"] },
      problem: "gallery.targetRegions[1] has no 'encryption.osDiskImage.diskEncryptionSetId'",
    },
    {
      why: "encryption, but not at home",
      gallery: { targetRegions: [{ name: "westus", encryption }] },
      problem:
        "gallery.targetRegions has encryption, but not the region of the version, 'westeurope'",
    },
    {
      why: "an account id that is not one",
      gallery: { storageAccountId: computeId("disks", "d") },
      problem: "gallery.storageAccountId is",
    },
    {
      why: "a source that is not an image",
      gallery: { source: { id: computeId("disks", "d") } },
      problem: "gallery.source.id is",
    },
    {
      why: "a source beside disks",
      gallery: { source: { id: computeId("images", "i") } },
      problem: "properties.storageProfile.osDisk cannot be combined with 'gallery.source'",
    },
    {
      why: "an edge zone twice",
      gallery: {
        targetExtendedLocations: ["LosAngeles", "losangeles"].map((name) => ({
          name: "westus",
          extendedLocation: { name, type: "EdgeZone" },
        })),
      },
      problem:
        "gallery.targetExtendedLocations[1] repeats 'losangeles', which 'gallery.targetExtendedLocations[0]' already has",
    },
    {
      why: "a data disk that is encrypted twice",
      gallery: {
        targetRegions: [
          { name: "westeurope", encryption: { dataDiskImages: [{ lun: 0 }, { lun: 0 }] } },
        ],
      },
      problem: "gallery.targetRegions[0].encryption.dataDiskImages[1] repeats 'lun 0'",
    },
    {
      why: "a feature twice",
      gallery: {
        createDefinition: {
          publisher: "p",
          offer: "o",
          sku: "s",
          features: [
            { name: "SecurityType", value: "Standard" },
            { name: "securitytype", value: "TrustedLaunch" },
          ],
        },
      },
      problem: "gallery.createDefinition.features[1] repeats 'securitytype'",
    },
    {
      why: "a range that is reversed",
      gallery: {
        createDefinition: {
          publisher: "p",
          offer: "o",
          sku: "s",
          recommended: { vCPUs: { min: 8, max: 2 } },
        },
      },
      problem: "gallery.createDefinition.recommended.vCPUs has a min of 8 above its max of 2",
    },
    {
      why: "a tag of the app, in any case",
      gallery: { tags: { "VHD-to-image-Record": "k3v" } },
      problem: "is a tag that the app sets itself",
    },
    {
      why: "too many tags",
      gallery: { tags: Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`t${i}`, ""])) },
      problem: "gallery.tags has 49 tags; at most 48 are allowed, as the app adds 2",
    },
    {
      why: "a tag that is not one",
      gallery: { createDefinition: { publisher: "p", offer: "o", sku: "s", tags: { "a<": "" } } },
      problem: "gallery.createDefinition.tags.a< is not allowed",
    },
    {
      why: "an identifier that ends in a period",
      gallery: { createDefinition: { publisher: "p.", offer: "o", sku: "s" } },
      problem: 'gallery.createDefinition.publisher is "p."',
    },
  ])("are refused: $why", ({ gallery, problem }) => {
    const [first] = readProblems(ask(gallery));
    expect(first).toContain(problem);
  });

  it("tell where the tags are that count, when those of the version are null", () => {
    const tags = { "vhd-to-image-record": "k3v" };
    expect(readProblems({ ...ask({ tags: null }), tags })).toEqual([
      expect.stringMatching(/^tags\.vhd-to-image-record is a tag that the app sets itself/),
    ]);
  });

  it("tell what is missing everywhere", () => {
    expect(readProblems({ gallery: { definition: "ubuntu" }, properties })).toEqual([
      "gallery.name is missing; add it to the manifest or set DEFAULT_GALLERY",
    ]);
    expect(readProblems({ gallery: { name: "images" }, properties })).toEqual([
      expect.stringContaining("gallery.definition is missing"),
    ]);
  });

  it.each([
    {
      manifest: { ...ask({}), extendedLocation: { name: "la", type: "EdgeZone" } },
      path: "extendedLocation",
    },
    {
      manifest: { ...ask({}), properties: { storageProfile: { osDisk, zoneResilient: true } } },
      path: "properties.storageProfile.zoneResilient",
    },
    {
      manifest: {
        ...ask({}),
        properties: { storageProfile: { osDisk: { ...osDisk, diskSizeInGB: 9 } } },
      },
      path: "properties.storageProfile.osDisk.diskSizeInGB",
    },
    {
      manifest: {
        ...ask({}),
        properties: {
          storageProfile: {
            osDisk,
            dataDisks: [{ lun: 0, blobUri: "a.vhd", storageAccountType: "Premium_LRS" }],
          },
        },
      },
      path: "properties.storageProfile.dataDisks[0].storageAccountType",
    },
  ])("include what only a managed image has, where none is made: $path", ({ manifest, path }) => {
    expect(readProblems(manifest)).toEqual([
      expect.stringContaining(`${path} applies to managed images only`),
    ]);
    expect(readProblems({ ...manifest, managedImage: true })).toEqual([]);
  });

  it("include a request for nothing, and for an image of an image", () => {
    expect(readProblems({ managedImage: false, properties })).toEqual([
      "managedImage is false and there is no 'gallery': nothing would be created",
    ]);
    const source = { id: computeId("images", "i") };
    expect(readProblems({ managedImage: true, gallery: { ...place, source } })).toEqual([
      expect.stringContaining("managedImage cannot be true with 'gallery.source'"),
    ]);
  });
});
