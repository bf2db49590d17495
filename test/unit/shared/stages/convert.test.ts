import { describe, expect, it } from "vitest";
import { buildSampleVhd } from "../../../../local/sample-vhds/index.ts";
import { buildFixedFooter } from "../../../../shared/disk/maps/build-footer.ts";
import { cancelRequest } from "../../../../shared/flow/cancel-request.ts";
import { sweep } from "../../../../shared/flow/sweep.ts";
import { toStatusView } from "../../../../shared/http/status-view.ts";
import { buildVhd, buildVhdx } from "../../../disks/maps/build-block-formats.ts";
import { buildQcow2, buildVmdk } from "../../../disks/maps/build-two-level-formats.ts";
import { contentOf, type DiskPlan } from "../../../disks/maps/placement.ts";
import { createFakeApp, type FakeApp, type FakeAppOptions } from "../../../fakes/app.ts";
import { serviceError } from "../../../fakes/image-service.ts";
import {
  disk,
  diskOf,
  file,
  METADATA,
  manifest,
  planOf,
  ref,
  slow,
  uploadFile,
} from "./conversion-app.ts";

const MIB = 1024 * 1024;

async function convertOne(
  name: string,
  bytes: Uint8Array,
  options: FakeAppOptions = {},
  prepare: (app: FakeApp) => void = () => {},
): Promise<FakeApp> {
  const app = createFakeApp(options);
  prepare(app);
  uploadFile(app, name, bytes);
  await app.event(name);
  await app.run();
  return app;
}

/** Content of the only target, without its footer. */
async function targetOf(
  app: FakeApp,
): Promise<{ disk: Uint8Array; footer: Uint8Array; uri: string }> {
  const { blobs } = await app.blobs.list("converted", {});
  const [blob] = blobs;
  if (blob === undefined || blobs.length > 1) throw new Error(`there are ${blobs.length} targets`);
  const range = { offset: 0, count: blob.length, etag: blob.etag };
  const bytes = await app.blobs.read(blob, range);
  return {
    disk: bytes.slice(0, -512),
    footer: bytes.slice(-512),
    uri: `https://own.blob.core.windows.net/converted/${blob.name}`,
  };
}

function outUri(app: FakeApp): unknown {
  const body = app.images.puts[0]?.body as {
    properties?: { storageProfile?: { osDisk?: { blobUri?: string } } };
  };
  return body?.properties?.storageProfile?.osDisk?.blobUri;
}

/** Of a VHDX's block the tests write a sector at both ends. */
function vhdxDiskOf({ slots }: DiskPlan): Uint8Array {
  const bytes = new Uint8Array(slots.length * MIB);
  slots.forEach((slot, at) => {
    if (slot !== "data") return;
    bytes.set(contentOf(at, 512), at * MIB);
    bytes.set(contentOf(at, 512), (at + 1) * MIB - 512);
  });
  return bytes;
}

const FOOTER = {
  uuid: new Uint8Array(16).fill(7),
  createdAt: new Date(Date.UTC(2026, 0, 1)),
};
const vhdx = planOf(3, ["data", "none", "data"]);
const qcow2 = planOf(150, ["data", "packed", "none", "zero", "packed"]);
const stream = planOf(40, ["packed", "none"]);

describe("a disk in another format", () => {
  it.each([
    ["VHDX", "web.vhdx", buildVhdx(vhdx), vhdxDiskOf(vhdx), { copied: 2 * MIB }],
    ["qcow2", "web.qcow2", buildQcow2(qcow2), diskOf(qcow2, 512), {}],
    ["VMDK stream", "web.vmdk", buildVmdk(stream, true), diskOf(stream, 4096), { copied: 0 }],
    [
      "dynamic VHD",
      "web.vhd",
      buildVhd(planOf(8, ["data"])),
      diskOf(planOf(8, ["data"]), 4096),
      {},
    ],
    ["VHDX under another name", "web.img", buildVhdx(vhdx), vhdxDiskOf(vhdx), {}],
  ] as const)("becomes an image by a converted copy: %s", async (_, name, file, disk, bytes) => {
    const app = await convertOne(name, file, { defaults: {} });
    const record = app.recordOf(name);
    expect(record.error).toBeNull();
    expect(record.state).toBe("succeeded");
    const target = await targetOf(app);
    expect(Buffer.from(target.disk).equals(Buffer.from(disk))).toBe(true);
    expect(new TextDecoder().decode(target.footer.subarray(0, 8))).toBe("conectix");
    expect(outUri(app)).toBe(target.uri);
    expect(app.targets.bytes).toMatchObject(bytes);
    expect(record.events.map(({ state }) => state)).toEqual([
      "received",
      "waiting",
      "converting",
      "submitting",
      "creating",
      "succeeded",
    ]);
  });
});

