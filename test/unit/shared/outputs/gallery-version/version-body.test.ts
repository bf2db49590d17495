import { describe, expect, it } from "vitest";
import {
  accountOfBlob,
  listAccounts,
  toOwnVersionBody,
  toVersionBody,
} from "../../../../../shared/outputs/gallery-version/version-body.ts";
import {
  ACCOUNT_URL,
  computeId,
  makeDataDisk,
  makeGallery,
  makeImageRequest,
  makeOsDisk,
} from "../../../../factories.ts";

const ACCOUNT =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/uploadsaccount";
const accounts = { uploadsaccount: ACCOUNT };
const { osDisk: _, ...bare } = makeImageRequest();
const profileOf = (request: Parameters<typeof toVersionBody>[0]) =>
  toVersionBody(request, accounts).properties.storageProfile;

describe("the sources in a version's body", () => {
  it("are disks, each with its own kind of source and its caching", () => {
    const request = {
      ...makeImageRequest({
        osDisk: makeOsDisk({ caching: "ReadOnly" }),
        dataDisks: [
          makeDataDisk({ lun: 3, caching: "None" }),
          makeDataDisk({ lun: 0, source: { kind: "snapshot", id: computeId("snapshots", "s") } }),
        ],
      }),
      gallery: makeGallery(),
    };
    const blob = (name: string) => ({
      storageAccountId: ACCOUNT,
      uri: `${ACCOUNT_URL}/uploads/${name}`,
    });
    expect(profileOf(request)).toEqual({
      osDiskImage: { hostCaching: "ReadOnly", source: blob("web.vhd") },
      dataDiskImages: [
        { lun: 3, hostCaching: "None", source: blob("data.vhd") },
        { lun: 0, source: { id: computeId("snapshots", "s") } },
      ],
    });
  });

  it("are one machine, image or version, and then no disks", () => {
    const vm = computeId("virtualMachines", "vm");
    const gallery = makeGallery();
    expect(profileOf({ ...bare, sourceVirtualMachine: vm, gallery })).toEqual({
      source: { virtualMachineId: vm },
    });
    const image = { kind: "managedImage", id: computeId("images", "web") } as const;
    expect(profileOf({ ...bare, gallery: makeGallery({ source: image }) })).toEqual({
      source: { id: image.id },
    });
    const id = "/CommunityGalleries/contoso-1a2b/Images/ubuntu/Versions/1.0.0";
    const community = { kind: "communityGalleryImage", id } as const;
    expect(profileOf({ ...bare, gallery: makeGallery({ source: community }) })).toEqual({
      source: { communityGalleryImageId: id },
    });
  });

  it("lack an account's id that is not known, rather than having a wrong one", () => {
    const request = { ...makeImageRequest(), gallery: makeGallery() };
    expect(toVersionBody(request, {}).properties.storageProfile).toMatchObject({
      osDiskImage: { source: { storageAccountId: null } },
    });
  });
});

describe("the rest of a version's body", () => {
  it("is what the request says, and nothing where it says nothing", () => {
    const gallery = makeGallery({
      safetyProfile: { allowDeletionOfReplicatedLocations: true },
      securityProfile: { uefiSettings: { signatureTemplateNames: ["NoSignatureTemplate"] } },
      tags: { team: "blue" },
    });
    const { properties, ...top } = toVersionBody({ ...makeImageRequest(), gallery }, accounts);
    expect(top).toEqual({ location: "westeurope", tags: { team: "blue" } });
    expect(properties).toMatchObject({
      publishingProfile: { targetRegions: [{ name: "westeurope" }] },
      safetyProfile: { allowDeletionOfReplicatedLocations: true },
      securityProfile: { uefiSettings: { signatureTemplateNames: ["NoSignatureTemplate"] } },
    });
    const plain = toVersionBody({ ...makeImageRequest(), gallery: makeGallery() }, accounts);
    expect(plain.tags).toEqual({});
    expect(Object.keys(plain.properties)).toEqual(["publishingProfile", "storageProfile"]);
  });

  it("has two tags of the app's own; the digest changes with what is requested alone", () => {
    const bodyOf = (definition: object, requestId = "r1") =>
      toOwnVersionBody(
        { ...makeImageRequest(), gallery: makeGallery(definition) },
        accounts,
        requestId,
      );
    const first = bodyOf({ tags: { team: "blue" } });
    expect(first.tags).toEqual({
      team: "blue",
      "vhd-to-image-record": "r1",
      "vhd-to-image-request": expect.any(String),
    });
    const digestOf = ({ tags }: ReturnType<typeof bodyOf>) =>
      (tags as Record<string, string>)["vhd-to-image-request"];
    expect(digestOf(bodyOf({ tags: { team: "blue" } }, "r2"))).toBe(digestOf(first));
    expect(digestOf(bodyOf({ tags: { team: "red" } }))).not.toBe(digestOf(first));
  });
});

describe("the account of a blob", () => {
  it.each([
    ["https://disks.blob.core.windows.net/c/web.vhd", "disks"],
    ["https://disks.z12.blob.storage.azure.net/c/web.vhd", "disks"],
    ["http://127.0.0.1:10000/devstoreaccount1/c/web.vhd", "devstoreaccount1"],
    ["http://127.0.0.1:10000/", ""],
  ])("%s: '%s'", (uri, account) => {
    expect(accountOfBlob(uri)).toBe(account);
  });

  it("is listed once, and not for other sources", () => {
    const disks = [
      makeDataDisk(),
      makeDataDisk({ source: { kind: "managedDisk", id: computeId("disks", "d") } }),
      makeDataDisk({
        source: { kind: "externalBlob", uri: "https://bbb.blob.core.windows.net/c/d.vhd" },
      }),
    ];
    expect(listAccounts(makeImageRequest({ dataDisks: disks }))).toEqual(["uploadsaccount", "bbb"]);
    expect(listAccounts(bare)).toEqual([]);
  });
});
