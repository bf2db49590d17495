import { describe, expect, it } from "vitest";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";

const ref = (name: string) => ({ container: "uploads", name });
const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "web-os.vhd" };
const manifest = { properties: { storageProfile: { osDisk } } };
const text = JSON.stringify(manifest);
const metadata = { ostype: "Linux", osstate: "Generalized", hypervgeneration: "V1" };

const utf16le = (value: string) => Buffer.from(value, "utf16le");
const utf16be = (value: string) => Buffer.from(value, "utf16le").swap16();
const broken = JSON.stringify({ ...manifest, oops: 1 });

async function uploadBytes(app: FakeApp, name: string, bytes: Uint8Array): Promise<void> {
  app.blobs.putBytes(ref(name), bytes);
  await app.event(name);
}

describe("UTF-16 with a mark", () => {
  it.each([
    ["little-endian", utf16le(`\ufeff${text}`)],
    ["big-endian", utf16be(`\ufeff${text}`)],
  ])("is read: %s", async (_, bytes) => {
    const app = createFakeApp();
    await app.uploadVhd("web-os.vhd", metadata);
    await uploadBytes(app, "web.json", bytes);
    await app.run();

    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(app.recordOf("web-os.vhd").state).toBe("canceled");
    expect(app.images.puts).toHaveLength(1);
  });
});

/** Manifests that are refused, each of which names web-os.vhd. */
const REFUSED: readonly (readonly [string, Uint8Array])[] = [
  ["with an unknown key", Buffer.from(broken)],
  ["in UTF-16 with an unknown key", utf16le(`\ufeff${broken}`)],
  ["in UTF-16 without a mark", utf16le(text)],
  ["in big-endian UTF-16 without a mark", utf16be(text)],
  ["in UTF-16 cut within a character", utf16le(`\ufeff${text}`).subarray(0, -1)],
  ["in UTF-16 with half of a surrogate pair", utf16le(`\ufeff${text.replace("L", "\ud800")}`)],
  [
    "in UTF-32",
    Buffer.from([0xff, 0xfe, 0, 0, ...[...text].flatMap((c) => [c.charCodeAt(0), 0, 0, 0])]),
  ],
  ["with a byte that is not UTF-8", Buffer.concat([Buffer.from(text), Buffer.from([0xff])])],
  ["with a NUL byte", Buffer.from(`${text}\0`)],
  ["that breaks off", Buffer.from(text.slice(0, -5))],
  ["beyond 256 KiB", Buffer.from(text + " ".repeat(256 * 1024))],
  ["nested too deep", Buffer.from(`${text.slice(0, -1)},"x":${"[".repeat(50)}${"]".repeat(50)}}`)],
  ["as a template", Buffer.from(JSON.stringify({ resources: [{ properties: manifest }] }))],
  ["with an escaped name", Buffer.from(broken.replace("web-os.vhd", "web\\u002dos\\u002evhd"))],
  ["with the name in another case", Buffer.from(broken.replace("web-os.vhd", "Web-OS.VHD"))],
  ["with the container in front", Buffer.from(broken.replace("web-os", "uploads/web-os"))],
  ["with a path of Windows", Buffer.from(broken.replace("web-os", "C:\\\\disks\\\\web-os"))],
  ["without the extension", Buffer.from(text.replace("web-os.vhd", "web-os"))],
  ["with a snapshot of the blob", Buffer.from(text.replace(".vhd", ".vhd?snapshot=2026-01-01"))],
  ["with a SAS", Buffer.from(text.replace(".vhd", ".vhd?sv=1&sig=c2VjcmV0"))],
];

