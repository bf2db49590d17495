import { describe, expect, it } from "vitest";
import { toStatusView } from "../../../../shared/http/status-view.ts";
import { createFakeApp, SUBSCRIPTION } from "../../../fakes/app.ts";
import { expectSoundRequest } from "../../../fuzz/expect-sound-request.ts";

const OTHER = "99999999-9999-4999-8999-999999999999";
const SNAPSHOT = "providers/Microsoft.Compute/snapshots/s";
const ALLOWED_GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/gold`;
const OS = { osType: "Linux", osState: "Generalized" };

/** Uploads a manifest with this disk and lets the app come to the end of it. */
async function request(parts: {
  disk?: object;
  properties?: object;
  envelope?: object;
  sources?: readonly string[];
  accounts?: readonly string[];
}) {
  const { sources = [ALLOWED_GROUP], accounts = [] } = parts;
  const app = createFakeApp({
    policy: { sources, sourceAccounts: accounts },
    timing: { waitDeadlineSeconds: 60 },
  });
  const properties = parts.properties ?? { storageProfile: { osDisk: { ...OS, ...parts.disk } } };
  await app.uploadManifest("web.json", { ...parts.envelope, properties });
  await app.run();
  return { app, record: app.recordOf("web.json") };
}

const snapshot = (id: string) => ({ disk: { snapshot: { id } } });

describe("a resource id", () => {
  it.each([
    `${ALLOWED_GROUP}/${SNAPSHOT}`,
    `${ALLOWED_GROUP}/${SNAPSHOT}`.slice(1),
    `${ALLOWED_GROUP}/${SNAPSHOT}`.toUpperCase(),
  ])("under an allowed prefix is used, in any case: %s", async (id) => {
    const { app } = await request(snapshot(id));
    expect(app.images.puts).toHaveLength(1);
  });

  it.each([
    ["of another subscription", `/subscriptions/${OTHER}/resourceGroups/gold/${SNAPSHOT}`],
    [
      "of a subscription that begins alike",
      `/subscriptions/${SUBSCRIPTION}0/resourceGroups/gold/${SNAPSHOT}`,
    ],
    ["of a group that begins alike", `${ALLOWED_GROUP}en/${SNAPSHOT}`],
    ["of a group that ends alike", `${ALLOWED_GROUP.replace("gold", "fools-gold")}/${SNAPSHOT}`],
    ["of a group with a dot more", `${ALLOWED_GROUP}./${SNAPSHOT}`],
    ["of a group with a look-alike letter", `${ALLOWED_GROUP.replace("gold", "gоld")}/${SNAPSHOT}`],
  ])("%s is not allowed", async (_, id) => {
    const { app, record } = await request(snapshot(id));
    expect(record).toMatchObject({ state: "failed", error: { code: "NotAllowed" } });
    expect(record.error?.message).toContain("ALLOWED_SOURCES");
    expect(app.images.puts).toEqual([]);
  });

  it("is compared letter by letter: the Kelvin sign is not a k", async () => {
    const sources = [ALLOWED_GROUP.replace("gold", "desk")];
    const id = `${ALLOWED_GROUP.replace("gold", "des\u212a")}/${SNAPSHOT}`;
    const { app, record } = await request({ ...snapshot(id), sources });
    expect(record.error?.code).toBe("NotAllowed");
    expect(app.images.puts).toEqual([]);
  });

  it.each([
    ["a slash twice", `${ALLOWED_GROUP}//${SNAPSHOT}`],
    ["two slashes first", `/${ALLOWED_GROUP}/${SNAPSHOT}`],
    ["a slash last", `${ALLOWED_GROUP}/${SNAPSHOT}/`],
    ["an encoded slash", `${ALLOWED_GROUP}%2f${SNAPSHOT}`],
    ["an encoded slash in the name", `${ALLOWED_GROUP}/${SNAPSHOT}%2F..%2Fx`],
    ["encoded dots", `${ALLOWED_GROUP}/%2e%2e/${SNAPSHOT}`],
    ["dots for the group", `/subscriptions/${SUBSCRIPTION}/resourceGroups/../${SNAPSHOT}`],
    ["dots for the name", `${ALLOWED_GROUP}/${SNAPSHOT.slice(0, -1)}..`],
    [
      "dots on the way",
      `${ALLOWED_GROUP}/../../../subscriptions/${OTHER}/resourceGroups/x/${SNAPSHOT}`,
    ],
    ["a backslash", `${ALLOWED_GROUP}\\${SNAPSHOT}`],
    ["another provider", `${ALLOWED_GROUP}/providers/Microsoft.Storage/storageAccounts/s`],
    ["a provider that begins alike", `${ALLOWED_GROUP}/providers/Microsoft.ComputeX/snapshots/s`],
    ["another type", `${ALLOWED_GROUP}/providers/Microsoft.Compute/disks/s`],
    ["a child type", `${ALLOWED_GROUP}/${SNAPSHOT}/children/c`],
    [
      "a child type of a gallery",
      `${ALLOWED_GROUP}/providers/Microsoft.Compute/galleries/g/images/i`,
    ],
    ["a query", `${ALLOWED_GROUP}/${SNAPSHOT}?api-version=1`],
    ["a fragment", `${ALLOWED_GROUP}/${SNAPSHOT}#x`],
    ["a space", `${ALLOWED_GROUP}/${SNAPSHOT} `],
    ["a line feed", `${ALLOWED_GROUP}/${SNAPSHOT}\n`],
    ["a host", `https://management.azure.com${ALLOWED_GROUP}/${SNAPSHOT}`],
    ["no name", `${ALLOWED_GROUP}/providers/Microsoft.Compute/snapshots`],
    ["no group", `/subscriptions/${SUBSCRIPTION}/${SNAPSHOT}`],
    [
      "a letter that only upper case makes an s",
      `${ALLOWED_GROUP}/providers/Microsoft.Compute/ſnapshots/s`,
    ],
    ["the Kelvin sign in its type", `${ALLOWED_GROUP}/providers/Microsoft.Compute/dis\u212as/s`],
  ])("with %s is not a resource id of a snapshot", async (_, id) => {
    const { app, record } = await request(snapshot(id));
    expect(record).toMatchObject({ state: "failed", error: { code: "InvalidManifest" } });
    expect(record.error?.message).toContain("osDisk.snapshot.id is ");
    expect(app.images.puts).toEqual([]);
  });

  it.each([
    [
      "managedDisk",
      {
        disk: {
          managedDisk: {
            id: `/subscriptions/${OTHER}/resourceGroups/gold/providers/Microsoft.Compute/disks/d`,
          },
        },
      },
    ],
    [
      "diskEncryptionSet",
      {
        disk: {
          blobUri: "web.vhd",
          diskEncryptionSet: {
            id: `/subscriptions/${OTHER}/resourceGroups/gold/providers/Microsoft.Compute/diskEncryptionSets/e`,
          },
        },
      },
    ],
    [
      "sourceVirtualMachine",
      {
        properties: {
          sourceVirtualMachine: {
            id: `/subscriptions/${OTHER}/resourceGroups/gold/providers/Microsoft.Compute/virtualMachines/v`,
          },
        },
      },
    ],
  ])("is judged wherever one may stand: %s", async (_, parts) => {
    const { app, record } = await request(parts);
    expect(record.error?.code).toBe("NotAllowed");
    expect(app.images.puts).toEqual([]);
  });
});

