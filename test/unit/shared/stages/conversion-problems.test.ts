import { describe, expect, it } from "vitest";
import { BlobChangedError } from "../../../../shared/errors.ts";
import { sweep } from "../../../../shared/flow/sweep.ts";
import { PageCallError } from "../../../../shared/page-targets.ts";
import type { BlobStore } from "../../../../shared/ports.ts";
import { buildQcow2 } from "../../../disks/maps/build-two-level-formats.ts";
import { createFakeApp, type FakeApp, type FakeAppOptions } from "../../../fakes/app.ts";
import { serviceError } from "../../../fakes/image-service.ts";
import {
  file,
  isUnderWay,
  METADATA,
  manifest,
  planOf,
  ref,
  slow,
  targetsOf,
  uploadFile,
} from "./conversion-app.ts";

/** An app whose request is about to take its first slice. */
async function startConverting(bytes: Uint8Array = file): Promise<FakeApp> {
  const app = createFakeApp();
  uploadFile(app, "web.qcow2", bytes);
  await app.uploadManifest("web.json", manifest());
  await app.run(() => app.recordOf("web.json").state === "converting");
  return app;
}

/** From now on the app reads something else; tables are read in pages of 4 KiB, blocks are not. */
function spoilReads(app: FakeApp, spoil: (bytes: Uint8Array, isTable: boolean) => Uint8Array) {
  const read: BlobStore["read"] = async (blob, range) => {
    const bytes = new Uint8Array(await app.blobs.read(blob, range));
    return spoil(bytes, range.offset % 4096 === 0);
  };
  Object.assign(app.context, { blobs: { ...app.blobs, read } });
}

const packed = buildQcow2(planOf(150, ["packed"]));

describe("a source that turns out to be damaged in the middle of its conversion", () => {
  it.each<[string, (bytes: Uint8Array, isTable: boolean) => Uint8Array, RegExp]>([
    ["a block", (bytes, isTable) => (isTable ? bytes : bytes.fill(0xff)), /is damaged/],
    [
      "a read that ends early",
      (bytes, isTable) => (isTable ? bytes : bytes.slice(1)),
      /is damaged/,
    ],
    [
      "a header",
      (bytes, isTable) => (isTable && bytes[0] === 0x51 ? bytes.fill(0xff, 20, 24) : bytes),
      /byte \d+ of the file/,
    ],
  ])("%s: the request fails, and nothing is left", async (_, spoil, message) => {
    const app = await startConverting(packed);
    spoilReads(app, spoil);
    await app.run();
    const { state, error } = app.recordOf("web.json");
    expect([state, error?.code]).toEqual(["failed", "InvalidVhd"]);
    expect(error?.message).toMatch(message);
    expect(error?.message).toContain("web.qcow2");
    expect(await targetsOf(app)).toEqual([]);
  });

  it("a source that changes between two reads is checked again, and other disks are left as they are", async () => {
    const app = createFakeApp();
    uploadFile(app, "web.lun0.qcow2", packed);
    await app.event("web.lun0.qcow2");
    await app.uploadVhd("web.vhd", METADATA);
    await app.run(() => app.recordOf("web.vhd").state === "converting");
    let changes = 0;
    spoilReads(app, (bytes, isTable) => {
      if (isTable || changes > 0) return bytes;
      changes += 1;
      throw new BlobChangedError("web.lun0.qcow2 changed");
    });
    await app.run();
    const { state, events, disks } = app.recordOf("web.vhd");
    expect(changes).toBe(1);
    expect(state).toBe("succeeded");
    expect(events.filter((event) => event.state === "waiting")).toHaveLength(2);
    expect(disks.map(({ conversion }) => conversion?.isDone ?? null)).toEqual([null, true]);
    expect(await targetsOf(app)).toHaveLength(1);
  });

  it("an error that says nothing about the disk fails the step, which is taken again", async () => {
    const app = await startConverting();
    app.targets.create = () => Promise.reject(new TypeError("a mistake"));
    await expect(app.run()).rejects.toThrow("a mistake");
    expect(app.recordOf("web.json")).toMatchObject({
      state: "converting",
      error: { code: "StepFailed" },
    });
  });
});