describe("a manifest that is refused", () => {
  it.each(REFUSED)("speaks for the disk that it names: %s", async (_, bytes) => {
    const app = createFakeApp({ defaults: { osType: "Linux", osState: "Generalized" } });
    await app.uploadVhd("web-os.vhd", metadata);
    await uploadBytes(app, "web.json", bytes);
    await app.run();

    expect(app.recordOf("web.json").state).toBe("failed");
    expect(app.recordOf("web-os.vhd").state).toBe("canceled");
    expect(app.recordOf("web-os.vhd").events.at(-1)?.message).toMatch(
      /^is a disk of the manifest web\.json \(request \w+\), which failed: correct the manifest .* or delete it/,
    );
    expect(app.images.puts).toEqual([]);
  });

  it("speaks no longer when it has been deleted", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", broken);
    await app.run();
    app.blobs.remove(ref("web.json"));
    await app.uploadVhd("web-os.vhd", metadata);
    await app.run();

    expect(app.recordOf("web-os.vhd").state).toBe("succeeded");
  });

  it("does not speak for disks that it does not name", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", broken);
    await app.uploadVhd("other-os.vhd", metadata);
    await app.run();

    expect(app.recordOf("other-os.vhd").state).toBe("succeeded");
  });

  it("does not keep a name with a secret in it, in the table or anywhere else", async () => {
    const app = createFakeApp();
    const { putClaim } = app.records;
    const claimed: string[] = [];
    app.records.putClaim = async (claim) => {
      claimed.push(claim.blob.name);
      await putClaim(claim);
    };
    await app.uploadManifest("web.json", {
      oops: [
        "https://own.blob.core.windows.net/uploads/b%3Fsig%3DPLANTED.vhd",
        // Only what it is decoded to has the shape of a secret.
        "https://own.blob.core.windows.net/uploads/b%3F%73ig%3DPLANTED.vhd",
        "b?sig=PLANTED.vhd",
        "az storage blob upload --sas-token ?sv=1&sig=PLANTED.vhd --name plain.vhd",
      ],
    });
    await app.run();

    expect(claimed).toContain("plain.vhd");
    expect(claimed.filter((name) => name.includes("PLANTED"))).toEqual([]);
    expect(app.records.rows().join()).not.toContain("PLANTED");
    expect(JSON.stringify(app.recordOf("web.json"))).not.toContain("PLANTED");
  });

  it("names no more blobs than are claimed for one", async () => {
    const app = createFakeApp();
    const many = Array.from({ length: 5000 }, (_, index) => `"${index}.vhd"`).join(",");
    await app.uploadManifest("web.json", `{ "x": [${many}] }`);
    await app.run();

    const claimed = await Promise.all(
      [0, 100, 199, 200, 4999].map((index) => app.records.listClaims(ref(`${index}.vhd`))),
    );
    expect(claimed.map(({ length }) => length)).toEqual([1, 1, 1, 0, 0]);
  });

  it("says that an earlier state of a blob cannot be a source", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", text.replace(".vhd", ".vhd?snapshot=2026-01-01"));
    await app.uploadManifest(
      "web2.json",
      text.replace("web-os.vhd", "https://own.blob.core.windows.net/uploads/a.vhd?versionId=1"),
    );
    await app.run();

    for (const name of ["web.json", "web2.json"]) {
      expect(app.recordOf(name).error?.message).toContain(
        "a snapshot or version of a blob cannot be the source of an image; copy it",
      );
    }
  });
});

describe("a blob that a manifest misspells", () => {
  it.each([
    ["uploads/web-os.vhd", "web.json", "web-os.vhd"],
    ["/web-os.vhd", "web.json", "web-os.vhd"],
    ["WEB-os.vhd", "web.json", "web-os.vhd"],
    ["web%20os.vhd", "web.json", "web os.vhd"],
    [" web-os.vhd", "web.json", "web-os.vhd"],
    ["web-os.vhd", "team/web.json", "team/web-os.vhd"],
    ["web-os.vhd", "web.json", "Web-Os.VHD"],
    ["https://own.blob.core.windows.net/other/web-os.vhd", "web.json", "web-os.vhd"],
  ])("%j of %s is named at once, and held back: %s", async (blobUri, name, meant) => {
    const app = createFakeApp();
    await app.uploadVhd(meant, metadata);
    await app.uploadManifest(name, {
      imageName: "web",
      properties: { storageProfile: { osDisk: { ...osDisk, blobUri } } },
    });
    await app.runFor(30);
    expect(app.recordOf(name)).toMatchObject({
      state: "waiting",
      disks: [{ state: "missing", detail: expect.stringContaining(`'${meant}' does`) }],
    });

    await app.runFor(3600);
    expect(app.recordOf(meant)).toMatchObject({
      state: "waiting",
      disks: [{ detail: expect.stringContaining(`the manifest ${name}`) }],
    });
    expect(app.images.puts).toEqual([]);
  });

  it("goes on by itself when the manifest is deleted", async () => {
    const app = createFakeApp();
    await app.uploadVhd("web-os.vhd", metadata);
    await app.uploadManifest("web.json", text.replace("web-os", "uploads/web-os"));
    await app.runFor(600);
    app.blobs.remove(ref("web.json"));
    await app.run();

    expect(app.recordOf("web-os.vhd").state).toBe("succeeded");
  });

  it("is not held back by a manifest whose own disk is there", async () => {
    const app = createFakeApp();
    await app.uploadVhd("uploads/web-os.vhd", metadata);
    await app.uploadManifest("web.json", text.replace("web-os", "uploads/web-os"));
    await app.uploadVhd("web-os.vhd", metadata);
    await app.run();

    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(app.recordOf("web-os.vhd").state).toBe("succeeded");
  });
});
