import { describe, expect, it } from "vitest";
import { CONTAINER, createFakeApp, type FakeApp } from "../../fakes/app.ts";
import { makeFooter, VHD_BYTES } from "../../fakes/vhd.ts";
import { CONTENT_MD5 } from "../../uploaders/tools.ts";

/**
 * The limits of the rules, so that nobody takes the matrix for more than it is. An upload
 * cannot be told from a finished one when the footer has overtaken other pages of its parallel window
 * and then nothing is written for a while. The PUT comes early; what protects is the look at the disk
 * after the service has made the image.
 */

const vhd = { container: CONTAINER, name: "os.vhd" };
const defaults = { osType: "Linux", osState: "Generalized" } as const;
const manifest = {
  properties: { storageProfile: { osDisk: { ...defaults, blobUri: "os.vhd" } } },
};

/** An app with a VHD whose footer has overtaken other pages. */
async function footerFirst(metadata: Record<string, string> = {}): Promise<FakeApp> {
  const app = createFakeApp({ defaults });
  app.blobs.createPageBlob(vhd, VHD_BYTES, metadata);
  await app.event("os.vhd");
  await app.runFor(30);
  app.blobs.writeFooter(vhd, makeFooter());
  return app;
}

/** The upload goes on after so long, in which the service has not finished the image. */
async function goOnAfter(seconds: number, app: FakeApp): Promise<void> {
  const running = { status: "running", retryAfterSeconds: null } as const;
  app.images.nextPolls.push(...Array.from({ length: 100 }, () => running));
  await app.runFor(seconds);
  app.blobs.writePage(vhd);
  await app.run();
}

describe("a disk whose footer came before other pages", () => {
  it.each([
    { silence: 299, puts: 0 },
    { silence: 302, puts: 1 },
  ])("is taken for complete after SETTLE_SECONDS of silence: $silence s", async (given) => {
    const app = await footerFirst();
    await app.runFor(given.silence);
    expect(app.images.puts).toHaveLength(given.puts);
  });

  it.each([
    { silence: 9, puts: 0 },
    { silence: 12, puts: 1 },
  ])("is taken for complete when a manifest says so: after $silence s", async (given) => {
    const app = await footerFirst();
    await app.uploadManifest("web.json", manifest);
    await app.runFor(given.silence);
    expect(app.images.puts).toHaveLength(given.puts);
  });

  it("fails when the upload goes on while the service makes the image", async () => {
    const app = await footerFirst();
    await app.uploadManifest("web.json", manifest);
    await goOnAfter(30, app);
    expect(app.recordOf("web.json").error?.code).toBe("SourceChangedDuringCreate");
  });

  it("is never taken for complete while its uploader's working metadata is there", async () => {
    const app = await footerFirst({ diskmetadata: "{}" });
    await app.uploadManifest("web.json", manifest);
    await app.runFor(12 * 3600);
    expect(app.images.puts).toEqual([]);
  });
});

describe("a VHD with an end mark, whose manifest's event is late", () => {
  it("waits for the manifest: it is there for everybody to see", async () => {
    const app = await footerFirst();
    app.blobs.setContentMd5(vhd, CONTENT_MD5);
    await app.runFor(1);
    const web = { container: CONTAINER, name: "web.json" };
    app.blobs.putText(web, JSON.stringify(manifest));
    await app.runFor(75);
    await app.event("web.json");
    await app.run();
    expect(app.images.puts.map(({ id }) => id.split("/").at(-1))).toEqual(["web"]);
  });
});

describe("an end mark that says nothing about the end", () => {
  it("is believed all the same: uploadcomplete that came with the metadata of a copied blob", async () => {
    const app = await footerFirst({ uploadcomplete: "true" });
    await app.runFor(75);
    expect(app.images.puts).toHaveLength(1);
  });

  it("is not believed: a server-side copy that somebody goes on to patch", async () => {
    const app = createFakeApp({ defaults });
    app.blobs.createPageBlob(vhd, VHD_BYTES);
    app.blobs.writeFooter(vhd, makeFooter());
    app.blobs.setCopyStatus(vhd, "success");
    await app.event("os.vhd");
    await app.runFor(5);
    app.blobs.writePage(vhd);
    await app.runFor(75);
    expect(app.images.puts).toHaveLength(0);
  });
});
