import { beforeEach, describe, expect, it } from "vitest";
import {
  GALLERY_ERRORS,
  type GalleryError,
  type GalleryErrorName,
} from "../../local/arm-simulator/control/gallery-errors.ts";
import { createGalleryService } from "../../shared/azure/arm/gallery-service.ts";
import { createImageService } from "../../shared/azure/arm/image-service.ts";
import { createSourceService } from "../../shared/azure/arm/source-service.ts";
import { createOutputs } from "../../shared/outputs/outputs.ts";
import type { RequestRecord } from "../../shared/record/record.ts";
import { FEW_ATTEMPTS } from "../../shared/service-errors/service-errors.ts";
import { EXPECTED_GALLERY_ERRORS } from "../expected-gallery-errors.ts";
import { createFakeApp, type FakeApp } from "../fakes/app.ts";
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
/** A version whose operation fails is requested so often. */
const MAX_PUTS = 3;

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

/** Publishes a version from a snapshot, and runs until the request has ended. */
async function publish(
  manifest: object = { gallery: { name: "ours", definition: "ubuntu", createDefinition } },
): Promise<RequestRecord> {
  const app = createApp();
  await app.uploadManifest("web.json", {
    properties: {
      storageProfile: {
        osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT } },
      },
    },
    ...manifest,
  });
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

const names = Object.keys(GALLERY_ERRORS) as GalleryErrorName[];
const errorOf = (name: GalleryErrorName): GalleryError => GALLERY_ERRORS[name];
/** Errors of the PUT of a version: the answer to it, or the end of its operation. */
const refusals = names.filter((name) => {
  const { method, path } = errorOf(name);
  return "status" in errorOf(name) && method === "PUT" && path === "/versions/";
});
const failures = names.filter((name) => "operation" in errorOf(name));
const retried = (list: readonly GalleryErrorName[], ...kinds: readonly string[]) =>
  list.filter((name) => kinds.includes(EXPECTED_GALLERY_ERRORS[name][0]));

/** What the request ended with: the service's own code and words, and what to do. */
function expectFailure({ state, error, outputs }: RequestRecord, name: GalleryErrorName): void {
  const { code, message } = errorOf(name).error;
  const [retry, fix] = EXPECTED_GALLERY_ERRORS[name];
  expect(state).toBe("failed");
  expect(error).toMatchObject({ code, message, retryable: retry !== "never" });
  // The table names another version than the one of this test.
  expect(error?.fix?.replaceAll("1.0.0", "1.4.0")).toMatch(fix);
  expect(outputs).toMatchObject([{ kind: "galleryVersion", state: "failed", error: { code } }]);
}

