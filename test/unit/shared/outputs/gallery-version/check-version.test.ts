import { describe, expect, it } from "vitest";
import type {
  AccountFacts,
  GalleryService,
  ImageFacts,
} from "../../../../../shared/gallery-ports.ts";
import {
  findAccounts,
  judgeVersion,
  readSources,
  type VersionRequest,
} from "../../../../../shared/outputs/gallery-version/check-version.ts";
import {
  at,
  computeId,
  makeDataDisk,
  makeDisk,
  makeGallery,
  makeImageRequest,
  makeInspection,
  makeOsDisk,
  makeRecord,
  NOW,
  SUBSCRIPTION_ID,
} from "../../../../factories.ts";
import { makeDefinition } from "../../../../fakes/gallery-service.ts";
import { serviceError } from "../../../../fakes/image-service.ts";
import { createFakeSourceService } from "../../../../fakes/source-service.ts";

const ANYWHERE = { allowed: null, ofSources: true };
/** Without ALLOWED_REGIONS: the configured region, and those of sources. */
const OWN = { allowed: ["westeurope"], ofSources: true };
const listed = (...allowed: string[]) => ({ allowed, ofSources: false });
const ASSUMED = { assumedRegion: { isListed: false } };
const SNAPSHOT = computeId("snapshots", "os");
const DISK = computeId("disks", "data");

function makeRequest(
  gallery: Parameters<typeof makeGallery>[0] = {},
  more: Parameters<typeof makeImageRequest>[0] = {},
): VersionRequest {
  return { ...makeImageRequest(more), gallery: makeGallery(gallery) };
}
const accountId = (name: string): string =>
  `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/disks-rg/providers/Microsoft.Storage/storageAccounts/${name}`;

/** Looks accounts up among the given ones; what was asked is noted as `subscription/name`. */
function find(
  request: VersionRequest,
  accounts: Readonly<Record<string, string | null>>,
  { known = {}, regions = ANYWHERE as Parameters<typeof findAccounts>[1]["regions"] } = {},
) {
  const asked: string[] = [];
  const findAccount = async (subscription: string, name: string): Promise<AccountFacts | null> => {
    asked.push(`${subscription}/${name}`);
    const key = `${subscription}/${name}` in accounts ? `${subscription}/${name}` : name;
    const location = accounts[key];
    return location === undefined ? null : { id: accountId(name), location };
  };
  return { asked, result: findAccounts(request, { known, galleries: { findAccount }, regions }) };
}

describe("the account of a VHD", () => {
  const other = {
    kind: "externalBlob",
    uri: "https://otheraccount.blob.core.windows.net/uploads/data.vhd",
  } as const;

  it("is looked up once for each name, in the gallery's subscription and then in the image's", async () => {
    const request = makeRequest(
      { subscriptionId: "galleries" },
      { dataDisks: [makeDataDisk(), makeDataDisk({ lun: 2, source: other })] },
    );
    const { asked, result } = find(request, {
      [`${SUBSCRIPTION_ID}/uploadsaccount`]: "westeurope",
      "galleries/otheraccount": "West Europe",
    });
    expect(await result).toMatchObject({
      accounts: {
        uploadsaccount: accountId("uploadsaccount"),
        otheraccount: accountId("otheraccount"),
      },
      gallery: { location: "westeurope" },
    });
    expect(asked).toEqual([
      "galleries/uploadsaccount",
      `${SUBSCRIPTION_ID}/uploadsaccount`,
      "galleries/otheraccount",
    ]);
  });

  it("that is known from an earlier check is not looked up again", async () => {
    const known = { uploadsaccount: accountId("uploadsaccount") };
    const { asked, result } = find(makeRequest(), {}, { known });
    expect(await result).toMatchObject({ accounts: known });
    expect(asked).toEqual([]);
  });

  it("that nobody finds ends the request, with both subscriptions", async () => {
    const { result } = find(makeRequest({ subscriptionId: "galleries" }), {});
    expect(await result).toMatchObject({
      failure: {
        code: "StorageAccountNotFound",
        message: expect.stringContaining(`galleries or ${SUBSCRIPTION_ID}`),
      },
    });
  });

  it("is the one that the manifest names, in its own subscription, also if the app may not see it", async () => {
    const storageAccountId = accountId("uploadsaccount").replace(SUBSCRIPTION_ID, "storage");
    const { asked, result } = find(makeRequest({ storageAccountId }), {});
    expect(await result).toMatchObject({ accounts: { uploadsaccount: storageAccountId } });
    expect(asked).toEqual(["storage/uploadsaccount"]);
  });

  it("that the manifest names for another account is not taken for this one", async () => {
    const { result } = find(makeRequest({ storageAccountId: accountId("elsewhere") }), {
      uploadsaccount: "westeurope",
    });
    expect(await result).toMatchObject({
      accounts: { uploadsaccount: accountId("uploadsaccount") },
    });
  });
});

