import { beforeEach, describe, expect, it } from "vitest";
import { GALLERY_ERROR_NAMES } from "../../local/arm-simulator/control/gallery-errors.ts";
import { createGalleryService } from "../../shared/azure/arm/gallery-service.ts";
import { createImageService } from "../../shared/azure/arm/image-service.ts";
import { createSourceService } from "../../shared/azure/arm/source-service.ts";
import { createOutputs } from "../../shared/outputs/outputs.ts";
import type { RequestRecord } from "../../shared/record/record.ts";
import { EXPECTED_GALLERY_ERRORS } from "../expected-gallery-errors.ts";
import { createFakeApp, type FakeApp } from "../fakes/app.ts";
import {
  expectedErrorOf,
  GALLERY_ERROR_STORIES,
  type GalleryErrorStory,
  toExpectedFix,
} from "../gallery-error-stories.ts";
import { groupPath, seedPath, subscriptionId } from "../unit/local/arm-simulator/simulator.ts";
import { armOptions, useSimulator } from "./arm-simulator.ts";

/**
 * Every error that galleries are known to give, on the way it takes in the app: the simulator gives it,
 * the real adapter reads it, the stages decide. Only storage, queues and the clock are fakes.
 */

const simulator = useSimulator();
const VERSION = `${groupPath}/providers/Microsoft.Compute/galleries/ours/images/ubuntu/versions/1.0.0`;
const ANYWHERE = { allowed: null, ofSources: true };
const SNAPSHOT = `${seedPath}/snapshots/mySnapshot1`;
const createDefinition = { publisher: "p", offer: "o", sku: "s" };

beforeEach(async () => {
  await simulator().control("reset");
});

const define = (more: object = {}) =>
  simulator().control("resources", {
    type: "galleryImage",
    gallery: "ours",
    resourceGroup: "images-rg",
    name: "ubuntu",
    location: "westus",
    hyperVGeneration: "V1",
    ...more,
  });
const fault = (order: object) => simulator().control("faults", order);

function createApp(): FakeApp {
  const arm = armOptions(simulator());
  const services = { images: createImageService(arm), galleries: createGalleryService(arm) };
  const app = createFakeApp({
    defaults: { subscriptionId, location: "westus" },
    policy: { galleries: ["*/*/*"], regions: ["*"], allowDefinitionCreate: true },
    outputs: createOutputs(services, { allowDefinitionCreate: true, regions: ANYWHERE }),
  });
  const context = { ...app.context, sources: createSourceService(arm) };
  return Object.assign(app, { context: Object.assign(app.context, context) });
}

const SOURCE = {
  properties: {
    storageProfile: {
      osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT } },
    },
  },
};
const PUBLISHED = { gallery: { name: "ours", definition: "ubuntu", createDefinition } };

/** Publishes a version from a snapshot, and runs until the request has ended. */
async function publish(
  manifest: object = PUBLISHED,
  whenCreating: () => Promise<void> = async () => {},
): Promise<RequestRecord> {
  const app = createApp();
  await app.uploadManifest("web.json", { ...SOURCE, ...manifest });
  await app.run(() => app.recordOf("web.json").state === "creating");
  await whenCreating();
  await app.run();
  return app.recordOf("web.json");
}

/** Calls of a method to paths that end so, with their statuses. */
async function statusesOf(method: string, end: string | RegExp) {
  const exchanges = await simulator().exchanges();
  return exchanges
    .filter((call) => call.method === method)
    .filter(({ url }) => {
      const { pathname } = new URL(url);
      return typeof end === "string" ? pathname.endsWith(end) : end.test(pathname);
    })
    .map(({ status }) => status);
}
const putsOf = () => statusesOf("PUT", "/versions/1.0.0");
const deletesOf = () => statusesOf("DELETE", "/versions/1.0.0");

/** Runs a story from the upload until the request has ended. */
async function tell({ faults, from, kind, isDefined }: GalleryErrorStory): Promise<RequestRecord> {
  if (isDefined) await define();
  else {
    const place = { name: "ours", resourceGroup: "images-rg" };
    await simulator().control("resources", { type: "gallery", ...place });
  }
  const order = async (): Promise<void> => {
    for (const each of faults) {
      await fault({ ...each, ...(kind === "managedImage" && { path: "/images/web" }) });
    }
  };
  if (from === "upload") await order();
  const manifest = kind === "managedImage" ? {} : PUBLISHED;
  return from === "upload" ? publish(manifest) : publish(manifest, order);
}

describe.each(GALLERY_ERROR_STORIES)("$name", (story) => {
  it(story.title, async () => {
    const { state, error, outputs } = await tell(story);
    const { end, kind, name } = story;
    expect({ state, error }).toMatchObject({
      state: end.state,
      error: end.state === "succeeded" ? null : expectedErrorOf(story),
    });
    if (end.state === "failed") {
      expect(toExpectedFix(error?.fix, "ubuntu")).toMatch(EXPECTED_GALLERY_ERRORS[name][1]);
    }
    expect(outputs).toMatchObject([{ kind, state: end.state, id: end.hasId ? VERSION : null }]);
    const path = kind === "managedImage" ? "/images/web" : "/versions/1.0.0";
    expect({
      puts: await statusesOf("PUT", path),
      deletes: await statusesOf("DELETE", path),
      definitionPuts: await statusesOf("PUT", "/images/ubuntu"),
    }).toEqual({ puts: end.puts, deletes: end.deletes, definitionPuts: end.definitionPuts });
  });
});