describe("the answer to the PUT of a version", () => {
  it.each(retried(refusals, "never"))("%s ends the request, after one PUT", async (name) => {
    await define();
    await fault({ galleryError: name, count: 9 });
    expectFailure(await publish(), name);
    expect(await putsOf()).toHaveLength(1);
  });

  it.each(retried(refusals, "few", "later"))(
    "%s is followed by the same PUT until it succeeds",
    async (name) => {
      await define();
      await fault({ galleryError: name, count: 2 });
      expect(await publish()).toMatchObject({ state: "succeeded", error: null });
      const { status } = errorOf(name) as { status: number };
      expect(await putsOf()).toEqual([status, status, 201]);
    },
  );

  it.each(retried(refusals, "few"))("%s ends the request after a few tries", async (name) => {
    await define();
    await fault({ galleryError: name, count: 99 });
    expectFailure(await publish(), name);
    expect(await putsOf()).toHaveLength(FEW_ATTEMPTS);
  });

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
  it.each(retried(failures, "never"))("%s ends the request, after one PUT", async (name) => {
    await define();
    await fault({ galleryError: name, count: 9 });
    const record = await publish();
    expectFailure(record, name);
    expect([await putsOf(), await deletesOf()]).toEqual([[201], []]);
    expect(record.outputs[0]?.id).toBe(VERSION);
  });

  it.each(retried(failures, "later"))(
    "%s is followed by a DELETE and a PUT of the same number",
    async (name) => {
      await define();
      await fault({ galleryError: name, count: 1 });
      const record = await publish();
      expect(record).toMatchObject({ state: "succeeded", outputs: [{ id: VERSION }] });
      expect([await putsOf(), await deletesOf()]).toEqual([[201, 201], [202]]);
    },
  );

  it.each(retried(failures, "later"))("%s ends the request after three PUTs", async (name) => {
    await define();
    await fault({ galleryError: name, count: 9 });
    expectFailure(await publish(), name);
    expect([await putsOf(), await deletesOf()]).toEqual([
      [201, 201, 201].slice(0, MAX_PUTS),
      [202, 202],
    ]);
  });

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

describe("an answer to another call", () => {
  it("DiskControllerTypesOrder ends the request: the definition is not put again", async () => {
    await simulator().control("resources", {
      type: "gallery",
      name: "ours",
      resourceGroup: "images-rg",
    });
    await fault({ galleryError: "DiskControllerTypesOrder", count: 9 });
    expectFailure(await publish(), "DiskControllerTypesOrder");
    expect(await statusesOf("PUT", "/images/ubuntu")).toEqual([409]);
    expect(await putsOf()).toEqual([]);
  });

  it("NotInRegionYet is a version that is looked for again", async () => {
    await define();
    const record = publishWithLag();
    expect(await record).toMatchObject({ state: "succeeded", outputs: [{ id: VERSION }] });
    expect(await putsOf()).toEqual([201]);
    expect((await statusesOf("GET", "/versions/1.0.0")).slice(0, 4)).toContain(404);
  });

  /** The version is not visible for three looks after its PUT. */
  async function publishWithLag(): Promise<RequestRecord> {
    const app = createApp();
    await app.uploadManifest("web.json", {
      gallery: { name: "ours", definition: "ubuntu" },
      properties: {
        storageProfile: {
          osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT } },
        },
      },
    });
    await app.run(() => app.recordOf("web.json").state === "creating");
    await fault({ galleryError: "NotInRegionYet", count: 3 });
    await app.run();
    return app.recordOf("web.json");
  }

  it("NestedResources and a deletion that is busy are asked again", async () => {
    await define();
    await fault({ galleryError: "InvalidBeginGetAccess", count: 1 });
    await fault({ galleryError: "NestedResources", count: 2 });
    expect(await publish()).toMatchObject({ state: "succeeded", outputs: [{ id: VERSION }] });
    expect([await putsOf(), await deletesOf()]).toEqual([
      [201, 201],
      [409, 409, 202],
    ]);
  });

  it("DeletionBlocked ends the request, and the failed version is left", async () => {
    await define();
    await fault({ galleryError: "InvalidBeginGetAccess", count: 1 });
    await fault({ galleryError: "DeletionBlocked", count: 9 });
    expectFailure(await publish(), "DeletionBlocked");
    expect([await putsOf(), await deletesOf()]).toEqual([[201], [409]]);
  });

  it("Arm64ManagedImage ends the request for a managed image, with the way out", async () => {
    await fault({ galleryError: "Arm64ManagedImage", path: "/images/web", count: 9 });
    const record = await publish({});
    expect(record.error).toMatchObject({
      code: "OperationNotAllowed",
      fix: expect.stringMatching(EXPECTED_GALLERY_ERRORS.Arm64ManagedImage[1]),
      retryable: false,
    });
    expect(await statusesOf("PUT", "/images/web")).toEqual([409]);
  });
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
  const single = [
    "DiskControllerTypesOrder",
    "NotInRegionYet",
    "NestedResources",
    "DeletionBlocked",
    "Arm64ManagedImage",
  ];
  expect([...refusals, ...failures, ...single].sort()).toEqual([...names].sort());
});
