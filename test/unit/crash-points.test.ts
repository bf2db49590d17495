import { describe, expect, it } from "vitest";
import { advance } from "../../shared/flow/advance.ts";
import { ingest } from "../../shared/flow/ingest.ts";
import { sweep } from "../../shared/flow/sweep.ts";
import { buildQcow2 } from "../disks/maps/build-two-level-formats.ts";
import { contentOf, type DiskPlan } from "../disks/maps/placement.ts";
import { createFakeApp, type FakeApp, takeNextOf } from "../fakes/app.ts";
import { CrashError, installCrashPoints } from "../fakes/crash-points.ts";
import { makeFooter, VHD_BYTES } from "../fakes/vhd.ts";

/**
 * Walks through every crash point of a run, one at a time: the process dies there, the host gives the
 * message back after its lease, and the end must be the same as without a crash.
 */

/** The host hides the message of a dead process for so long, in seconds. */
const LEASE_SECONDS = 600;
const MAX_STEPS = 2000;

const os = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const SNAPSHOT =
  "/subscriptions/{subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/snapshots/s";

interface Scenario {
  readonly name: string;
  /** Writes the uploads, without their events. */
  readonly upload: (app: FakeApp) => void;
  /** Sources in the order of their events, and how each must end. */
  readonly ends: Readonly<Record<string, string>>;
  readonly images: readonly string[];
  /** Numbers of versions, in the order of their PUTs. */
  readonly versions?: readonly string[];
  readonly prepare?: (app: FakeApp) => void;
  /** What the only converted disk contains. */
  readonly disk?: DiskPlan;
}

const CLUSTER_BYTES = 512;
const QCOW2: DiskPlan = {
  slots: ["data", "none", "packed", "data", "none", "data", "none", "data"],
  order: [],
  cut: 0,
};

const putVhd = (app: FakeApp, name: string, metadata: Record<string, string> = {}): void => {
  const ref = { container: "uploads", name };
  app.blobs.createPageBlob(ref, VHD_BYTES, metadata);
  app.blobs.writeFooter(ref, makeFooter());
};
const putManifest = (app: FakeApp, name: string, storageProfile: object, top = {}): void =>
  app.blobs.putText(
    { container: "uploads", name },
    JSON.stringify({ properties: { storageProfile }, ...top }),
  );

const gallery = {
  name: "images",
  definition: "debian",
  resourceGroup: "galleries-rg",
  targetRegions: ["westeurope", "northeurope"],
  createDefinition: { publisher: "p", offer: "o", sku: "s" },
};

const SCENARIOS: readonly Scenario[] = [
  {
    name: "a manifest with a VHD and a snapshot",
    upload: (app) => {
      putVhd(app, "os.vhd");
      putManifest(app, "web.json", {
        osDisk: os,
        dataDisks: [{ lun: 0, snapshot: { id: SNAPSHOT } }],
      });
    },
    ends: { "os.vhd": "canceled", "web.json": "succeeded" },
    images: ["web"],
  },
  {
    name: "a VHD with a data disk and no manifest",
    upload: (app) => {
      const metadata = { ostype: "linux", osstate: "generalized" };
      putVhd(app, "web.vhd", metadata);
      putVhd(app, "web.lun0.vhd");
    },
    ends: { "web.vhd": "succeeded", "web.lun0.vhd": "canceled" },
    images: ["web"],
  },
  {
    name: "a manifest with both outputs, whose definition is missing",
    upload: (app) => {
      putVhd(app, "os.vhd");
      putManifest(app, "web.json", { osDisk: os }, { managedImage: true, gallery });
    },
    ends: { "os.vhd": "canceled", "web.json": "succeeded" },
    images: ["web"],
    versions: ["1.0.0"],
  },
  {
    name: "an image version that fails once in Azure",
    upload: (app) => {
      app.galleries.nextEnds.push("failed");
      putVhd(app, "os.vhd");
      putManifest(
        app,
        "web.json",
        { osDisk: os },
        { gallery: { ...gallery, version: "1.4.auto" } },
      );
    },
    ends: { "os.vhd": "canceled", "web.json": "succeeded" },
    images: [],
    versions: ["1.4.0", "1.4.0"],
  },
  {
    name: "a manifest with a qcow2 image that is converted",
    upload: (app) => {
      app.blobs.putBytes({ container: "uploads", name: "os.qcow2" }, buildQcow2(QCOW2));
      putManifest(app, "web.json", {
        osDisk: { ...os, blobUri: "os.qcow2" },
      });
    },
    // Each call takes so long that a few fill a slice.
    prepare: (app) => {
      app.targets.onCall = () => {
        app.clock.advance(10);
        return null;
      };
    },
    ends: { "os.qcow2": "canceled", "web.json": "succeeded" },
    images: ["web"],
    disk: QCOW2,
  },
  {
    name: "a manifest that is wrong",
    upload: (app) => putManifest(app, "web.json", { osDisk: { ...os, osType: "BeOS" } }),
    ends: { "web.json": "failed" },
    images: [],
  },
];

