import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { advance } from "../../../../../shared/flow/advance.ts";
import type { DefinitionFacts } from "../../../../../shared/gallery-ports.ts";
import { definitionId, versionId } from "../../../../../shared/image/gallery-request.ts";
import { needDefinition } from "../../../../../shared/outputs/gallery-version/create-definition.ts";
import { newOutput } from "../../../../../shared/record/output.ts";
import type { DiskProgress } from "../../../../../shared/record/record.ts";
import {
  makeDisk,
  makeGallery,
  makeImageRequest,
  makeInspection,
  makeRecord,
  NOW,
} from "../../../../factories.ts";
import { createFakeApp, type FakeApp } from "../../../../fakes/app.ts";
import { createFakeGalleryService, makeDefinition } from "../../../../fakes/gallery-service.ts";
import { serviceError } from "../../../../fakes/image-service.ts";
import { createFakeRecordStore } from "../../../../fakes/record-store.ts";
import { createFakeSourceService } from "../../../../fakes/source-service.ts";

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

describe("the body of a definition that is created", () => {
  const { osDisk, hyperVGeneration, ...bare } = makeImageRequest();
  const gallery = makeGallery({ createDefinition });
  const machine = {
    location: "westeurope",
    osType: "Windows",
    hyperVGeneration: "V2",
    architecture: "Arm64",
    securityType: "TrustedLaunch",
    sizeGib: null,
    machine: { isGeneralized: true, powerState: "deallocated" },
  } as const;
  const { machine: _, ...imageFacts } = machine;
  const sourceVirtualMachine =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm";

  async function need(
    request: Parameters<typeof needDefinition>[0],
    facts: Parameters<typeof needDefinition>[2] = null,
    { disks = [] as DiskProgress[], existing = null as DefinitionFacts | null } = {},
  ) {
    const galleries = createFakeGalleryService();
    galleries.definitions.clear();
    if (existing) galleries.definitions.set(definitionId(gallery).toLowerCase(), existing);
    const subject = {
      record: makeRecord({ disks }),
      records: createFakeRecordStore(),
      sources: createFakeSourceService(),
      clock: () => NOW,
      pollSeconds: 1,
    };
    const output = newOutput("galleryVersion");
    const ports = { galleries, subject, allowDefinitionCreate: true };
    const needed = await needDefinition(request, output, facts, ports);
    const [put] = galleries.definitionPuts as { body: { properties: object } }[];
    return { needed, properties: put?.body.properties };
  }

  it("is what the request says before what the source says", async () => {
    const source = { kind: "managedDisk", id: "/disks/d" };
    const request = { ...bare, osDisk: { ...osDisk, source }, hyperVGeneration, gallery };
    const inspection = makeInspection({ architecture: "x64" });
    const { properties } = await need(request as never, machine, {
      disks: [makeDisk({ inspection })],
    });
    expect(properties).toMatchObject({
      osType: "Linux",
      osState: "Generalized",
      hyperVGeneration: "V1",
      architecture: "x64",
    });
  });

  it.each([
    { what: "a generalized machine", facts: machine, osState: "Generalized" },
    {
      what: "a specialized machine",
      facts: { ...machine, machine: { isGeneralized: false, powerState: "stopped" } },
      osState: "Specialized",
    },
    { what: "a disk", facts: { ...machine, machine: null }, osState: "Generalized" },
    {
      what: "a specialized image",
      facts: { ...imageFacts, osState: "Specialized" },
      osState: "Specialized",
    },
    { what: "an image", facts: { ...imageFacts, osState: null }, osState: "Generalized" },
  ])("is what the source says where it is $what", async ({ facts, osState }) => {
    const { properties } = await need({ ...bare, sourceVirtualMachine, gallery }, facts);
    expect(properties).toMatchObject({
      osType: "Windows",
      osState,
      hyperVGeneration: "V2",
      architecture: "Arm64",
      features: [{ name: "SecurityType", value: "TrustedLaunch" }],
    });
  });

  it("has the state Generalized where neither says one", async () => {
    const request = { ...bare, osDisk, hyperVGeneration, gallery };
    const { properties } = await need({
      ...request,
      osDisk: { ...osDisk, osState: undefined },
    } as never);
    expect(properties).toMatchObject({ osState: "Generalized", architecture: "x64" });
  });

  it.each([
    { what: "system", facts: { ...machine, osType: null }, option: "--os-type Linux" },
    {
      what: "generation",
      facts: { ...machine, hyperVGeneration: null },
      option: "--hyper-v-generation V2",
    },
    { what: "source", facts: null, option: "--os-state Generalized" },
  ])(
    "is not guessed where nothing shows the $what: the user gets the command",
    async ({ facts, option }) => {
      const { needed, properties } = await need({ ...bare, sourceVirtualMachine, gallery }, facts);
      expect(properties).toBeUndefined();
      expect(needed).toMatchObject({
        check: {
          verdict: "refused",
          failure: { code: "DefinitionNotFound", fix: expect.stringContaining(option) },
        },
      });
    },
  );

  it("is not sent while the definition is being made, by whomever", async () => {
    const { needed, properties } = await need({ ...bare, gallery }, machine, {
      existing: makeDefinition({ state: "working" }),
    });
    expect(properties).toBeUndefined();
    expect(needed).toMatchObject({
      check: { verdict: "later", reason: { code: "DefinitionInWork", retryable: true } },
    });
  });

  it("is not sent where no version could be published under the definition", async () => {
    const features = [{ name: "securityType", value: "TrustedLaunch" }];
    const trusted = { ...gallery, createDefinition: { ...createDefinition, features } };
    const { needed, properties } = await need({
      ...bare,
      osDisk,
      hyperVGeneration,
      gallery: trusted,
    } as never);
    expect(properties).toBeUndefined();
    expect(needed).toMatchObject({
      check: {
        verdict: "refused",
        failure: {
          code: "DefinitionMismatch",
          message: expect.stringContaining("under which a VHD cannot be published"),
          target: "gallery.createDefinition.features",
        },
      },
    });
  });

  it("is not sent, and not waited for, where the definition has failed", async () => {
    const { needed, properties } = await need({ ...bare, gallery }, machine, {
      existing: makeDefinition({ state: "failed" }),
    });
    expect(properties).toBeUndefined();
    expect(needed).toMatchObject({
      check: {
        verdict: "refused",
        failure: {
          code: "DefinitionFailed",
          retryable: false,
          fix: expect.stringMatching(/who created it[\s\S]*az sig image-definition delete --/),
        },
      },
    });
  });
});
