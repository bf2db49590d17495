import { describe, expect, it } from "vitest";
import { RECORDS_PER_SWEEP } from "../../../../shared/flow/remove-old-records.ts";
import { sweep } from "../../../../shared/flow/sweep.ts";
import { buildNoteKey } from "../../../../shared/record/build-note.ts";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";
import { serviceError } from "../../../fakes/image-service.ts";

const DAY = 86_400;
const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const web = { imageName: "web", properties: { storageProfile: { osDisk } } };
const ref = (name: string) => ({ container: "uploads", name });

/** An app that keeps records for 30 days. */
function createKeepingApp(keepDays = 30): FakeApp {
  return createFakeApp({ timing: { keepRecordsSeconds: keepDays * DAY } });
}

/** A whole round of sweeps, at the same time. */
async function sweepRound(app: FakeApp, sweeps = 6): Promise<void> {
  for (let count = 0; count < sweeps; count += 1) await sweep(app.context);
}

const names = (app: FakeApp): readonly string[] =>
  app.records
    .all()
    .map(({ source }) => source.name)
    .sort();

/** Rows that requests leave, without the notes of the sweeps themselves. */
const rowsOf = (app: FakeApp): readonly string[] =>
  app.records
    .rows()
    .filter((row) => !/^n:(sweep-round|last-complete-sweep|removal-round)$/.test(row));

/** The image `web` of an OS disk, made by a manifest; both uploads are deleted afterwards. */
async function makeImage(app: FakeApp): Promise<void> {
  await app.uploadVhd("os.vhd");
  await app.uploadManifest("web.json", web);
  await app.run();
  expect(app.recordOf("web.json").state).toBe("succeeded");
  app.blobs.remove(ref("os.vhd"));
  app.blobs.remove(ref("web.json"));
}