/** Delivers an event as the host does: again and again until the function has not died. */
async function deliverEvent(app: FakeApp, name: string): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    if (await survives(() => ingest({ container: "uploads", name }, app.context))) return;
  }
}

/** Works off every message, giving one back after its lease when the process died on it. */
async function workOff(app: FakeApp): Promise<void> {
  for (let step = 0; step < MAX_STEPS; step++) {
    const next = takeNextOf(app);
    if (next === undefined) return;
    const { message, queue } = next;
    app.clock.advanceTo(next.visibleAt);
    if (await survives(() => advance(message, app.context, queue))) continue;
    const visibleAt = new Date(app.clock.now().getTime() + LEASE_SECONDS * 1000);
    const { pending } = queue === "work" ? app.workQueue : app.convertQueue;
    pending.push({ message, visibleAt });
  }
  throw new Error("the requests do not come to an end");
}

async function survives(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof CrashError) return false;
    throw error;
  }
}

async function runScenario(
  scenario: Scenario,
  crashAt: number | null,
): Promise<{ app: FakeApp; reached: readonly string[] }> {
  const app = createFakeApp({
    policy: { galleries: ["*/*/*"], allowDefinitionCreate: true, regions: ["*"] },
  });
  const { reached } = installCrashPoints(app, crashAt);
  scenario.prepare?.(app);
  scenario.upload(app);
  for (const name of Object.keys(scenario.ends)) await deliverEvent(app, name);
  await workOff(app);
  // The sweep comes by in any case, and may die as well.
  app.clock.advance(3600);
  await survives(() => sweep(app.context));
  await workOff(app);
  return { app, reached };
}

/** The converted disk has every byte of its source, and no other target is left. */
async function expectConverted(app: FakeApp, { slots }: DiskPlan): Promise<void> {
  const { blobs } = await app.blobs.list("converted", {});
  expect(blobs).toHaveLength(1);
  for (const { container, name, etag } of blobs) {
    const count = slots.length * CLUSTER_BYTES;
    const bytes = await app.blobs.read({ container, name }, { offset: 0, count, etag });
    const disk = new Uint8Array(count);
    slots.forEach((slot, at) => {
      if (slot !== "none") disk.set(contentOf(at, CLUSTER_BYTES), at * CLUSTER_BYTES);
    });
    expect(Buffer.from(bytes).equals(disk)).toBe(true);
  }
}

function expectGoodEnd(app: FakeApp, { ends, images, versions = [] }: Scenario): void {
  const records = app.records.all();
  expect(Object.fromEntries(records.map(({ source, state }) => [source.name, state]))).toEqual(
    ends,
  );
  expect(app.images.puts.map(({ id }) => id.split("/").at(-1))).toEqual(images);
  expect(app.galleries.puts.map(({ id }) => id.split("/").at(-1))).toEqual(versions);
  expect(app.records.versionClaims()).toHaveLength(new Set(versions).size);
  expect(app.galleries.definitionPuts.length).toBeLessThanOrEqual(1);
  expect([...app.workQueue.pending, ...app.convertQueue.pending]).toEqual([]);
  for (const record of records) {
    const announced = new Set(
      app.statusQueue.published.flatMap(({ id, sequence }) =>
        id.startsWith(`${record.requestId}-`) ? [Number(sequence)] : [],
      ),
    );
    expect([...announced].sort((a, b) => a - b)).toEqual(
      record.events.map(({ sequence }) => sequence),
    );
    expect(record.dueAt).toBeNull();
  }
}

describe.each(SCENARIOS)("$name", (scenario) => {
  it("ends the same wherever the process dies", async () => {
    const { app, reached } = await runScenario(scenario, null);
    expectGoodEnd(app, scenario);
    expect(new Set(reached).size).toBeGreaterThan(6);
    for (let index = 0; index < reached.length; index++) {
      const crashed = await runScenario(scenario, index);
      try {
        expectGoodEnd(crashed.app, scenario);
        if (scenario.disk) await expectConverted(crashed.app, scenario.disk);
      } catch (cause) {
        throw new Error(`after a crash at ${index}, ${reached[index]}`, { cause });
      }
    }
  });
});