describe("a target", () => {
  it.each([
    ["another group", { resourceGroup: "other" }],
    ["a group that begins alike", { resourceGroup: "images-rg2" }],
    ["another subscription", { subscriptionId: OTHER }],
  ])("in %s is not allowed", async (_, envelope) => {
    const { app, record } = await request({
      ...snapshot(`${ALLOWED_GROUP}/${SNAPSHOT}`),
      envelope,
    });
    expect(record.error).toMatchObject({ code: "NotAllowed", target: "resourceGroup" });
    expect(record.error?.message).toContain("ALLOWED_TARGETS");
    expect(app.images.puts).toEqual([]);
  });

  it.each([
    { resourceGroup: "images-rg/../x" },
    { resourceGroup: ".." },
    { resourceGroup: "images-rg%2f" },
    { resourceGroup: "images-rg\n" },
    { subscriptionId: `${SUBSCRIPTION}/resourceGroups/x` },
    { imageName: "../x" },
    { imageName: "a/b" },
    { imageName: "a?b" },
    { imageName: "a\n" },
  ])("that is not a name is refused: %j", async (envelope) => {
    const { app, record } = await request({
      ...snapshot(`${ALLOWED_GROUP}/${SNAPSHOT}`),
      envelope,
    });
    expect(record.error?.code).toBe("InvalidManifest");
    expect(app.images.puts).toEqual([]);
  });
});

const SAS = "sv=2024-11-04&se=2030-01-01&sr=b&sp=r&sig=MARKED%2Fsignature%3D";

