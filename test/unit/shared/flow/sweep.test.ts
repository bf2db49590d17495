import { describe, expect, it } from "vitest";
import { sweep } from "../../../../shared/flow/sweep.ts";
import { createFakeApp } from "../../../fakes/app.ts";

const SNAPSHOT =
  "/subscriptions/{subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/snapshots/s";
const manifest = JSON.stringify({
  properties: {
    storageProfile: {
      osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT } },
    },
  },
});

describe("sweep", () => {
  it("restarts a request whose message was lost", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    app.workQueue.pending.length = 0;
    app.clock.advance(121);
    expect(await sweep(app.context)).toEqual({ overdue: 1, uploads: 0 });
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("leaves alone what is not overdue by two minutes", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    app.clock.advance(119);
    expect(await sweep(app.context)).toMatchObject({ overdue: 0 });
    expect(app.workQueue.pending).toHaveLength(1);
  });

  it("gives a message time before it sends another", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    app.workQueue.pending.length = 0;
    app.clock.advance(121);
    await sweep(app.context);
    app.clock.advance(60);
    expect(await sweep(app.context)).toMatchObject({ overdue: 0 });
  });

  it("does not mind somebody who works on the request at the same time", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    app.clock.advance(200);
    app.records.loseRaces(1);
    expect(await sweep(app.context)).toMatchObject({ overdue: 1 });
  });

  it("passes on other errors of the store", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    app.clock.advance(200);
    app.records.save = async () => Promise.reject(new Error("the table is down"));
    await expect(sweep(app.context)).rejects.toThrow("the table is down");
  });

  it("skips an overdue record that is gone when it looks", async () => {
    const app = createFakeApp();
    app.records.listDue = async () => ["nobody"];
    expect(await sweep(app.context)).toMatchObject({ overdue: 0 });
  });

  it("leaves a request alone that has ended since it was listed: nothing is due for it again", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    await app.run();
    const { requestId } = app.recordOf("web.json");
    app.records.listDue = async () => [requestId];
    app.clock.advance(200);
    expect(await sweep(app.context)).toMatchObject({ overdue: 0 });
    expect(app.recordOf("web.json").dueAt).toBeNull();
    expect(app.workQueue.pending).toEqual([]);
  });

  it("leaves a request alone that has got on since it was listed", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    await app.run(() => app.recordOf("web.json").state === "creating");
    const { requestId, dueAt } = app.recordOf("web.json");
    app.records.listDue = async () => [requestId];
    expect(await sweep(app.context)).toMatchObject({ overdue: 0 });
    expect(app.recordOf("web.json").dueAt).toBe(dueAt);
  });

  it("finds uploads for which no event came, and no other files", async () => {
    const app = createFakeApp();
    app.blobs.putText({ container: "uploads", name: "web.json" }, manifest);
    app.blobs.putText({ container: "uploads", name: "readme.txt" }, "hello");
    app.blobs.createPageBlob({ container: "uploads", name: "os.vhd" }, 1024 * 1024 + 512);
    expect(await sweep(app.context)).toEqual({ overdue: 0, uploads: 2 });
    expect(
      app.records
        .all()
        .map(({ source }) => source.name)
        .sort(),
    ).toEqual(["os.vhd", "web.json"]);
  });

  it("counts nothing that has its request already", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", manifest);
    expect(await sweep(app.context)).toMatchObject({ uploads: 0 });
  });

  it("looks up only what was written since the last complete sweep, with ten minutes to spare", async () => {
    const app = createFakeApp();
    app.blobs.putText({ container: "uploads", name: "old.txt.json" }, "{}");
    await sweep(app.context);
    app.clock.advance(3600);
    await sweep(app.context);
    const { get } = app.records;
    const lookedUp: string[] = [];
    app.records.get = async (requestId) => {
      lookedUp.push(requestId);
      return get(requestId);
    };
    app.clock.advance(60);
    app.blobs.putText({ container: "uploads", name: "new.json" }, "{}");
    await sweep(app.context);
    expect(lookedUp).toEqual([app.recordOf("new.json").requestId]);
  });

  describe("in a container of several pages", () => {
    const ref = (name: string) => ({ container: "uploads", name });

    /** An app whose listings have pages of one blob. */
    function createPagedApp(names: readonly string[]) {
      const app = createFakeApp();
      for (const name of names) app.blobs.putText(ref(name), "{}");
      const { list } = app.blobs;
      const listed: (string | null)[] = [];
      app.blobs.list = async (container, { cursor = null }) => {
        if (container !== ref("").container) return list(container, {});
        listed.push(cursor);
        const { blobs } = await list(container, {});
        const index = Number(cursor ?? 0);
        const next = index + 1 < blobs.length ? `${index + 1}` : null;
        return { blobs: blobs.slice(index, index + 1), cursor: next };
      };
      return { app, listed };
    }

    it("lists one page, and goes on there the next time", async () => {
      const { app, listed } = createPagedApp(["a.json", "b.json", "c.json"]);

      expect(await sweep(app.context)).toMatchObject({ uploads: 1 });
      expect(await sweep(app.context)).toMatchObject({ uploads: 1 });
      expect(await sweep(app.context)).toMatchObject({ uploads: 1 });
      expect(await sweep(app.context)).toMatchObject({ uploads: 0 });
      expect(listed).toEqual([null, "1", "2", null]);
    });

    it("finds in the next round what was written behind it during the last one", async () => {
      const { app } = createPagedApp(["b.json", "c.json"]);
      await sweep(app.context);
      app.clock.advance(3600);
      app.blobs.putText(ref("a.json"), "{}");
      await sweep(app.context);
      app.clock.advance(3600);
      for (let page = 0; page < 3; page += 1) await sweep(app.context);

      expect(app.records.all().map(({ source }) => source.name)).toContain("a.json");
    });
  });

  it("does not count VHDs when they are to be ignored", async () => {
    const app = createFakeApp({ vhdWithoutManifest: "ignore" });
    app.blobs.createPageBlob({ container: "uploads", name: "os.vhd" }, 1024);
    expect(await sweep(app.context)).toMatchObject({ uploads: 0 });
  });
});
