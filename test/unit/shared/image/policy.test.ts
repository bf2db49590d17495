import { describe, expect, it } from "vitest";
import type { ImageRequest } from "../../../../shared/image/image-request.ts";
import type { PolicySettings } from "../../../../shared/image/policy.ts";
import { checkPolicy, createPolicy } from "../../../../shared/image/policy.ts";
import {
  computeId,
  makeDataDisk,
  makeDefaults,
  makeImageRequest,
  makeOsDisk,
  SUBSCRIPTION_ID,
} from "../../../factories.ts";

const OTHER_SUBSCRIPTION = "99999999-8888-7777-6666-555555555555";
const NOTHING_SET: PolicySettings = { targets: [], sources: [], sourceAccounts: [], regions: [] };

/** The messages of a refusal; none when the request is allowed. */
function check(request: Partial<ImageRequest>, settings: Partial<PolicySettings> = {}): string[] {
  const policy = createPolicy({ ...NOTHING_SET, ...settings }, makeDefaults());
  const refusal = checkPolicy(makeImageRequest(request), policy);
  return refusal?.details.map(({ message }) => message) ?? [];
}

function fromSnapshot(id: string): Partial<ImageRequest> {
  return { osDisk: makeOsDisk({ source: { kind: "snapshot", id } }) };
}

describe("without a word in the settings", () => {
  it("the configured target, sources of the configured subscription and own blobs are allowed", () => {
    expect(check({})).toEqual([]);
    expect(check(fromSnapshot(computeId("snapshots", "s")))).toEqual([]);
    expect(check({ dataDisks: [makeDataDisk()] })).toEqual([]);
  });

  it("any other target is refused", () => {
    expect(check({ resourceGroup: "other-rg" })).toEqual([
      `Images may not be created in ${SUBSCRIPTION_ID}/other-rg: ALLOWED_TARGETS does not list it.`,
    ]);
    expect(check({ subscriptionId: OTHER_SUBSCRIPTION })).toHaveLength(1);
  });

  it("resources of any other subscription are refused", () => {
    const id = computeId("snapshots", "s").replace(SUBSCRIPTION_ID, OTHER_SUBSCRIPTION);

    expect(check(fromSnapshot(id))).toEqual([
      `${id} may not be used: ALLOWED_SOURCES does not cover it.`,
    ]);
  });

  it("blobs of any other account are refused", () => {
    const source = {
      kind: "externalBlob",
      uri: "https://other.blob.core.windows.net/c/a.vhd",
    } as const;

    expect(check({ osDisk: makeOsDisk({ source }) })).toEqual([
      "Blobs of the storage account 'other' may not be used: ALLOWED_SOURCE_ACCOUNTS does not list it.",
    ]);
  });

  it("nothing is allowed that needs a default which is not configured", () => {
    const policy = createPolicy(NOTHING_SET, makeDefaults({ subscriptionId: null }));
    const request = makeImageRequest(fromSnapshot(computeId("snapshots", "s")));

    expect(checkPolicy(request, policy)?.details).toHaveLength(2);
    expect(createPolicy(NOTHING_SET, makeDefaults({ resourceGroup: null })).targets).toEqual([]);
  });
});

describe("ALLOWED_TARGETS", () => {
  it("replaces the default, in any case", () => {
    const targets = [`${OTHER_SUBSCRIPTION}/Golden-RG`];
    const request = {
      subscriptionId: OTHER_SUBSCRIPTION.toUpperCase(),
      resourceGroup: "golden-rg",
    };

    expect(check(request, { targets })).toEqual([]);
    expect(check({}, { targets })).toHaveLength(1);
  });
});