describe("the region of a version from a VHD", () => {
  it("is that of the account where nobody named one", async () => {
    const { result } = find(makeRequest(ASSUMED), { uploadsaccount: "North Europe" });
    expect(await result).toEqual({
      accounts: { uploadsaccount: accountId("uploadsaccount") },
      gallery: makeGallery({
        location: "northeurope",
        publishingProfile: { targetRegions: [{ name: "northeurope" }] },
      }),
    });
  });

  it("is found out also for an account that the manifest names", async () => {
    const storageAccountId = accountId("uploadsaccount");
    const { result } = find(makeRequest({ ...ASSUMED, storageAccountId }), {
      uploadsaccount: "northeurope",
    });
    expect(await result).toMatchObject({ gallery: { location: "northeurope" } });
  });

  it("stays the assumed one, with its replicas, where the account does not show its own", async () => {
    const { result } = find(makeRequest(ASSUMED), { uploadsaccount: null });
    expect(await result).toMatchObject({ gallery: makeGallery() });
  });

  it("that was requested is compared, and both are named", async () => {
    const { result } = find(makeRequest(), { uploadsaccount: "northeurope" });
    expect(await result).toMatchObject({
      failure: {
        code: "StorageAccountLocationMismatch",
        message: expect.stringMatching(/'uploadsaccount' is in 'northeurope'.* 'westeurope'/),
        target: "gallery.location",
      },
    });
  });

  it("of a second account must be that of the first", async () => {
    const source = {
      kind: "externalBlob",
      uri: "https://second.blob.core.windows.net/c/d.vhd",
    } as const;
    const request = makeRequest(ASSUMED, { dataDisks: [makeDataDisk({ source })] });
    const { result } = find(request, { uploadsaccount: "northeurope", second: "westeurope" });
    expect(await result).toMatchObject({
      failure: { message: expect.stringMatching(/'second' is in 'westeurope'.* 'northeurope'/) },
    });
  });

  const two = {
    publishingProfile: { targetRegions: [{ name: "westeurope" }, { name: "eastus" }] },
  };
  it.each([
    { what: "no list, and no other region", regions: OWN, gallery: {}, isAllowed: true },
    { what: "no list, and another region", regions: OWN, gallery: two, isAllowed: false },
    { what: "a list with it", regions: listed("northeurope"), gallery: {}, isAllowed: true },
    { what: "a list without it", regions: listed("westeurope"), gallery: {}, isAllowed: false },
    { what: "every region", regions: ANYWHERE, gallery: two, isAllowed: true },
  ])("is taken only where the policy allows it: $what", async ({ regions, gallery, isAllowed }) => {
    const request = makeRequest({ ...ASSUMED, ...gallery });
    const { result } = find(request, { uploadsaccount: "northeurope" }, { regions });
    expect("gallery" in (await result)).toBe(isAllowed);
  });
});

describe("the sources of a version", () => {
  const disks = {
    osDisk: makeOsDisk({ source: { kind: "snapshot", id: SNAPSHOT } }),
    dataDisks: [
      makeDataDisk({ lun: 0, source: { kind: "managedDisk", id: DISK } }),
      makeDataDisk({ lun: 1, source: { kind: "managedDisk", id: DISK.toUpperCase() } }),
    ],
  };
  const noImages = { readSource: async () => null };

  it("are read once each, and the system is that of the OS disk", async () => {
    const sources = createFakeSourceService();
    sources.set(SNAPSHOT, { osType: "Windows", sizeGib: 30 });
    sources.set(DISK, { osType: "Linux", sizeGib: 4_000 });
    const read = await readSources(makeRequest({}, disks), noImages, { sources });
    expect(read.facts).toMatchObject({ osType: "Windows" });
    expect(read.sizes.map(({ gib }) => gib).sort()).toEqual([30, 4_000]);
    expect(sources.reads).toHaveLength(2);
  });

  it("are not read where they are blobs", async () => {
    const sources = createFakeSourceService();
    expect(await readSources(makeRequest(), noImages, { sources })).toEqual({
      facts: null,
      sizes: [],
    });
    expect(sources.reads).toEqual([]);
  });

  it("that the app may not read are left to Azure; another error is not passed over", async () => {
    const sources = createFakeSourceService();
    sources.set(SNAPSHOT, serviceError({ status: 403, code: "AuthorizationFailed" }));
    sources.set(DISK, null);
    expect(await readSources(makeRequest({}, disks), noImages, { sources })).toEqual({
      facts: null,
      sizes: [],
    });
    sources.set(SNAPSHOT, serviceError({ status: 503, code: "ServerBusy" }));
    await expect(readSources(makeRequest({}, disks), noImages, { sources })).rejects.toThrow();
  });

  it("are one image or version where the manifest says so", async () => {
    const source = { kind: "managedImage", id: computeId("images", "web") } as const;
    const facts = { location: "westeurope", sizeGib: 128 } as ImageFacts;
    const read: string[] = [];
    const readSource: GalleryService["readSource"] = async ({ id }) => {
      read.push(id);
      return facts;
    };
    const sources = createFakeSourceService();
    expect(await readSources(makeRequest({ source }), { readSource }, { sources })).toEqual({
      facts,
      sizes: [{ id: source.id, gib: 128 }],
    });
    expect(read).toEqual([source.id]);
    expect(sources.reads).toEqual([]);
  });
});