describe("a page blob that was written in a few places", () => {
  const bytes = 512 * MIB;
  const sample = buildSampleVhd("linux-gen2", {
    uuid: "11111111-2222-3333-4444-555555555555",
    createdAt: new Date(Date.UTC(2026, 0, 1)),
    virtualSizeBytes: bytes,
  });
  const content = sample.extents.filter(({ offset }) => offset < bytes);
  const written = content.reduce((sum, extent) => sum + extent.bytes.length, 0);
  const odd = buildFixedFooter({ ...FOOTER, diskBytes: bytes + 512 });

  it.each([
    ["a raw disk", "web.img", bytes, []],
    [
      "a fixed VHD whose size is not whole MiB",
      "web.vhd",
      bytes + 1024,
      [{ offset: bytes + 512, bytes: odd }],
    ],
  ])("costs only those: %s", async (_, name, sizeBytes, footer) => {
    const app = createFakeApp();
    const metadata = { ...METADATA, hypervgeneration: "V2" };
    await app.uploadDisk(name, { sizeBytes, extents: [...content, ...footer] }, metadata);
    await app.run();
    const { state, error, disks } = app.recordOf(name);
    expect({ state, error }).toEqual({ state: "succeeded", error: null });
    const [target] = (await app.blobs.list("converted", {})).blobs;
    if (target === undefined) throw new Error("there is no target");
    expect(target.length).toBe(Math.ceil((sizeBytes - 512) / MIB) * MIB + 512);
    for (const extent of content) {
      const range = { offset: extent.offset, count: extent.bytes.length, etag: target.etag };
      expect(Buffer.from(extent.bytes).equals(await app.blobs.read(target, range))).toBe(true);
    }
    expect(app.targets.bytes.copied).toBe(disks[0]?.conversion?.bytesTotal);
    expect(app.targets.bytes.copied).toBeLessThan(written + content.length * 64 * 1024);
    expect(app.targets.bytes.written).toBe(512);
  });
});

async function expectConverted(app: FakeApp): Promise<void> {
  expect(Buffer.from((await targetOf(app)).disk).equals(disk)).toBe(true);
}

describe("slices", () => {
  it("end after forty seconds and go on from the cursor, in a queue of their own", async () => {
    const app = createFakeApp();
    slow(app, 3);
    uploadFile(app, "web.qcow2", file);
    await app.event("web.qcow2");
    const percents: number[] = [];
    await app.run(() => {
      const [view] = toStatusView(app.recordOf("web.qcow2")).disks;
      if (view?.state === "converting") percents.push(view.conversion?.percent ?? -1);
      return app.recordOf("web.qcow2").state === "submitting";
    });
    expect(new Set(percents).size).toBeGreaterThan(3);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    const view = toStatusView(app.recordOf("web.qcow2")).disks[0];
    expect(view).toMatchObject({
      state: "complete",
      conversion: { from: "qcow2", mode: "server-side", percent: 100, secondsLeft: 0 },
    });
    await app.run();
    await expectConverted(app);
    expect(app.telemetry.labelsOf("vhd_to_image.convert.calls").length).toBeGreaterThan(3);
  });

  it("do the same work again after a message was delivered twice", async () => {
    const app = await convertOne("web.qcow2", file, {}, (own) => {
      slow(own, 3);
      const { send } = own.convertQueue;
      own.convertQueue.send = async (message, delay) => {
        await send(message, delay);
        await send(message, delay);
      };
    });
    expect(app.recordOf("web.qcow2").state).toBe("succeeded");
    await expectConverted(app);
  });

  it("halve their calls when storage is busy, wait in the queue, and come to the same end", async () => {
    let calls = 0;
    const app = await convertOne("web.qcow2", file, {}, (own) => {
      own.targets.onCall = (call) => {
        if (call !== "copy" && call !== "write") return null;
        calls += 1;
        if (calls % 9 === 4) return "busy";
        return calls % 9 === 7 ? "busy-after" : null;
      };
    });
    const { state, disks, error } = app.recordOf("web.qcow2");
    expect({ state, error }).toEqual({ state: "succeeded", error: null });
    expect(disks[0]?.conversion?.callsAtOnce).toBeLessThan(12);
    await expectConverted(app);
  });

  it("appear in the status as retrying while storage is busy", async () => {
    const app = createFakeApp();
    app.targets.onCall = (call) => (call === "copy" ? "busy" : null);
    uploadFile(app, "web.qcow2", file);
    await app.event("web.qcow2");
    await app.run(() => app.recordOf("web.qcow2").retries > 2);
    expect(toStatusView(app.recordOf("web.qcow2")).retrying).toMatchObject({ code: "ServerBusy" });
    await app.run();
    expect(app.recordOf("web.qcow2").error?.code).toBe("ConversionTimedOut");
  });
});