describe("a request that ended", () => {
  it("goes with all its rows when its uploads and its image are gone", async () => {
    const app = createKeepingApp();
    await makeImage(app);
    app.images.existing.clear();
    expect(rowsOf(app).length).toBeGreaterThan(4);
    app.clock.advance(31 * DAY);
    await sweepRound(app);
    expect(rowsOf(app)).toEqual([]);
    expect(app.log.lines.map(({ event }) => event)).toContain("records.removed");
  });

  it("is kept forever by default", async () => {
    const app = createKeepingApp(0);
    await makeImage(app);
    app.images.existing.clear();
    app.clock.advance(10_000 * DAY);
    await sweepRound(app);
    expect(names(app)).toEqual(["os.vhd", "web.json"]);
  });

  it("is kept until it ended so many days ago, however long ago it was opened", async () => {
    const app = createFakeApp({
      timing: { keepRecordsSeconds: 0.05 * DAY, waitDeadlineSeconds: 0.1 * DAY },
    });
    await app.uploadManifest("web.json", web);
    await app.run();
    expect(app.recordOf("web.json").state).toBe("failed");
    app.blobs.remove(ref("web.json"));
    app.clock.advance(0.04 * DAY);
    await sweepRound(app);
    expect(names(app)).toEqual(["web.json"]);
    app.clock.advance(0.06 * DAY);
    await sweepRound(app);
    expect(names(app)).toEqual([]);
  });

  it("is kept while its image exists, for the image's note", async () => {
    const app = createKeepingApp();
    await makeImage(app);
    app.clock.advance(400 * DAY);
    await sweepRound(app);
    expect(names(app)).toEqual(["web.json"]);
    expect(await app.records.getNote(buildNoteKey(app.images.puts[0]?.id ?? ""))).not.toBeNull();
    app.images.existing.clear();
    app.clock.advance(DAY);
    await sweepRound(app);
    expect(rowsOf(app)).toEqual([]);
  });

  it("goes although the image exists when another request has made it since", async () => {
    const app = createKeepingApp();
    await makeImage(app);
    const key = buildNoteKey(app.images.puts[0]?.id ?? "");
    const note = JSON.parse((await app.records.getNote(key)) ?? "");
    await app.records.putNote(key, JSON.stringify({ ...note, requestId: "another" }));
    app.clock.advance(31 * DAY);
    await sweepRound(app);
    expect(names(app)).toEqual([]);
    expect(await app.records.getNote(key)).toContain("another");
  });

  it("is kept while Azure cannot be asked, and does not keep others", async () => {
    const app = createKeepingApp();
    await makeImage(app);
    await app.uploadManifest("bad.json", "{");
    await app.run();
    app.blobs.remove(ref("bad.json"));
    app.images.find = async () => {
      throw serviceError({ status: 403, code: "AuthorizationFailed" });
    };
    app.clock.advance(31 * DAY);
    await sweepRound(app);
    expect(names(app)).toEqual(["web.json"]);
    expect(app.log.lines.map(({ event }) => event)).toContain("record.not-removed");
  });

  it("goes when the resource group of its image is gone", async () => {
    const app = createKeepingApp();
    await makeImage(app);
    app.images.find = async () => {
      throw serviceError({ status: 404, code: "ResourceGroupNotFound" });
    };
    app.clock.advance(31 * DAY);
    await sweepRound(app);
    expect(rowsOf(app)).toEqual([]);
  });

  it("is not opened again by a sweep while its upload is there", async () => {
    const app = createKeepingApp();
    await app.uploadManifest("bad.json", "{");
    await app.uploadVhd("alone.vhd");
    await app.run();
    app.images.existing.clear();
    const before = app.records.all();
    app.clock.advance(31 * DAY);
    await sweepRound(app);
    await app.event("bad.json");
    await app.event("alone.vhd");
    expect(app.records.all()).toEqual(before);
    expect(app.workQueue.pending).toEqual([]);
  });

  it("goes when its upload was replaced, and the new one's stays", async () => {
    const app = createKeepingApp();
    await app.uploadManifest("bad.json", "{");
    await app.run();
    const first = app.recordOf("bad.json").requestId;
    app.clock.advance(31 * DAY);
    await app.uploadManifest("bad.json", "[");
    await app.uploadVhd("os.vhd");
    await sweepRound(app);
    expect(app.records.all().map(({ requestId }) => requestId)).not.toContain(first);
    expect(names(app)).toEqual(["bad.json", "os.vhd"]);
  });

  it("goes on speaking for its disk while that is there, though its manifest is deleted", async () => {
    const app = createFakeApp({
      timing: { keepRecordsSeconds: 30 * DAY },
      vhdWithoutManifest: "ignore",
    });
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", web);
    await app.run();
    app.blobs.remove(ref("web.json"));
    app.images.existing.clear();
    app.clock.advance(31 * DAY);
    await sweepRound(app);
    expect(names(app)).toEqual(["web.json"]);
    expect(await app.records.listClaims(ref("os.vhd"))).toHaveLength(1);
  });

  it("is kept while something of it is due or unannounced", async () => {
    const app = createKeepingApp();
    for (const name of ["due.json", "unannounced.json"]) await app.uploadManifest(name, "{");
    await app.run();
    for (const [name, rest] of [
      ["due.json", { dueAt: new Date(app.clock.now().getTime() + 90 * DAY * 1000).toISOString() }],
      ["unannounced.json", { announced: 1 }],
    ] as const) {
      const stored = await app.records.get(app.recordOf(name).requestId);
      if (stored !== null) await app.records.save({ ...stored.record, ...rest }, stored);
      app.blobs.remove(ref(name));
    }
    app.clock.advance(31 * DAY);
    await sweepRound(app);
    expect(names(app)).toEqual(["due.json", "unannounced.json"]);
  });
});

describe("a request that is open", () => {
  it("is never removed", async () => {
    const app = createFakeApp({
      timing: { keepRecordsSeconds: DAY, waitDeadlineSeconds: 999 * DAY },
    });
    await app.uploadManifest("web.json", web);
    app.blobs.remove(ref("web.json"));
    app.clock.advance(90 * DAY);
    await sweepRound(app);
    expect(names(app)).toEqual(["web.json"]);
  });
});

