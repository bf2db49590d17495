import { describe, expect, it } from "vitest";
import { advance } from "../../../../shared/flow/advance.ts";
import type { RecordQuery } from "../../../../shared/ports.ts";
import { findUnreadManifests } from "../../../../shared/stages/unread-manifests.ts";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";

const metadata = { ostype: "linux", osstate: "generalized" };
const os = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const manifest = { properties: { storageProfile: { osDisk: os } } };

function lastMessage(app: FakeApp, name: string): string | undefined {
  return app.recordOf(name).events.at(-1)?.message;
}

describe("a VHD without a manifest", () => {
  it("becomes the image of its name", async () => {
    const app = createFakeApp();
    await app.uploadVhd("web.vhd", { ...metadata, hypervgeneration: "v2", tag_team: "blue" });
    await app.run();
    expect(app.recordOf("web.vhd").state).toBe("succeeded");
    expect(app.images.puts).toEqual([
      {
        id: expect.stringMatching(/\/images\/web$/),
        body: {
          location: "westeurope",
          tags: { team: "blue" },
          properties: {
            hyperVGeneration: "V2",
            storageProfile: {
              osDisk: {
                osType: "Linux",
                osState: "Generalized",
                blobUri: "https://own.blob.core.windows.net/uploads/web.vhd",
              },
            },
          },
        },
      },
    ]);
  });

  it("has its properties read once per look", async () => {
    const app = createFakeApp();
    await app.uploadVhd("web.vhd", metadata);
    await app.run(() => app.recordOf("web.vhd").state === "waiting");
    const { getProperties } = app.blobs;
    const asked: string[] = [];
    app.blobs.getProperties = (ref) => {
      asked.push(ref.name);
      return getProperties(ref);
    };
    const { attempts } = app.recordOf("web.vhd");
    await app.run(() => app.recordOf("web.vhd").attempts === attempts + 2);

    expect(asked).toEqual(["web.vhd", "web.vhd"]);
  });

  it("takes its data disks by their names, in the order of luns", async () => {
    const app = createFakeApp();
    await app.uploadVhd("web.lun10.vhd");
    await app.uploadVhd("web.vhd", metadata);
    await app.uploadVhd("web.lun2.vhd", { caching: "readonly" });
    await app.uploadVhd("web.lun2.other.vhd", metadata);
    await app.run();
    const body = app.images.puts.find(({ id }) => id.endsWith("/web"))?.body;
    expect(body).toMatchObject({
      properties: { storageProfile: { dataDisks: [{ lun: 2, caching: "ReadOnly" }, { lun: 10 }] } },
    });
    expect(app.recordOf("web.lun2.vhd")).toMatchObject({ state: "canceled" });
    expect(lastMessage(app, "web.lun10.vhd")).toMatch(/^is data disk 10 of web\.vhd \(request /);
  });

  it("waits for a data disk that is still being uploaded", async () => {
    const app = createFakeApp();
    await app.uploadVhd("web.vhd", metadata);
    await app.runFor(200);
    await app.uploadVhd("web.lun0.vhd");
    await app.runFor(150);
    expect(app.recordOf("web.vhd")).toMatchObject({
      state: "waiting",
      disks: [{ state: "complete" }, { lun: 0, state: "uploading" }],
    });
  });

  it("fails with the metadata keys and settings that would have told what is missing", async () => {
    const app = createFakeApp({ defaults: { location: null } });
    await app.uploadVhd("web.vhd");
    await app.run();
    const { error } = app.recordOf("web.vhd");
    expect(error?.code).toBe("IncompleteRequest");
    expect(error?.message).toMatch(
      /'location'.*IMAGE_LOCATION.*'osstate'.*DEFAULT_OS_STATE.*osType.*'ostype'.*DEFAULT_OS_TYPE/,
    );
  });

  it("takes from the settings what metadata does not say", async () => {
    const app = createFakeApp({
      defaults: { osType: "Windows", osState: "Specialized", hyperVGeneration: "V2" },
    });
    await app.uploadVhd("web.vhd");
    await app.run();
    expect(app.images.puts[0]?.body).toMatchObject({
      properties: {
        hyperVGeneration: "V2",
        storageProfile: { osDisk: { osType: "Windows", osState: "Specialized" } },
      },
    });
  });

  it("is held to the policy", async () => {
    const app = createFakeApp();
    await app.uploadVhd("web.vhd", { ...metadata, resourcegroup: "prod-rg" });
    await app.run();
    expect(app.recordOf("web.vhd").error?.code).toBe("NotAllowed");
  });

  it("fails when it is not a fixed VHD", async () => {
    const app = createFakeApp();
    app.blobs.putText({ container: "uploads", name: "web.vhd" }, "not a disk");
    await app.event("web.vhd");
    await app.run();
    expect(app.recordOf("web.vhd").error?.code).toBe("IncorrectImageBlobType");
  });

  it("is canceled when it is deleted or replaced during the wait", async () => {
    const app = createFakeApp();
    await app.uploadVhd("gone.vhd", metadata);
    await app.uploadVhd("new.vhd", metadata);
    const first = app.recordOf("new.vhd").requestId;
    await app.runFor(60);
    app.blobs.remove({ container: "uploads", name: "gone.vhd" });
    await app.uploadVhd("new.vhd", metadata);
    await app.run();
    expect(lastMessage(app, "gone.vhd")).toContain("deleted");
    expect((await app.records.get(first))?.record.events.at(-1)?.message).toContain("replaced");
    expect(app.images.puts).toHaveLength(1);
  });
});

describe("a VHD that a manifest names", () => {
  it.each(["before", "after"])("belongs to a manifest that came %s it", async (order) => {
    const app = createFakeApp();
    if (order === "before") await app.uploadManifest("web.json", manifest);
    await app.uploadVhd("os.vhd", metadata);
    await app.runFor(30);
    if (order === "after") await app.uploadManifest("web.json", manifest);
    await app.run();
    expect(app.images.puts).toHaveLength(1);
    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(app.recordOf("os.vhd").state).toBe("canceled");
    expect(lastMessage(app, "os.vhd")).toMatch(/^is a disk of the manifest web\.json \(request /);
  });

  it("belongs to a manifest that is read while the disk is being checked", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd", metadata);
    const { read } = app.blobs;
    let isBegun = false;
    app.blobs.read = async (ref, range) => {
      if (ref.name === "os.vhd" && !isBegun) {
        isBegun = true;
        await app.uploadManifest("web.json", manifest);
        await app.run(() => app.recordOf("web.json").state !== "received");
      }
      return read(ref, range);
    };
    await app.run();

    expect(app.recordOf("os.vhd").state).toBe("canceled");
    expect(app.images.puts.map(({ id }) => id.split("/").at(-1))).toEqual(["web"]);
  });

  it("waits for a manifest whose event comes while it is asked what is unread", async () => {
    const app = createFakeApp();
    app.blobs.putText({ container: "uploads", name: "web.json" }, JSON.stringify(manifest));
    const { list } = app.records;
    const records = {
      ...app.records,
      list: async (query: RecordQuery) => {
        const page = await list(query);
        await app.event("web.json");
        return page;
      },
    };

    const surroundings = { container: "uploads", writtenBy: app.clock.now(), neighbors: [] };
    const context = { ...app.context, records };
    expect(await findUnreadManifests(surroundings, context)).toMatchObject({ areThere: true });
  });

  it("belongs to a manifest that is wrong, as long as that is there", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", { ...manifest, oops: true });
    await app.uploadVhd("os.vhd", metadata);
    await app.run();
    expect(app.recordOf("os.vhd").state).toBe("canceled");
  });

  it("is on its own when the manifest that named it was deleted unread", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", { ...manifest, oops: true });
    await app.runFor(1);
    app.blobs.remove({ container: "uploads", name: "web.json" });
    await app.uploadVhd("os.vhd", metadata);
    await app.run();
    expect(app.recordOf("os.vhd").state).toBe("succeeded");
  });

  it("becomes an image also when the app was away until after the deadline", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd", metadata);
    await app.runFor(1);
    expect(app.recordOf("os.vhd").state).toBe("waiting");
    app.clock.advance(25 * 3600);
    await app.run();
    expect(app.recordOf("os.vhd").state).toBe("succeeded");
  });

  it("is not held up by manifests that keep coming after it has settled", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd", metadata);
    for (let minute = 0; minute < 12; minute += 1) {
      app.blobs.putText({ container: "uploads", name: `other-${minute}.json` }, "{}");
      await app.runFor(60);
    }
    expect(app.recordOf("os.vhd").state).toBe("succeeded");
  });

  describe("is held back for a minute at most", () => {
    /** When a VHD has settled with its writes past: five minutes after the last of them. Seconds. */
    const SETTLED = 300;
    /** Seconds from the upload to the end of the wait for manifests. */
    async function waitOf(app: FakeApp): Promise<number> {
      const uploadedAt = app.clock.now().getTime();
      await app.uploadVhd("os.vhd", metadata);
      for (let second = 0; second < 900; second += 1) {
        if (app.recordOf("os.vhd").state !== "waiting" && second > 2) break;
        await app.runFor(1);
      }
      expect(app.recordOf("os.vhd").state).not.toBe("waiting");
      return (app.clock.now().getTime() - uploadedAt) / 1000;
    }

    it("by a manifest whose event never comes", async () => {
      const app = createFakeApp();
      app.clock.advance(1);
      const waits = waitOf(app);
      app.blobs.putText({ container: "uploads", name: "late.json" }, "{}");
      expect(await waits).toBeLessThanOrEqual(SETTLED + 60);
    });

    it("by a manifest that cannot be read", async () => {
      const app = createFakeApp();
      const { getProperties } = app.blobs;
      app.blobs.getProperties = async (ref) => {
        if (ref.name === "web.json" && app.records.all().length > 0) throw new Error("no answer");
        return getProperties(ref);
      };
      await app.uploadManifest("web.json", manifest);
      const { send } = app.workQueue;
      const { requestId } = app.recordOf("web.json");
      app.workQueue.pending.splice(0);
      app.workQueue.send = async (message, delaySeconds) => {
        // What the host would retry again and again is stopped here.
        if (message.requestId !== requestId) await send(message, delaySeconds);
      };
      const waited = await waitOf(app);
      expect(app.recordOf("web.json").state).toBe("received");
      expect(waited).toBeGreaterThan(SETTLED);
      expect(waited).toBeLessThanOrEqual(SETTLED + 60);
    });

    it("by 600 manifests whose steps fail", async () => {
      const app = createFakeApp();
      for (let index = 0; index < 600; index += 1) {
        await app.uploadManifest(`bad-${index}.json`, "{");
      }
      app.workQueue.pending.splice(0);
      const { send } = app.workQueue;
      app.workQueue.send = async (message, delaySeconds) => {
        const stored = await app.records.get(message.requestId);
        if (stored?.record.kind !== "manifest") await send(message, delaySeconds);
      };
      const waited = await waitOf(app);
      expect(waited).toBeGreaterThan(SETTLED);
      expect(waited).toBeLessThanOrEqual(SETTLED + 60);
    });

    it("by one that names it and whose step fails when it is to be saved: then it says which", async () => {
      const app = createFakeApp();
      const { save } = app.records;
      app.records.save = async (record, base) => {
        if (record.kind === "manifest" && record.state !== "received") throw new Error("no answer");
        return save(record, base);
      };
      await app.uploadManifest("web.json", manifest);
      const { requestId } = app.recordOf("web.json");
      await expect(advance({ requestId }, app.context)).rejects.toThrow("no answer");
      app.workQueue.pending.splice(0);
      const { send } = app.workQueue;
      app.workQueue.send = async (message, delaySeconds) => {
        if (message.requestId !== requestId) await send(message, delaySeconds);
      };

      expect(await waitOf(app)).toBeLessThanOrEqual(SETTLED + 60);
      expect(app.recordOf("web.json").state).toBe("received");
      expect(app.recordOf("os.vhd").state).toBe("canceled");
      expect(lastMessage(app, "os.vhd")).toMatch(
        /^is named by the manifest web\.json \(request \w+\), which the app could not finish reading: upload that manifest again, or delete it and/,
      );
      expect(app.images.puts).toEqual([]);
    });

    it("by 600 that are refused: not at all", async () => {
      const app = createFakeApp();
      for (let index = 0; index < 600; index += 1) {
        await app.uploadManifest(`bad-${index}.json`, "{");
      }
      expect(await waitOf(app)).toBeLessThanOrEqual(SETTLED + 2);
    });
  });

  it("wakes a manifest whose first step was lost with a process", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    app.workQueue.pending.splice(0);
    await app.uploadVhd("os.vhd", metadata);
    await app.run();

    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(app.recordOf("os.vhd").state).toBe("canceled");
  });

  it("is looked after with as many listings and look-ups in a container of any size", async () => {
    async function countCalls(oldBlobs: number): Promise<number> {
      const app = createFakeApp();
      for (let index = 0; index < oldBlobs; index += 1) {
        app.blobs.putText({ container: "uploads", name: `old-${index}.json` }, "{}");
      }
      app.clock.advance(3600);
      const { list } = app.blobs;
      const { get } = app.records;
      let calls = 0;
      app.blobs.list = async (container, options) => {
        calls += 1;
        const page = await list(container, options);
        return { blobs: page.blobs.slice(0, 5), cursor: page.blobs.length > 5 ? "5" : null };
      };
      app.records.get = async (requestId) => {
        calls += 1;
        return get(requestId);
      };
      await app.uploadVhd("os.vhd", metadata);
      await app.run();
      expect(app.recordOf("os.vhd").state).toBe("succeeded");
      return calls;
    }

    expect(await countCalls(2_000)).toBe(await countCalls(2));
  });

  it("stays the manifest's when that was carried out with it and then deleted", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd", metadata);
    await app.uploadManifest("web.json", manifest);
    app.workQueue.pending.splice(0, 1);
    await app.run(() => app.recordOf("web.json").state === "succeeded");
    app.blobs.remove({ container: "uploads", name: "web.json" });
    await app.event("os.vhd");
    await app.run();
    expect(app.recordOf("os.vhd").state).toBe("canceled");
  });

  it("is used by two manifests alike", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("one.json", manifest);
    await app.uploadManifest("two.json", manifest);
    await app.run();
    expect(app.images.puts.map(({ id }) => id.split("/").at(-1)).sort()).toEqual(["one", "two"]);
  });

  it("ignores a claim whose request is not there", async () => {
    const app = createFakeApp();
    await app.records.putClaim({
      blob: { container: "uploads", name: "os.vhd" },
      requestId: "nobody",
    });
    await app.uploadVhd("os.vhd", metadata);
    await app.run();
    expect(app.recordOf("os.vhd").state).toBe("succeeded");
  });
});