describe("the answer to the PUT of a version", () => {
  it("Throttled is not followed by a PUT before its Retry-After", async () => {
    await define();
    await fault({ method: "PUT", path: "/versions/", status: 429, retryAfter: 900, count: 1 });
    const record = await publish();
    const [refusedAt = 0, acceptedAt = 0] = ["submitting", "creating"].map((state) =>
      Date.parse(record.events.find((event) => event.state === state)?.at ?? ""),
    );
    expect((acceptedAt - refusedAt) / 1000).toBeGreaterThanOrEqual(900);
  });
});

describe("the end of the operation of a version", () => {
  it("that names regions which failed deletes nothing where another region has the version", async () => {
    await define();
    await fault({ region: "northeurope", replication: "Failed", details: "no capacity", count: 9 });
    const targetRegions = ["westus", "northeurope"];
    const record = await publish({
      gallery: { name: "ours", definition: "ubuntu", targetRegions },
    });
    expect(record.error).toMatchObject({
      code: "ReplicationFailed",
      message: `The image version ${VERSION} was created, but its replication failed in North Europe.`,
      target: VERSION,
    });
    expect(record.outputs[0]?.id).toBe(VERSION);
    expect([await putsOf(), await deletesOf()]).toEqual([[201], []]);
  });

  it.each([
    { property: "hyperVGeneration", what: "Hypervisor generation", ours: "V1", theirs: "V2" },
    { property: "osType", what: "OS type", ours: "Linux", theirs: "Windows" },
    { property: "architecture", what: "architecture", ours: "x64", theirs: "Arm64" },
  ])("reports a $property that only Azure knows of", async ({ property, what, ours, theirs }) => {
    // The app may not read the snapshot, so Azure is the first to compare.
    await define({ ...(property === "architecture" && { hyperVGeneration: "V2" }) });
    await simulator().control("resources", {
      type: "snapshot",
      id: SNAPSHOT,
      osType: "Linux",
      hyperVGeneration: property === "architecture" ? "V2" : "V1",
      [property]: theirs,
    });
    await simulator().control("settings", { denied: ["Microsoft.Compute/snapshots/read"] });
    const record = await publish({
      gallery: { name: "ours", definition: "ubuntu" },
      properties: {
        ...(property === "architecture" && { hyperVGeneration: "V2" }),
        storageProfile: {
          osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT } },
        },
      },
    });
    await simulator().control("settings", { denied: [] });
    expect(record.error).toMatchObject({
      code: "Conflict",
      message: `The resource with id '${SNAPSHOT}' has a different ${what} ['${theirs}'] than the parent gallery image ${what} ['${ours}'].`,
      fix: expect.stringContaining(`--gallery-image-definition 'ubuntu' --query ${property}`),
      retryable: false,
    });
    expect([await putsOf(), await deletesOf()]).toEqual([[201], []]);
  });
});

it("a version that is not visible after its PUT is looked for, and found", async () => {
  await define();
  await publish(PUBLISHED, async () => {
    await fault({ galleryError: "NotInRegionYet", count: 3 });
  });
  const looks = await statusesOf("GET", "/versions/1.0.0");
  expect(looks.filter((status) => status === 404 || status === 200)).toContain(404);
  expect(looks.at(-1)).toBe(200);
});

describe("a client that is faster", () => {
  const GIVEN = { gallery: { name: "ours", definition: "ubuntu", version: "1.0.0" } };

  it.each([
    { rival: "OtherSource", code: "VersionExists", status: 409 },
    { rival: "SameSource", code: "VersionOverwritten", status: 200 },
  ])("with $rival ends a given number as $code, after one PUT", async ({ rival, code, status }) => {
    await define();
    await fault({ rival, count: 1 });
    expect((await publish(GIVEN)).error).toMatchObject({ code, target: VERSION });
    expect([await putsOf(), await deletesOf()]).toEqual([[status], []]);
  });

  it("with another source leaves an open number to its owner: the next one is published", async () => {
    await define();
    await fault({ rival: "OtherSource", count: 1 });
    const record = await publish();
    expect(record).toMatchObject({
      state: "succeeded",
      outputs: [{ progress: { version: "1.0.1" } }],
    });
    expect(await putsOf()).toEqual([409]);
  });
});

it("every error of the simulator's catalogue is provoked here", () => {
  const told = new Set(GALLERY_ERROR_STORIES.map(({ name }) => name));
  expect([...told].sort()).toEqual([...GALLERY_ERROR_NAMES].sort());
});