describe("the name of a removed disk", () => {
  it("stays when a new upload has it", async () => {
    const app = createKeepingApp();
    await app.uploadVhd("os.vhd");
    await app.run();
    app.images.existing.clear();
    app.clock.advance(31 * DAY);
    await app.uploadVhd("os.vhd");
    await sweepRound(app);
    expect(names(app)).toEqual(["os.vhd"]);
    expect(await app.records.listDiskNames("uploads", "os")).toEqual(["os.vhd"]);
  });
});

describe("one sweep", () => {
  /** Refused manifests whose blobs are gone. */
  async function makeRefused(app: FakeApp, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const name = `bad${index}.json`;
      await app.uploadManifest(name, `{ "blobUri": "disk${index}.vhd"`);
      await app.run();
      app.blobs.remove(ref(name));
    }
  }

  it("looks at a bounded number of requests, and the next one goes on there", async () => {
    const app = createKeepingApp();
    await makeRefused(app, 2 * RECORDS_PER_SWEEP + 1);
    app.clock.advance(31 * DAY);
    await sweep(app.context);
    expect(names(app)).toHaveLength(RECORDS_PER_SWEEP + 1);
    await sweep(app.context);
    expect(names(app)).toHaveLength(1);
    await sweepRound(app);
    expect(rowsOf(app)).toEqual([]);
  });

  it("passes those that are kept, and comes back to them a day later", async () => {
    const app = createKeepingApp();
    await makeRefused(app, 1);
    for (let index = 0; index < RECORDS_PER_SWEEP; index += 1) {
      await app.uploadManifest(`kept${index}.json`, "{");
    }
    await app.run();
    app.clock.advance(31 * DAY);
    await sweepRound(app);
    expect(names(app)).toHaveLength(RECORDS_PER_SWEEP);
    for (const name of names(app)) app.blobs.remove(ref(name));
    app.clock.advance(DAY - 60);
    await sweepRound(app);
    expect(names(app)).toHaveLength(RECORDS_PER_SWEEP);
    app.clock.advance(60);
    await sweepRound(app);
    expect(names(app)).toEqual([]);
  });

  it("starts a new round after a note that it cannot read", async () => {
    const app = createKeepingApp();
    await makeRefused(app, 1);
    app.clock.advance(31 * DAY);
    await app.records.putNote("removal-round", "{");
    await sweepRound(app);
    expect(rowsOf(app)).toEqual([]);
  });
});

describe("a sweep that dies while it removes", () => {
  const CALLS = ["removeNote", "removeDiskName", "remove", "removeClaim", "putNote"] as const;

  it.each(CALLS.flatMap((call) => [`before ${call}`, `after ${call}`]))(
    "leaves what the next ones finish: %s",
    async (place) => {
      const app = createKeepingApp();
      await makeImage(app);
      app.images.existing.clear();
      app.clock.advance(31 * DAY);
      const [when, call = ""] = place.split(" ") as [string, (typeof CALLS)[number]];
      const store = app.records as unknown as Record<string, (...args: unknown[]) => unknown>;
      const real = store[call];
      let hits = 0;
      store[call] = async (...args) => {
        if (call === "putNote" && args[0] !== "removal-round") return real?.(...args);
        hits += 1;
        if (when === "after") await real?.(...args);
        throw new Error("the process died");
      };
      await sweep(app.context).catch(() => undefined);
      await sweep(app.context).catch(() => undefined);
      expect(hits).toBeGreaterThan(0);
      if (real !== undefined) store[call] = real;
      for (let day = 0; day < 3; day += 1) {
        await sweepRound(app);
        app.clock.advance(DAY);
      }
      expect(rowsOf(app)).toEqual([]);
    },
  );
});