describe("a source that storage cannot read itself", () => {
  it("is passed through the app, which one event reports", async () => {
    const app = await convertOne("web.vhdx", buildVhdx(vhdx), {}, (own) => {
      own.targets.onCall = (call) => (call === "copy" ? "source-unreadable" : null);
    });
    const { state, events, disks } = app.recordOf("web.vhdx");
    expect(state).toBe("succeeded");
    expect(disks[0]?.conversion?.mode).toBe("through");
    expect(events.filter(({ message }) => message.includes("firewall"))).toHaveLength(1);
    expect(app.targets.bytes).toMatchObject({ copied: 0 });
    expect(Buffer.from((await targetOf(app)).disk).equals(vhdxDiskOf(vhdx))).toBe(true);
  });
});

describe("a source that changes", () => {
  it("midway: the target is removed, and the new content is converted from the start", async () => {
    const app = createFakeApp();
    slow(app, 3);
    uploadFile(app, "web.qcow2", file);
    await app.event("web.qcow2");
    const isHalf = () => (app.recordOf("web.qcow2").disks[0]?.conversion?.bytesDone ?? 0) > 5000;
    await app.run(isHalf);
    const first = (await app.blobs.list("converted", {})).blobs.map(({ name }) => name);
    app.blobs.setMetadata(ref("web.qcow2"), { ...METADATA, note: "changed" });
    await app.run();
    const { state, events } = app.recordOf("web.qcow2");
    expect(state).toBe("succeeded");
    expect(events.map((event) => event.state)).toEqual(
      expect.arrayContaining(["converting", "waiting"]),
    );
    const second = (await app.blobs.list("converted", {})).blobs.map(({ name }) => name);
    expect(second).toHaveLength(1);
    expect(second).not.toEqual(first);
    await expectConverted(app);
  });

  it("between two calls of a slice", async () => {
    let calls = 0;
    const app = await convertOne("web.qcow2", file, {}, (own) => {
      own.targets.onCall = (call) => {
        calls += call === "copy" ? 1 : 0;
        if (calls === 20) {
          calls += 1;
          own.blobs.setMetadata(ref("web.qcow2"), { ...METADATA, note: "changed" });
        }
        return null;
      };
    });
    expect(app.recordOf("web.qcow2").state).toBe("succeeded");
    expect((await app.blobs.list("converted", {})).blobs).toHaveLength(1);
    await expectConverted(app);
  });
});