describe("the URI of a blob", () => {
  it.each([
    ["of another account", "https://other.blob.core.windows.net/vhds/web.vhd"],
    ["of an account that begins alike", "https://partner2.blob.core.windows.net/vhds/web.vhd"],
    ["of an account whose name is cut short", "https://partne.blob.core.windows.net/vhds/web.vhd"],
    ["of an account in another cloud", "https://other.blob.core.chinacloudapi.cn/vhds/web.vhd"],
  ])("%s is not allowed", async (_, blobUri) => {
    const { app, record } = await request({ disk: { blobUri }, accounts: ["partner"] });
    expect(record.error?.code).toBe("NotAllowed");
    expect(record.error?.message).toContain("ALLOWED_SOURCE_ACCOUNTS");
    expect(app.images.puts).toEqual([]);
  });

  it.each([
    "https://partner.blob.core.windows.net/vhds/web.vhd",
    "HTTPS://PARTNER.BLOB.CORE.WINDOWS.NET:443/vhds/web.vhd",
    "https://partner。blob。core。windows。net/vhds/web.vhd",
  ])("%s is handed on as it was judged", async (blobUri) => {
    const { app } = await request({ disk: { blobUri }, accounts: ["partner"] });
    expect(app.images.puts).toMatchObject([
      {
        body: {
          properties: {
            storageProfile: {
              osDisk: { blobUri: "https://partner.blob.core.windows.net/vhds/web.vhd" },
            },
          },
        },
      },
    ]);
  });

  it.each([
    ["a host that begins alike", "https://partner.blob.core.windows.net.evil.example/vhds/web.vhd"],
    ["a host that ends alike", "https://evilblob.core.windows.net/vhds/web.vhd"],
    ["a host below the account's", "https://x.partner.blob.core.windows.net/vhds/web.vhd"],
    ["a host with a dot last", "https://partner.blob.core.windows.net./vhds/web.vhd"],
    ["a host with a look-alike letter", "https://раrtner.blob.core.windows.net/vhds/web.vhd"],
    ["the host of another service", "https://partner.file.core.windows.net/vhds/web.vhd"],
    ["the host of a custom domain", "https://disks.example.org/vhds/web.vhd"],
    ["user information", "https://partner.blob.core.windows.net@evil.example/vhds/web.vhd"],
    [
      "a backslash before an at",
      "https://evil.example\\@partner.blob.core.windows.net/vhds/web.vhd",
    ],
    ["a port", "https://partner.blob.core.windows.net:444/vhds/web.vhd"],
    ["an IPv4 address", "https://169.254.169.254/vhds/web.vhd"],
    ["an IPv4 address in one number", "https://2852039166/vhds/web.vhd"],
    ["an IPv6 address", "https://[fd00::1]/vhds/web.vhd"],
    ["plain http", "http://partner.blob.core.windows.net/vhds/web.vhd"],
    ["the own account over plain http", "http://own.blob.core.windows.net/vhds/web.vhd"],
    ["no scheme but a host", "//partner.blob.core.windows.net/../web.vhd"],
    ["another scheme", "file:///vhds/web.vhd"],
    [
      "a snapshot",
      "https://own.blob.core.windows.net/vhds/web.vhd?snapshot=2024-01-01T00:00:00.0000000Z",
    ],
    [
      "a version",
      "https://own.blob.core.windows.net/vhds/web.vhd?versionid=2024-01-01T00:00:00.0000000Z",
    ],
    ["a segment ..", "https://own.blob.core.windows.net/vhds/../secrets/web.vhd"],
    ["an encoded segment ..", "https://own.blob.core.windows.net/vhds/%2e%2e/secrets/web.vhd"],
    [
      "a segment .. behind encoded slashes",
      "https://own.blob.core.windows.net/vhds/a%2f..%2f..%2fsecrets%2fweb.vhd",
    ],
    ["an encoded slash in the container", "https://own.blob.core.windows.net/vhds%2fx/web.vhd"],
    ["an encoded NUL", "https://own.blob.core.windows.net/vhds/web%00.vhd"],
    ["a name that climbs", "../secrets/web.vhd"],
  ])("with %s is refused", async (_, blobUri) => {
    const { app, record } = await request({ disk: { blobUri }, accounts: ["partner", "evil"] });
    expect(record).toMatchObject({ state: "failed", error: { code: "InvalidManifest" } });
    expect(record.error?.message).toContain("osDisk.blobUri is ");
    expect(app.images.puts).toEqual([]);
    expect(app.blobs.reads).toHaveLength(1);
  });

  it.each([
    `https://own.blob.core.windows.net/vhds/web.vhd?${SAS}`,
    `https://partner.blob.core.windows.net/vhds/web.vhd?${SAS}`,
    `https://evil.example/vhds/web.vhd?${SAS}`,
    `http://own.blob.core.windows.net/vhds/web.vhd?${SAS}`,
    `https://own.blob.core.windows.net:444/vhds/web.vhd?${SAS}#x`,
    `https://user:${SAS}@own.blob.core.windows.net/vhds/web.vhd`,
    `web.vhd?${SAS}`,
    `web.vhd?${SAS}&x=.vhd`,
    `folder/web.vhd?SIG=MARKED`,
  ])("with a SAS is refused, and nobody repeats it: %s", async (blobUri) => {
    const { app, record } = await request({ disk: { blobUri }, accounts: ["partner"] });
    expectSoundRequest(app, "web.json");
    expect(record.error?.code).toBe("InvalidManifest");
    const told = JSON.stringify([
      toStatusView(record),
      record,
      app.statusQueue.published,
      app.log.lines,
    ]);
    expect(told).not.toMatch(/MARKED|2024-11-04|2030-01-01/);
    if (/^(?:https:..own.blob.core.windows.net.vhds|web|folder)/.test(blobUri)) {
      expect(record.error?.message).toContain("remove the SAS");
    }
  });
});