describe("a target with other pages than were written", () => {
  /** The first count of pages is wrong, and removing fails so. */
  async function disturb(removal: Error): Promise<FakeApp> {
    const app = await startConverting();
    const { remove, countWritten } = app.targets;
    app.targets.countWritten = async (to) => {
      app.targets.countWritten = countWritten;
      return (await countWritten(to)) + 512;
    };
    app.targets.remove = () => {
      app.targets.remove = remove;
      return Promise.reject(removal);
    };
    return app;
  }

  it("has no footer before its pages are counted, so that no reader takes it for a VHD", async () => {
    const app = await startConverting();
    const { countWritten } = app.targets;
    const ends: string[] = [];
    app.targets.countWritten = async (to) => {
      const blob = await app.blobs.getProperties(to);
      const { length = 0, etag = "" } = blob ?? {};
      const end = await app.blobs.read(to, { offset: length - 512, count: 512, etag });
      ends.push(Buffer.from(end.subarray(0, 8)).toString("latin1"));
      return countWritten(to);
    };
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(ends).toEqual(["\0".repeat(8)]);
  });

  it("is written again in place when storage does not remove it", async () => {
    const app = await disturb(new PageCallError("busy", "503"));
    await app.run();
    const { state, disks } = app.recordOf("web.json");
    expect([state, disks[0]?.conversion?.restarts]).toEqual(["succeeded", 1]);
    expect(app.log.lines.map(({ event }) => event)).toContain("convert.target.kept");
  });

  it("fails the step for what is not an answer of storage", async () => {
    const app = await disturb(new TypeError("a mistake"));
    await expect(app.run()).rejects.toThrow("a mistake");
  });
});

describe("a request with a VHD and a disk that storage cannot read", () => {
  it("passes only the latter through the app", async () => {
    const app = createFakeApp();
    app.targets.onCall = (call) => (call === "copy" ? "source-unreadable" : null);
    uploadFile(app, "web.lun0.qcow2", file);
    uploadFile(app, "web.lun1.qcow2", packed);
    await app.event("web.lun0.qcow2");
    await app.event("web.lun1.qcow2");
    await app.uploadVhd("web.vhd", METADATA);
    await app.run();
    const { state, disks } = app.recordOf("web.vhd");
    expect(state).toBe("succeeded");
    expect(disks.map(({ conversion }) => conversion?.mode ?? null)).toEqual([
      null,
      "through",
      "through",
    ]);
  });
});

describe("the sweep keeps a converted disk", () => {
  async function failAfterConversion(options: FakeAppOptions): Promise<FakeApp> {
    const app = createFakeApp(options);
    app.images.nextPuts.push(
      serviceError({ status: 400, code: "InvalidParameter", message: "no" }),
    );
    uploadFile(app, "web.qcow2", file);
    await app.uploadManifest("web.json", manifest());
    await app.run();
    expect(app.recordOf("web.json").state).toBe("failed");
    return app;
  }

  it("of a request that is open, although its writer has not been heard of for long", async () => {
    const app = createFakeApp();
    slow(app, 3);
    uploadFile(app, "web.qcow2", file);
    await app.uploadManifest("web.json", manifest());
    await app.run(() => isUnderWay(app, "web.json"));
    app.clock.advance(3600);
    await sweep(app.context);
    expect(await targetsOf(app)).toHaveLength(1);
  });

  it("for good where CONVERTED_KEEP_HOURS is 0", async () => {
    const app = await failAfterConversion({ conversion: { keepSeconds: 0 } });
    app.clock.advance(365 * 24 * 3600);
    await sweep(app.context);
    expect(await targetsOf(app)).toHaveLength(1);
  });

  it("no longer than CONVERTED_KEEP_HOURS otherwise", async () => {
    const app = await failAfterConversion({ conversion: { keepSeconds: 3600 } });
    const { completedAt } = app.recordOf("web.json");
    app.clock.advanceTo(new Date(Date.parse(completedAt ?? "") + 3599 * 1000));
    await sweep(app.context);
    expect(await targetsOf(app)).toHaveLength(1);
    app.clock.advance(2);
    await sweep(app.context);
    expect(await targetsOf(app)).toEqual([]);
    expect(app.blobs.etagOf(ref("web.qcow2"))).toBeDefined();
  });
});