describe("a target that somebody removes", () => {
  it("midway is written from the start", async () => {
    const app = createFakeApp();
    slow(app, 3);
    uploadFile(app, "web.qcow2", file);
    await app.event("web.qcow2");
    await app.run(() => (app.recordOf("web.qcow2").disks[0]?.conversion?.bytesDone ?? 0) > 5000);
    for (const blob of (await app.blobs.list("converted", {})).blobs) app.blobs.remove(blob);
    await app.run();
    expect(app.recordOf("web.qcow2").state).toBe("succeeded");
    await expectConverted(app);
  });

  it("before the image is requested is converted again", async () => {
    const app = createFakeApp();
    uploadFile(app, "web.qcow2", file);
    await app.event("web.qcow2");
    await app.run(() => app.recordOf("web.qcow2").state === "submitting");
    for (const blob of (await app.blobs.list("converted", {})).blobs) app.blobs.remove(blob);
    await app.run();
    expect(app.recordOf("web.qcow2").state).toBe("succeeded");
    await expectConverted(app);
  });

  it("and writes other pages to is never taken for complete, but written from the start", async () => {
    const app = createFakeApp();
    slow(app, 3);
    uploadFile(app, "web.qcow2", file);
    await app.event("web.qcow2");
    await app.run(() => (app.recordOf("web.qcow2").disks[0]?.conversion?.bytesDone ?? 0) > 5000);
    const [target] = (await app.blobs.list("converted", {})).blobs;
    if (target === undefined) throw new Error("there is no target");
    app.blobs.putPages(target, 151 * 512, new Uint8Array(512).fill(7));
    await app.run();
    const { state, disks } = app.recordOf("web.qcow2");
    expect([state, disks[0]?.conversion?.restarts]).toEqual(["succeeded", 1]);
    await expectConverted(app);
  });

  it("again and again fails, with advice", async () => {
    const app = await convertOne("web.qcow2", file, {}, (own) => {
      own.targets.onCall = (call, to) => {
        if (call === "countWritten") own.blobs.remove(to);
        return null;
      };
    });
    const { state, error } = app.recordOf("web.qcow2");
    expect([state, error?.code]).toEqual(["failed", "ConversionDisturbed"]);
    expect(app.images.puts).toEqual([]);
  });
});

describe("two requests for one source", () => {
  it("share the target, and one of them converts", async () => {
    const app = createFakeApp();
    slow(app, 3);
    app.blobs.putBytes(ref("web.qcow2"), file);
    await app.uploadManifest("one.json", manifest());
    await app.uploadManifest("two.json", manifest());
    let waited = "";
    await app.run(() => {
      for (const name of ["one.json", "two.json"]) {
        const { detail } = app.recordOf(name).disks[0] ?? {};
        if (detail?.includes("is converting the same disk")) waited = name;
      }
      return false;
    });
    expect(waited).not.toBe("");
    expect(app.recordOf("one.json").state).toBe("succeeded");
    expect(app.recordOf("two.json").state).toBe("succeeded");
    const written = app.targets.calls.filter(({ call }) => call === "create");
    expect(written).toHaveLength(1);
    const copies = app.targets.calls.filter(({ call }) => call === "copy");
    const bytes = copies.reduce((sum, { count }) => sum + count, 0);
    expect(bytes).toBeLessThanOrEqual(file.length);
    await expectConverted(app);
  });

  it("go on when the one that converts is canceled", async () => {
    const app = createFakeApp();
    slow(app, 3);
    app.blobs.putBytes(ref("web.qcow2"), file);
    await app.uploadManifest("one.json", manifest());
    await app.uploadManifest("two.json", manifest());
    await app.run(() =>
      ["one.json", "two.json"].some((name) =>
        app.recordOf(name).disks[0]?.detail?.includes("is converting the same disk"),
      ),
    );
    const waiting = app.recordOf("one.json").disks[0]?.detail?.includes("same disk") ? 1 : 0;
    const names = ["two.json", "one.json"];
    app.blobs.remove(ref(names[1 - waiting] ?? ""));
    await app.run();
    const states = names.map((name) => app.recordOf(name).state).sort();
    expect(states).toEqual(["canceled", "succeeded"]);
    await expectConverted(app);
  });
});