describe("ALLOWED_SOURCES", () => {
  const group = computeId("snapshots", "s").split("/providers")[0] ?? "";

  it.each([
    group,
    `${group}/`,
    group.toUpperCase(),
    `${group}/providers/Microsoft.Compute/snapshots`,
    computeId("snapshots", "s"),
  ])("%s covers a snapshot of that group", (prefix) => {
    expect(check(fromSnapshot(computeId("snapshots", "S")), { sources: [prefix] })).toEqual([]);
  });

  it.each([
    { prefix: "the beginning of a group's name", covers: group.slice(0, -1), name: "s" },
    { prefix: "the beginning of a name", covers: computeId("snapshots", "oth"), name: "other" },
    { prefix: "another type", covers: computeId("disks", "s"), name: "s" },
    { prefix: "a longer id", covers: `${computeId("snapshots", "s")}/child`, name: "s" },
    { prefix: "another subscription", covers: `/subscriptions/${OTHER_SUBSCRIPTION}`, name: "s" },
  ])("compares by segments: $prefix covers nothing", ({ covers, name }) => {
    expect(check(fromSnapshot(computeId("snapshots", name)), { sources: [covers] })).toHaveLength(
      1,
    );
  });

  it("does not allow …/sub12 for …/sub1", () => {
    const sources = ["/subscriptions/sub1"];
    const id = (subscription: string) =>
      `/subscriptions/${subscription}/resourceGroups/g/providers/Microsoft.Compute/snapshots/s`;

    expect(check(fromSnapshot(id("sub1")), { sources })).toEqual([]);
    expect(check(fromSnapshot(id("sub12")), { sources })).toHaveLength(1);
  });

  it("never covers another provider, a child or a path with dots", () => {
    const sources = ["/subscriptions"];
    const ids = [
      computeId("snapshots", "s").replace("Microsoft.Compute", "Microsoft.Storage"),
      `${computeId("snapshots", "s")}/child/c`,
      `${group}/../../providers/x`,
    ];

    expect(ids.flatMap((id) => check(fromSnapshot(id), { sources }))).toHaveLength(3);
    expect(check(fromSnapshot(computeId("snapshots", "s")), { sources })).toEqual([]);
  });

  it("holds for virtual machines, managed disks and encryption sets too", () => {
    const id = (type: string) => computeId(type, "x").replace(SUBSCRIPTION_ID, OTHER_SUBSCRIPTION);
    const refusal = checkPolicy(
      makeImageRequest({
        sourceVirtualMachine: id("virtualMachines"),
        osDisk: makeOsDisk({ diskEncryptionSet: id("diskEncryptionSets") }),
        dataDisks: [makeDataDisk({ source: { kind: "managedDisk", id: id("disks") } })],
      }),
      createPolicy(NOTHING_SET, makeDefaults()),
    );

    expect(refusal?.details.map(({ target }) => target)).toEqual([
      "properties.sourceVirtualMachine",
      "properties.storageProfile.osDisk",
      "properties.storageProfile.dataDisks[0]",
    ]);
  });
});

describe("ALLOWED_SOURCE_ACCOUNTS", () => {
  it("lists accounts, in any case", () => {
    const source = {
      kind: "externalBlob",
      uri: "https://other.blob.core.windows.net/c/a.vhd",
    } as const;
    const request = { osDisk: makeOsDisk({ source }), dataDisks: [makeDataDisk({ source })] };

    expect(check(request, { sourceAccounts: ["OTHER"] })).toEqual([]);
    expect(check(request, { sourceAccounts: ["othe", "other1"] })).toHaveLength(2);
  });
});

describe("a virtual machine", () => {
  it("of the configured subscription is allowed, without any disk", () => {
    const { osDisk: _, ...request } = makeImageRequest({
      sourceVirtualMachine: computeId("virtualMachines", "vm"),
    });

    expect(checkPolicy(request, createPolicy(NOTHING_SET, makeDefaults()))).toBeNull();
  });
});

describe("a refusal", () => {
  it("tells every reason at once and names the settings", () => {
    const id = computeId("snapshots", "s").replace(SUBSCRIPTION_ID, OTHER_SUBSCRIPTION);
    const request = makeImageRequest({ resourceGroup: "other-rg", ...fromSnapshot(id) });

    expect(checkPolicy(request, createPolicy(NOTHING_SET, makeDefaults()))).toEqual({
      code: "NotAllowed",
      message: `Images may not be created in ${SUBSCRIPTION_ID}/other-rg: ALLOWED_TARGETS does not list it. ${id} may not be used: ALLOWED_SOURCES does not cover it.`,
      fix: "Request something that is allowed, or have an operator extend the setting that the message names.",
      retryable: false,
      target: "resourceGroup",
      details: [
        {
          code: "NotAllowed",
          message: `Images may not be created in ${SUBSCRIPTION_ID}/other-rg: ALLOWED_TARGETS does not list it.`,
          target: "resourceGroup",
        },
        {
          code: "NotAllowed",
          message: `${id} may not be used: ALLOWED_SOURCES does not cover it.`,
          target: "properties.storageProfile.osDisk",
        },
      ],
    });
  });
});

