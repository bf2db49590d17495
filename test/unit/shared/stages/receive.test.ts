import { describe, expect, it } from "vitest";
import { createFakeApp, SUBSCRIPTION } from "../../../fakes/app.ts";

const os = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const manifest = { properties: { storageProfile: { osDisk: os } } };
const SNAPSHOT =
  "/subscriptions/{subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/snapshots/s";

describe("receive", () => {
  it("plans the disks of a manifest and waits for its blobs", async () => {
    const app = createFakeApp();
    const dataDisks = [{ lun: 3, snapshot: { id: SNAPSHOT } }];
    await app.uploadManifest("web.json", {
      properties: { storageProfile: { osDisk: os, dataDisks } },
    });
    await app.runFor(0);
    expect(app.recordOf("web.json")).toMatchObject({
      state: "waiting",
      image: {
        name: "web",
        resourceGroup: "images-rg",
        subscriptionId: SUBSCRIPTION,
        location: "westeurope",
        id: null,
      },
      disks: [
        { role: "os", lun: null, ref: { container: "uploads", name: "os.vhd" }, state: "missing" },
        {
          role: "data",
          lun: 3,
          ref: null,
          external: expect.stringContaining("/snapshots/s"),
          state: "external",
        },
      ],
    });
  });

  it("fails a wrong manifest with every problem at once", async () => {
    const app = createFakeApp();
    await app.uploadManifest(
      "web.json",
      '{\n  "imagename": "x",\n  "properties": { "storageProfile": { "osDisk": { "osType": "Linux", "osState": "G" } } }\n}',
    );
    await app.run();
    const { state, error } = app.recordOf("web.json");
    expect(state).toBe("failed");
    expect(error).toMatchObject({ code: "InvalidManifest", retryable: false, target: "imagename" });
    expect(error?.message).toContain("web.json has 3 problems");
    expect(error?.details.map(({ message }) => message)).toEqual([
      "line 2, column 3: imagename is not a known key; did you mean 'imageName'?",
      expect.stringContaining("line 3, column 39: properties.storageProfile.osDisk has no source"),
      expect.stringContaining('is "G"; expected one of Generalized, Specialized'),
    ]);
  });

  it("names line and column of a syntax error", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", '{\n  "properties": {\n');
    await app.run();
    expect(app.recordOf("web.json").error?.message).toMatch(/line 3, column 1: a closing brace/);
  });

  it("fails an empty manifest", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", "");
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({ code: "InvalidManifest" });
  });

  it("fails a manifest beyond 256 KiB, of which no more than that is read", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", `{}${" ".repeat(256 * 1024)}`);
    await app.run();
    expect(app.recordOf("web.json").error?.message).toBe(
      "web.json has 262146 bytes; a manifest has at most 262144.",
    );
    expect(app.blobs.reads.map(({ count }) => count)).toEqual([256 * 1024]);
  });

  it("takes a manifest of exactly 256 KiB", async () => {
    const app = createFakeApp();
    const text = JSON.stringify(manifest);
    await app.uploadManifest("web.json", text + " ".repeat(256 * 1024 - text.length));
    await app.runFor(0);
    expect(app.recordOf("web.json").state).toBe("waiting");
  });

  it("refuses what the policy does not allow, and names the setting", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", { ...manifest, resourceGroup: "prod-rg" });
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({
      state: "failed",
      image: { name: "web", resourceGroup: "prod-rg" },
      error: { code: "NotAllowed", message: expect.stringContaining("ALLOWED_TARGETS") },
    });
  });

  it("cancels when the manifest was deleted or replaced before it was read", async () => {
    const app = createFakeApp();
    await app.uploadManifest("gone.json", manifest);
    await app.uploadManifest("new.json", manifest);
    const replaced = app.recordOf("new.json").requestId;
    app.blobs.remove({ container: "uploads", name: "gone.json" });
    app.blobs.putText({ container: "uploads", name: "new.json" }, "{}");
    await app.runFor(0);
    expect(app.recordOf("gone.json").state).toBe("canceled");
    expect((await app.records.get(replaced))?.record.state).toBe("canceled");
  });

  it("cancels when the manifest changes between look and read", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    const { getProperties } = app.blobs;
    app.blobs.getProperties = async (ref) => {
      const properties = await getProperties(ref);
      app.blobs.writePage(ref);
      return properties;
    };
    await app.runFor(0);
    expect(app.recordOf("web.json").state).toBe("canceled");
  });

  it("claims also the disks of a manifest that is wrong", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", { ...manifest, oops: 1 });
    await app.run();
    expect(await app.records.listClaims({ container: "uploads", name: "os.vhd" })).toEqual([
      app.recordOf("web.json").requestId,
    ]);
  });

  it("goes on when a read of storage fails otherwise than by a change", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    app.blobs.read = async () => Promise.reject(new Error("storage is down"));
    await expect(app.run()).rejects.toThrow("storage is down");
    expect(app.recordOf("web.json").state).toBe("received");
  });
});
