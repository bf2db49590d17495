import { describe, expect, it } from "vitest";
import { cancelRequest } from "../../../../shared/flow/cancel-request.ts";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";
import { file, isUnderWay, manifest, ref, slow, uploadFile } from "./conversion-app.ts";

/** Bytes that today's conversions have counted. */
async function sumOf(app: FakeApp): Promise<number> {
  const text = await app.records.getNote("conversions-of-day");
  return Number(text?.split(" ")[1] ?? 0);
}

const bytesOf = (app: FakeApp, name: string): number =>
  app.recordOf(name).disks[0]?.conversion?.bytesTotal ?? Number.NaN;

async function upload(app: FakeApp, ...manifests: readonly string[]): Promise<void> {
  uploadFile(app, "web.qcow2", file);
  for (const name of manifests) await app.uploadManifest(name, manifest());
}

describe("the sum of a day", () => {
  it("counts a conversion once", async () => {
    const app = createFakeApp();
    slow(app, 3);
    await upload(app, "one.json");
    await app.run();
    expect(bytesOf(app, "one.json")).toBeGreaterThan(0);
    expect(await sumOf(app)).toBe(bytesOf(app, "one.json"));
  });

  it("counts it once when the answer of the table is lost", async () => {
    const app = createFakeApp();
    const { swapNote } = app.records;
    let lost = 0;
    const records = {
      ...app.records,
      swapNote: async (key: string, from: string | null, to: string) => {
        const isSwapped = await swapNote(key, from, to);
        if (key !== "conversions-of-day" || lost > 0) return isSwapped;
        lost += 1;
        throw new Error("the connection was reset");
      },
    };
    Object.assign(app.context, { records });
    await upload(app, "one.json");
    await expect(app.run()).rejects.toThrow("reset");
    await app.convertQueue.send({ requestId: app.recordOf("one.json").requestId }, 0);
    await app.run();
    expect(app.recordOf("one.json").state).toBe("succeeded");
    expect([lost, await sumOf(app)]).toEqual([1, bytesOf(app, "one.json")]);
  });

  it("counts it once for two requests that share the converted disk, at the same time or later", async () => {
    const app = createFakeApp();
    slow(app, 3);
    await upload(app, "one.json", "two.json");
    await app.run();
    await app.uploadManifest("three.json", manifest());
    await app.run();
    for (const name of ["one.json", "two.json", "three.json"]) {
      expect(app.recordOf(name).state).toBe("succeeded");
    }
    expect(await sumOf(app)).toBe(bytesOf(app, "one.json"));
  });

  it("does not refuse what is converted already, although the day is full", async () => {
    const bytes = 100 * 1024;
    const app = createFakeApp({ conversion: { maxBytesPerDay: bytes } });
    await upload(app, "one.json");
    await app.run();
    await app.records.putNote("conversions-of-day", `2026-01-01 ${bytes}`);
    const today = app.clock.now().toISOString().slice(0, 10);
    await app.records.putNote("conversions-of-day", `${today} ${bytes}`);
    await app.uploadManifest("two.json", manifest());
    await app.run();
    expect(app.recordOf("two.json").state).toBe("succeeded");
  });

  it("counts again what is written again after a cancellation, so that nobody converts without end", async () => {
    const app = createFakeApp();
    slow(app, 3);
    await upload(app, "one.json");
    await app.run(() => isUnderWay(app, "one.json"));
    await cancelRequest(app.recordOf("one.json").requestId, app.context);
    await app.uploadManifest("two.json", manifest());
    await app.run();
    expect(await sumOf(app)).toBe(2 * bytesOf(app, "two.json"));
  });

  it("refuses what two requests would exceed together, and leaves no target behind", async () => {
    const app = createFakeApp();
    slow(app, 3);
    await upload(app, "one.json");
    app.blobs.putBytes(ref("other.qcow2"), file);
    const other = JSON.stringify(manifest()).replace("web.qcow2", "other.qcow2");
    await app.uploadManifest("two.json", other);
    Object.assign(app.context.conversion, { maxBytesPerDay: 100 * 1024 });
    await app.run();
    const states = ["one.json", "two.json"].map((name) => app.recordOf(name));
    expect(states.map(({ state }) => state).sort()).toEqual(["failed", "succeeded"]);
    expect(states.find(({ state }) => state === "failed")?.error).toMatchObject({
      code: "ConversionLimit",
      retryable: true,
    });
    expect((await app.blobs.list("converted", {})).blobs).toHaveLength(1);
  });

  it("begins again at midnight UTC", async () => {
    const app = createFakeApp();
    await upload(app, "one.json");
    await app.run();
    app.clock.advance(24 * 3600);
    app.blobs.setMetadata(ref("web.qcow2"), { note: "another version" });
    await app.uploadManifest("two.json", manifest());
    await app.run();
    expect(await sumOf(app)).toBe(bytesOf(app, "two.json"));
  });
});