describe("ALLOWED_REGIONS", () => {
  const zone = { name: "microsoftlosangeles1", type: "EdgeZone" };
  const refused = (region: string) =>
    `Images may not be created in the region '${region}': ALLOWED_REGIONS does not list it.`;
  const foreignBlob = (account: string) => ({
    osDisk: makeOsDisk({
      source: { kind: "externalBlob", uri: `https://${account}.blob.core.windows.net/c/a.vhd` },
    }),
  });

  it("not set, allows the configured region, however it is written", () => {
    expect(check({ location: "West Europe" })).toEqual([]);
    expect(check({ location: "WESTEUROPE" })).toEqual([]);
    expect(check({ location: "eastasia" })).toEqual([refused("eastasia")]);
  });

  it("not set, allows the regions of sources that are allowed: the service takes no other", () => {
    const location = "eastasia";

    expect(check({ location, ...fromSnapshot(computeId("snapshots", "s")) })).toEqual([]);
    expect(check({ location, ...foreignBlob("friend") }, { sourceAccounts: ["friend"] })).toEqual(
      [],
    );
    expect(check({ location, ...foreignBlob("stranger") })).toEqual([
      expect.stringContaining("ALLOWED_SOURCE_ACCOUNTS"),
    ]);
  });

  it("not set and without a configured region, allows none for blobs of the own account", () => {
    const policy = createPolicy(NOTHING_SET, makeDefaults({ location: null }));

    expect(checkPolicy(makeImageRequest({ location: "westeurope" }), policy)).toMatchObject({
      code: "NotAllowed",
      message: refused("westeurope"),
      target: "location",
    });
  });

  it("set, is all that is allowed, display names included", () => {
    const regions = ["North Europe", "eastus"];

    expect(check({ location: "northeurope" }, { regions })).toEqual([]);
    expect(check({ location: "East US" }, { regions })).toEqual([]);
    expect(check({ location: "westeurope" }, { regions })).toEqual([refused("westeurope")]);
    expect(
      check({ location: "westeurope", ...fromSnapshot(computeId("snapshots", "s")) }, { regions }),
    ).toEqual([refused("westeurope")]);
  });

  it("with an asterisk, allows every region and edge zone", () => {
    const regions = ["eastus", "*"];

    expect(check({ location: "mars", extendedLocation: zone }, { regions })).toEqual([]);
  });

  it("has to list an edge zone by its own name", () => {
    expect(check({ extendedLocation: zone })).toEqual([
      "Images may not be created in the edge zone 'microsoftlosangeles1': ALLOWED_REGIONS does not list it.",
    ]);
    expect(
      check({ extendedLocation: zone }, { regions: ["westeurope", "MicrosoftLosAngeles1"] }),
    ).toEqual([]);
  });
});

describe("AZURE_CLOUD", () => {
  const friend = (suffix: string) =>
    makeImageRequest({
      osDisk: makeOsDisk({
        source: { kind: "externalBlob", uri: `https://friend.blob.core.${suffix}/c/a.vhd` },
      }),
    });
  const settings = { ...NOTHING_SET, sourceAccounts: ["friend"] };

  it("is the cloud that the allowed accounts are in", () => {
    const here = createPolicy(settings, makeDefaults());
    const inChina = createPolicy(settings, makeDefaults(), "AzureChinaCloud");

    expect(checkPolicy(friend("windows.net"), here)).toBeNull();
    expect(checkPolicy(friend("chinacloudapi.cn"), inChina)).toBeNull();
    expect(checkPolicy(friend("windows.net"), inChina)?.code).toBe("NotAllowed");
    for (const suffix of ["chinacloudapi.cn", "usgovcloudapi.net"]) {
      expect(checkPolicy(friend(suffix), here)).toMatchObject({
        code: "NotAllowed",
        message: expect.stringMatching(
          /'friend' in Azure\w+ may not be used: ALLOWED_SOURCE_ACCOUNTS lists accounts of AzureCloud, the cloud set by AZURE_CLOUD\.$/,
        ),
      });
    }
  });
});