describe("a data disk by name", () => {
  it("waits for its OS disk and ends when none comes", async () => {
    const app = createFakeApp({ timing: { waitDeadlineSeconds: 3600 } });
    await app.uploadVhd("web.lun1.vhd");
    await app.runFor(1800);
    expect(app.recordOf("web.lun1.vhd")).toMatchObject({
      state: "waiting",
      disks: [{ ref: { name: "web.vhd" }, state: "missing" }],
    });
    await app.run();
    expect(app.recordOf("web.lun1.vhd").error).toMatchObject({
      code: "UploadIncomplete",
      details: [{ target: "web.vhd" }],
    });
  });

  it("fails when it comes after the image was made without it", async () => {
    const app = createFakeApp();
    await app.uploadVhd("web.vhd", metadata);
    await app.run();
    await app.uploadVhd("web.lun1.vhd");
    await app.run();
    expect(app.recordOf("web.lun1.vhd").error).toMatchObject({
      code: "DataDiskTooLate",
      target: "web.lun1.vhd",
    });
  });

  it("ends with its OS disk when that failed", async () => {
    const app = createFakeApp();
    await app.uploadVhd("web.vhd");
    await app.run();
    await app.uploadVhd("web.lun1.vhd");
    await app.run();
    expect(lastMessage(app, "web.lun1.vhd")).toMatch(/of web\.vhd \(request \w+, which failed\)$/);
  });
});
