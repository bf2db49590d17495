import { describe, expect, it } from "vitest";
import { cancelRequest } from "../../../../shared/flow/cancel-request.ts";
import { retryRequest } from "../../../../shared/flow/retry-request.ts";
import type { RequestState } from "../../../../shared/record/states.ts";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";
import { serviceError } from "../../../fakes/image-service.ts";

const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const MANIFEST = { properties: { storageProfile: { osDisk } } };
const ofMetadata = { ostype: "linux", osstate: "generalized" };
const idOf = (app: FakeApp, name = "web.json"): string => app.recordOf(name).requestId;
const cancel = (app: FakeApp, name = "web.json") => cancelRequest(idOf(app, name), app.context);

/** An app in which the request of `web.json` is in a state. */
async function openUntil(state: RequestState): Promise<FakeApp> {
  const app = createFakeApp();
  await app.uploadVhd("os.vhd");
  await app.uploadManifest("web.json", MANIFEST);
  await app.run(() => app.recordOf("web.json").state === state);
  return app;
}

describe("cancelRequest", () => {
  it.each(["received", "waiting", "submitting"] as const)(
    "cancels a request that is %s: nothing is sent to Azure, now or later",
    async (state) => {
      const app = await openUntil(state);
      expect(await cancel(app)).toMatchObject({
        outcome: "canceled",
        record: { state: "canceled" },
      });
      await app.run();
      const record = app.recordOf("web.json");
      expect(record).toMatchObject({ state: "canceled", dueAt: null, deadlineAt: null });
      expect(record.announced).toBe(record.events.length);
      expect(record.outputs.every((output) => output.state === "canceled")).toBe(true);
      expect(app.images.puts).toEqual([]);
      expect(app.statusQueue.published.at(-1)).toMatchObject({ data: { state: "canceled" } });
    },
  );

  it("leaves a request alone whose PUT was sent, and names what can be deleted later", async () => {
    const app = await openUntil("creating");
    const [put] = app.images.puts;
    expect(await cancel(app)).toEqual({ outcome: "building", ids: [put?.id] });
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("leaves a request alone whose PUT may have come through though the answer was lost", async () => {
    const app = createFakeApp();
    app.images.nextPuts.push("acceptThenDrop");
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", MANIFEST);
    await app.run(() => app.images.puts.length === 1);
    expect(app.recordOf("web.json").state).toBe("submitting");
    expect(await cancel(app)).toMatchObject({ outcome: "building" });
  });

  it("cancels a request whose PUT was refused for now", async () => {
    const app = createFakeApp();
    app.images.nextPuts.push(serviceError({ status: 429, code: "TooManyRequests" }));
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", MANIFEST);
    await app.run(() => app.images.nextPuts.length === 0);
    expect(await cancel(app)).toMatchObject({ outcome: "canceled" });
    await app.run();
    expect(app.images.puts).toEqual([]);
  });

  it("wins against a step that has not claimed the PUT, and loses against one that has", async () => {
    for (const moment of ["find", "create"] as const) {
      const app = createFakeApp();
      await app.uploadVhd("os.vhd");
      await app.uploadManifest("web.json", MANIFEST);
      const act = app.images[moment].bind(app.images) as (request: never) => Promise<never>;
      let outcome: string | null = null;
      app.images[moment] = async (request: never) => {
        if (outcome === null) outcome = (await cancel(app)).outcome;
        return act(request);
      };
      await app.run();
      expect(outcome).toBe(moment === "find" ? "canceled" : "building");
      expect(app.images.puts).toHaveLength(moment === "find" ? 0 : 1);
      expect(app.recordOf("web.json").state).toBe(moment === "find" ? "canceled" : "succeeded");
    }
  });

  it.each([
    ["succeeded", MANIFEST],
    ["failed", {}],
  ] as const)("never changes a request that has ended: %s", async (state, manifest) => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", manifest);
    await app.run();
    const before = app.recordOf("web.json");
    expect(await cancel(app)).toEqual({ outcome: "ended", state });
    expect(app.recordOf("web.json")).toEqual(before);
  });

  it("does not cancel twice", async () => {
    const app = await openUntil("waiting");
    await cancel(app);
    const before = app.recordOf("web.json");
    expect(await cancel(app)).toEqual({ outcome: "ended", state: "canceled" });
    expect(app.recordOf("web.json")).toEqual(before);
  });

  it.each(["nobody", "", "../status", "abcdefghijklmnop2345"])(
    "knows no request '%s'",
    async (requestId) => {
      expect(await cancelRequest(requestId, createFakeApp().context)).toEqual({
        outcome: "unknown",
      });
    },
  );

  it.each(["received", "waiting"] as const)(
    "keeps the disks of a manifest that is %s from becoming images by themselves",
    async (state) => {
      const app = createFakeApp();
      await app.uploadManifest("web.json", MANIFEST);
      await app.run(() => app.recordOf("web.json").state === state);
      await cancel(app);
      await app.uploadVhd("os.vhd", ofMetadata);
      await app.run();
      expect(app.recordOf("os.vhd")).toMatchObject({ state: "canceled" });
      expect(app.recordOf("os.vhd").events.at(-1)?.message).toContain("web.json");
      expect(app.images.puts).toEqual([]);
    },
  );

  it("lets the disks go once the canceled manifest is deleted", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", MANIFEST);
    await app.run(() => app.recordOf("web.json").state === "waiting");
    await cancel(app);
    app.blobs.remove({ container: "uploads", name: "web.json" });
    await app.uploadVhd("os.vhd", ofMetadata);
    await app.run();
    expect(app.recordOf("os.vhd").state).toBe("succeeded");
  });

  it("cancels a disk without a manifest, and the sweep and its event leave it canceled", async () => {
    const app = createFakeApp();
    await app.uploadVhd("web.vhd", ofMetadata);
    await app.run(() => app.recordOf("web.vhd").state === "waiting");
    await cancel(app, "web.vhd");
    await app.event("web.vhd");
    await app.run();
    expect(app.records.all()).toHaveLength(1);
    expect(app.recordOf("web.vhd").state).toBe("canceled");
  });

  it("is undone by a retry", async () => {
    const app = await openUntil("waiting");
    await cancel(app);
    app.clock.advance(1);
    await retryRequest(idOf(app), app.context);
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", attempt: 2 });
    expect(app.images.puts).toHaveLength(1);
  });
});
