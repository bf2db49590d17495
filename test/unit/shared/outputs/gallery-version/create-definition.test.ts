import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { advance } from "../../../../../shared/flow/advance.ts";
import { versionId } from "../../../../../shared/image/gallery-request.ts";
import { createFakeApp, type FakeApp } from "../../../../fakes/app.ts";
import { makeDefinition } from "../../../../fakes/gallery-service.ts";
import { serviceError } from "../../../../fakes/image-service.ts";

const place = { name: "images", definition: "ubuntu", resourceGroup: "galleries-rg" };
const createDefinition = { publisher: "p", offer: "o", sku: "s" };
const DEFINITION = versionId(
  { subscriptionId: "11111111-1111-4111-8111-111111111111", ...place },
  "",
).replace(/\/versions\/$/, "");

/** An app in which the definition is missing, and requests that would create it. */
async function createApp(requests = 1): Promise<FakeApp> {
  const app = createFakeApp({ policy: { galleries: ["*/*/*"], allowDefinitionCreate: true } });
  app.galleries.definitions.clear();
  await app.uploadVhd("os.vhd");
  for (let index = 0; index < requests; index++) {
    await app.uploadManifest(`web${index}.json`, {
      gallery: { ...place, createDefinition },
      properties: {
        storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" } },
      },
    });
  }
  return app;
}

/** Runs until some request is about to look at its definition. */
const runToSubmit = (app: FakeApp) =>
  app.run(() => app.records.all().some(({ state }) => state === "submitting"));

/** Takes one step of every request at the same time, as often as the host delivers its message. */
async function stepTogether(app: FakeApp, deliveries: number): Promise<void> {
  const { createDefinition: put, findDefinition } = app.galleries;
  app.galleries.findDefinition = async (gallery) => {
    await setImmediate();
    return findDefinition(gallery);
  };
  app.galleries.createDefinition = async (gallery, body) => {
    for (let ticks = 0; ticks < 5; ticks++) await setImmediate();
    await put(gallery, body);
  };
  const due = app.workQueue.pending.splice(0);
  app.clock.advanceTo(new Date(Math.max(...due.map(({ visibleAt }) => visibleAt.getTime()))));
  const all = due.flatMap((message) => Array(deliveries).fill(message) as typeof due);
  await Promise.all(all.map(({ message }) => advance(message, app.context)));
}

describe("a missing definition", () => {
  it.each([
    { name: "two deliveries of one message", requests: 1, deliveries: 2 },
    { name: "five requests, each delivered twice", requests: 5, deliveries: 2 },
  ])("is created by one PUT, whatever happens at once: $name", async ({ requests, deliveries }) => {
    const app = await createApp(requests);
    await runToSubmit(app);
    await stepTogether(app, deliveries);
    await app.run();
    expect(app.galleries.definitionPuts).toHaveLength(1);
    const manifests = app.records.all().filter(({ kind }) => kind === "manifest");
    expect(manifests.map(({ state }) => state)).toEqual(Array(requests).fill("succeeded"));
    expect(app.galleries.puts).toHaveLength(requests);
  });

  it("is created by the next step when the process died before the PUT, after two minutes", async () => {
    const app = await createApp();
    await runToSubmit(app);
    const { createDefinition: put } = app.galleries;
    app.galleries.createDefinition = async () => {
      app.galleries.createDefinition = put;
      throw new Error("the process died");
    };
    const diedAt = app.clock.now().getTime();
    const [message] = app.workQueue.pending.splice(0);
    if (message === undefined) throw new Error("nothing is due");
    app.clock.advanceTo(message.visibleAt);
    await expect(advance(message.message, app.context)).rejects.toThrow("died");
    app.workQueue.pending.push(message);
    await app.run(() => app.galleries.definitionPuts.length > 0);
    const waited = (app.clock.now().getTime() - diedAt) / 1000;
    expect(waited).toBeGreaterThanOrEqual(120);
    await app.run();
    expect(app.recordOf("web0.json").state).toBe("succeeded");
    expect(app.galleries.definitionPuts).toHaveLength(1);
  });

  it.each([
    { name: "refused for now", error: { status: 429, code: "TooManyRequests" }, waits: false },
    { name: "without an answer", error: { status: null, code: "ECONNRESET" }, waits: true },
    { name: "answered with 503", error: { status: 503, code: "ServerBusy" }, waits: true },
  ])("is put again after a PUT that was $name", async ({ error, waits }) => {
    const app = await createApp();
    const { createDefinition: put } = app.galleries;
    let firstAt: number | null = null;
    app.galleries.createDefinition = async (gallery, body) => {
      if (firstAt !== null) return put(gallery, body);
      firstAt = app.clock.now().getTime();
      throw serviceError(error);
    };
    await app.run(() => app.galleries.definitionPuts.length > 0);
    const waited = (app.clock.now().getTime() - (firstAt ?? 0)) / 1000;
    expect(waited >= 120).toBe(waits);
    await app.run();
    expect(app.recordOf("web0.json").state).toBe("succeeded");
  });

  it("is not put again when a PUT without an answer has created it", async () => {
    const app = await createApp();
    const { createDefinition: put } = app.galleries;
    app.galleries.createDefinition = async (gallery, body) => {
      await put(gallery, body);
      throw serviceError({ status: null, code: "ECONNRESET" });
    };
    await app.run();
    expect(app.recordOf("web0.json").state).toBe("succeeded");
    expect(app.galleries.definitionPuts).toHaveLength(1);
  });

  it("that somebody else creates in the same moment is left as it is", async () => {
    const app = await createApp();
    const { findDefinition } = app.galleries;
    let looks = 0;
    app.galleries.findDefinition = async (gallery) => {
      looks += 1;
      if (looks === 2) {
        app.galleries.definitions.set(DEFINITION.toLowerCase(), makeDefinition({ id: DEFINITION }));
      }
      return findDefinition(gallery);
    };
    await app.run();
    expect(app.recordOf("web0.json").state).toBe("succeeded");
    expect(app.galleries.definitionPuts).toEqual([]);
  });
});