const SILENT = {
  osType: null,
  hyperVGeneration: null,
  architecture: null,
  securityType: null,
  sizeGib: null,
  machine: null,
};

describe("what speaks against a version", () => {
  const definition = makeDefinition({ hyperVGeneration: "V2", architecture: "Arm64" });
  const inspected = makeDisk({ inspection: makeInspection({ architecture: "x64" }) });
  const nothing = { facts: null, sizes: [] };
  const judge = (
    request: VersionRequest,
    {
      inspect = "enforce" as "enforce" | "warn" | "off",
      read = nothing as never,
      facts = definition,
    } = {},
  ) =>
    judgeVersion(
      facts,
      read,
      { record: makeRecord({ disks: [inspected], inspect }), clock: () => NOW },
      request,
    );
  const asked = makeRequest({}, { hyperVGeneration: "V2" });

  it("only the content of a disk says is a failure, a warning, or nothing, as 'inspect' has it", () => {
    const sentence = expect.stringContaining(
      "web.vhd has the architecture x64, but the definition",
    );
    expect(judge(asked)).toMatchObject({
      failure: { code: "DefinitionMismatch", message: sentence, target: definition.id },
      warnings: [],
    });
    expect(judge(asked, { inspect: "warn" })).toEqual({ failure: null, warnings: [sentence] });
    expect(judge(asked, { inspect: "off" })).toEqual({ failure: null, warnings: [] });
  });

  it("the request itself says is a failure whatever 'inspect' has", () => {
    const other = makeRequest({}, { hyperVGeneration: "V1" });
    expect(judge(other, { inspect: "off" }).failure).toMatchObject({
      message: expect.stringContaining("The request has the hyperVGeneration V1"),
    });
  });

  const plain = { inspect: "off", facts: makeDefinition({ hyperVGeneration: "V2" }) } as const;

  it.each([
    { mode: undefined, gib: 2_048, code: null },
    { mode: undefined, gib: 2_049, code: "GallerySourceResourceExceedsMaxSize" },
    { mode: "Full", gib: 2_049, code: "GallerySourceResourceExceedsMaxSize" },
    { mode: "Shallow", gib: 32_767, code: null },
    { mode: "Shallow", gib: 32_768, code: "GallerySourceResourceExceedsMaxSize" },
  ] as const)(
    "a snapshot or disk of $gib GiB with replicationMode $mode: $code",
    ({ mode, gib, code }) => {
      const { publishingProfile } = makeGallery();
      const profile = { ...publishingProfile, ...(mode && { replicationMode: mode }) };
      const request = makeRequest({ publishingProfile: profile }, { hyperVGeneration: "V2" });
      const read = { facts: null, sizes: [{ id: DISK, gib }] } as never;
      const { failure } = judge(request, { ...plain, read });
      expect(failure?.code ?? null).toBe(code);
      if (failure)
        expect(failure).toMatchObject({ message: expect.stringContaining(DISK), target: DISK });
    },
  );

  it("a source in another region names both; its own spelling of the same is fine", () => {
    const where = (location: string) =>
      judge(asked, { ...plain, read: { facts: { ...SILENT, location }, sizes: [] } as never })
        .failure;
    expect(where("East US")).toMatchObject({
      code: "StorageAccountLocationMismatch",
      message: expect.stringContaining("The source is in 'East US'"),
    });
    expect(where("West Europe")).toBeNull();
  });

  it.each([
    { seconds: 0, code: "InvalidParameter" },
    { seconds: 1, code: null },
  ])("an end of life $seconds s from now: $code", ({ seconds, code }) => {
    const { publishingProfile } = makeGallery();
    const endOfLifeDate = at(seconds).toISOString();
    const request = makeRequest(
      { publishingProfile: { ...publishingProfile, endOfLifeDate } },
      { hyperVGeneration: "V2" },
    );
    expect(judge(request, plain).failure?.code ?? null).toBe(code);
  });
});