describe("what may be converted", () => {
  it.each([
    ["the setting", { conversion: { mode: "never" as const } }, undefined],
    ["the manifest", {}, "never"],
  ])("nothing by %s: the fix says how to allow it", async (_, options, convert) => {
    const app = createFakeApp(options);
    app.blobs.putBytes(ref("web.qcow2"), file);
    await app.uploadManifest("web.json", manifest(convert));
    await app.run();
    const { state, error } = app.recordOf("web.json");
    expect(state).toBe("failed");
    expect(error?.fix).toContain("CONVERT=auto");
    expect(app.targets.calls).toEqual([]);
  });

  it("what the manifest allows, although the setting does not", async () => {
    const app = createFakeApp({ conversion: { mode: "never" } });
    app.blobs.putBytes(ref("web.qcow2"), file);
    await app.uploadManifest("web.json", manifest("auto"));
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("by metadata of a disk without a manifest", async () => {
    const app = createFakeApp();
    uploadFile(app, "web.qcow2", file, { ...METADATA, convert: "never" } as typeof METADATA);
    await app.event("web.qcow2");
    await app.run();
    expect(app.recordOf("web.qcow2").error?.fix).toContain("CONVERT=auto");
  });

  it.each([
    ["a request", { maxBytes: 64 * 1024 }, "CONVERT_MAX_GIB"],
    ["a day", { maxBytesPerDay: 1024 }, "CONVERT_MAX_GIB_PER_DAY"],
  ])("no more than %s may, and the fix names the setting", async (_, conversion, setting) => {
    const app = await convertOne("web.qcow2", file, { conversion });
    const { state, error } = app.recordOf("web.qcow2");
    expect([state, error?.code]).toEqual(["failed", "ConversionLimit"]);
    expect(error?.fix).toContain(setting);
    expect(app.targets.calls).toEqual([]);
  });

  it("a file that is damaged is refused with what and where, before anything is written", async () => {
    const app = await convertOne("web.qcow2", file.slice(0, file.length / 2));
    const { state, error } = app.recordOf("web.qcow2");
    expect([state, error?.code]).toEqual(["failed", "InvalidVhd"]);
    expect(error?.message).toMatch(/byte \d+ of the file/);
    expect(app.targets.calls).toEqual([]);
  });

  it.each(["web.qcow2.gz", "web.iso", "web.ovf", "web.vhd.zst", "web.zip"])(
    "%s gets a request that says what to do",
    async (name) => {
      const app = await convertOne(name, new Uint8Array(4096).fill(9));
      const { state, error } = app.recordOf(name);
      expect(state).toBe("failed");
      expect(error?.fix).not.toBeNull();
    },
  );
});

describe("targets that nobody needs", () => {
  const targets = async (app: FakeApp) => (await app.blobs.list("converted", {})).blobs.length;

  it("are kept for a managed image", async () => {
    const app = await convertOne("web.qcow2", file);
    app.clock.advance(90 * 24 * 3600);
    await sweep(app.context);
    expect(await targets(app)).toBe(1);
  });

  it("go by the sweep: at once when they are unfinished", async () => {
    const app = createFakeApp();
    slow(app, 3);
    uploadFile(app, "web.qcow2", file);
    await app.event("web.qcow2");
    await app.run(() => (app.recordOf("web.qcow2").disks[0]?.conversion?.bytesDone ?? 0) > 5000);
    await sweep(app.context);
    expect(await targets(app)).toBe(1);
    const { requestId } = app.recordOf("web.qcow2");
    expect((await cancelRequest(requestId, app.context)).outcome).toBe("canceled");
    app.clock.advance(300);
    await sweep(app.context);
    expect(await targets(app)).toBe(0);
  });

  it("go when the last request that used them has ended for long enough", async () => {
    const app = createFakeApp();
    app.images.nextPuts.push(
      serviceError({ status: 400, code: "InvalidParameter", message: "no" }),
    );
    uploadFile(app, "web.qcow2", file);
    await app.event("web.qcow2");
    await app.run();
    expect(app.recordOf("web.qcow2").state).toBe("failed");
    app.clock.advance(6 * 24 * 3600);
    await sweep(app.context);
    expect(await targets(app)).toBe(1);
    app.clock.advance(2 * 24 * 3600);
    await sweep(app.context);
    expect(await targets(app)).toBe(0);
  });

  it("are the only blobs that go", async () => {
    const app = createFakeApp();
    const name = "0123456789abcdef01234567.vhd";
    app.blobs.createPageBlob({ container: "converted", name }, MIB);
    app.blobs.createPageBlob({ container: "converted", name: "mine.vhd" }, MIB, {
      vhdtoimage: "conversion-1",
    });
    app.clock.advance(90 * 24 * 3600);
    await sweep(app.context);
    expect(await targets(app)).toBe(2);
  });
});
