import { describe, expect, it } from "vitest";
import { buildSampleVhd, MIB } from "../../../../local/sample-vhds/index.ts";
import { ServiceError } from "../../../../shared/errors.ts";
import { toPlanAnswer } from "../../../../shared/plan/plan-view.ts";
import { CONTAINER, createFakeApp, type FakeApp, SUBSCRIPTION } from "../../../fakes/app.ts";
import { createFakePlanner } from "../../../fakes/planner.ts";
import { makeFooter, VHD_BYTES } from "../../../fakes/vhd.ts";

const ref = (name: string) => ({ container: CONTAINER, name });
const LINUX = buildSampleVhd("linux-gen2", {
  uuid: "11111111-2222-4333-8444-555555555555",
  createdAt: new Date("2026-01-01T00:00:00Z"),
  virtualSizeBytes: 512 * MIB,
});
const IMAGE_PATH = `/subscriptions/${SUBSCRIPTION}/resourceGroups/images-rg/providers/Microsoft.Compute/images`;

/** A manifest of an image whose OS disk is a blob of the uploads container. */
const manifestOf = (
  blobUri = "os.vhd",
  osDisk: object = { osType: "Linux" },
  rest: object = {},
) => ({
  ...rest,
  properties: {
    hyperVGeneration: "V2",
    ...((rest as { properties?: object }).properties ?? {}),
    storageProfile: { osDisk: { osState: "Generalized", blobUri, ...osDisk } },
  },
});

/** Puts a disk into the container; no event announces it. */
function putDisk(app: FakeApp, name: string, metadata: Record<string, string> = {}): void {
  app.blobs.createPageBlob(ref(name), LINUX.sizeBytes, metadata);
  for (const { offset, bytes } of LINUX.extents) app.blobs.putPages(ref(name), offset, bytes);
}

/** The answer to a plan of a manifest that was not uploaded, or of an upload. */
async function planOf(
  app: FakeApp,
  input: { manifest: unknown } | { source: string },
  resources: Record<string, unknown> = {},
) {
  const { plan } = createFakePlanner(app, resources);
  const planned =
    "source" in input
      ? await plan({
          kind: "upload",
          name: input.source,
          uploadKind: input.source.endsWith(".json") ? "manifest" : "vhd",
        })
      : await plan({
          kind: "manifest",
          name: "web.json",
          bytes: new TextEncoder().encode(
            typeof input.manifest === "string" ? input.manifest : JSON.stringify(input.manifest),
          ),
        });
  if (planned === null) return null;
  return toPlanAnswer(planned).jsonBody;
}

/** The only call of a plan's only output. */
function onlyCall(plan: Awaited<ReturnType<typeof planOf>>) {
  const calls = (plan?.outputs ?? []).flatMap(({ requests }) => requests);
  const [call] = calls;
  if (call === undefined || calls.length > 1) throw new Error(`${calls.length} calls are planned`);
  return call;
}

/** Everything that a plan could change. */
const worldOf = (app: FakeApp) => ({
  rows: app.records.rows(),
  records: app.records.all(),
  messages: [...app.workQueue.pending],
  announced: [...app.statusQueue.published],
  puts: [...app.images.puts],
  log: [...app.log.lines],
});

describe("a plan", () => {
  it("has the PUT that is sent later, method, URL and body", async () => {
    const app = createFakeApp();
    putDisk(app, "os.vhd");
    const manifest = manifestOf("os.vhd", {}, { tags: { b: "2", a: "1" } });

    const plan = await planOf(app, { manifest });
    await app.uploadManifest("web.json", manifest);
    await app.run();

    const body = app.images.puts[0]?.body;
    expect(body).toMatchObject({ properties: { hyperVGeneration: "V2" } });
    expect(plan).toMatchObject({
      verdict: "create",
      requestId: null,
      source: "web.json",
      image: { name: "web" },
      outputs: [{ kind: "managedImage", action: "create", id: `${IMAGE_PATH}/web`, error: null }],
      disks: [{ blob: "os.vhd", state: "complete", inspection: { osType: "Linux" } }],
    });
    const call = onlyCall(plan);
    expect(call.method).toBe("PUT");
    expect(new URL(call.url).pathname).toBe(`${IMAGE_PATH}/web`);
    expect(new URL(call.url).searchParams.get("api-version")).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(JSON.parse(JSON.stringify(call.body))).toEqual(body);
  });

  it("changes nothing: no record, claim, note, message, blob, log line or call but GET", async () => {
    const app = createFakeApp();
    putDisk(app, "os.vhd");
    putDisk(app, "lone.vhd", { osstate: "Generalized" });
    app.blobs.putText(ref("up.json"), JSON.stringify(manifestOf()));
    await app.uploadManifest("open.json", manifestOf("missing.vhd"));
    await app.run(() => app.recordOf("open.json").state === "waiting");
    const before = structuredClone(worldOf(app));
    const { plan, sent } = createFakePlanner(app);

    const bytes = new TextEncoder().encode(JSON.stringify(manifestOf()));
    await plan({ kind: "manifest", name: "web.json", bytes });
    await plan({ kind: "manifest", name: "bad.json", bytes: bytes.subarray(3) });
    await plan({ kind: "upload", name: "up.json", uploadKind: "manifest" });
    await plan({ kind: "upload", name: "open.json", uploadKind: "manifest" });
    await plan({ kind: "upload", name: "lone.vhd", uploadKind: "vhd" });

    expect(worldOf(app)).toEqual(before);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.filter((call) => !call.startsWith("GET "))).toEqual([]);
  });

  it("takes system and generation from the disk, of an upload too", async () => {
    const app = createFakeApp();
    putDisk(app, "lone.vhd", { osstate: "Generalized" });

    expect(await planOf(app, { source: "lone.vhd" })).toMatchObject({
      verdict: "create",
      requestId: expect.stringMatching(/^[a-z2-7]{20}$/),
      kind: "vhd",
      outputs: [
        {
          requests: [
            {
              body: {
                properties: {
                  hyperVGeneration: "V2",
                  storageProfile: { osDisk: { osType: "Linux" } },
                },
              },
            },
          ],
        },
      ],
    });
  });

  it("waits for a disk that is missing, and has the PUT only if it does not depend on it", async () => {
    const app = createFakeApp();

    expect(await planOf(app, { manifest: manifestOf("os.vhd") })).toMatchObject({
      verdict: "wait",
      message: expect.stringContaining("os.vhd: missing"),
      outputs: [{ action: "create", requests: [{ method: "PUT" }] }],
    });
    expect(
      await planOf(app, { manifest: manifestOf("os.vhd", { osType: undefined }) }),
    ).toMatchObject({
      verdict: "wait",
      outputs: [
        {
          action: "unknown",
          requests: [],
          detail: "the operating system and the generation are read from os.vhd, which is missing",
        },
      ],
    });
  });

  it("waits for a disk whose uploader has marked it as unfinished", async () => {
    const app = createFakeApp();
    putDisk(app, "os.vhd", { diskmetadata: "{}" });

    expect(await planOf(app, { manifest: manifestOf() })).toMatchObject({
      verdict: "wait",
      message: expect.stringContaining("diskmetadata"),
    });
  });
});

describe("what is wrong", () => {
  it("is reported all at once, with places", async () => {
    const app = createFakeApp();
    const manifest =
      '{ "imageNme": "x",\n  "properties": { "storageProfile": { "osDisk": { "blobUri": 1 } } } }';

    expect(await planOf(app, { manifest })).toMatchObject({
      status: 422,
      error: { code: "InvalidManifest", fix: expect.any(String) },
      mistakes: [
        { line: 1, column: 3, path: "imageNme", message: expect.stringContaining("imageName") },
        { line: 2, message: expect.any(String) },
        { line: 2, message: expect.any(String) },
      ],
      outputs: [],
    });
  });

  it("is reported in full, beyond what a record keeps", async () => {
    const keys = Array.from({ length: 90 }, (_, index) => `"wrong${index}": 1`).join(",");
    const plan = await planOf(createFakeApp(), { manifest: `{${keys}}` });

    expect(plan).toHaveProperty("mistakes.length", 91);
  });

  it("may be the bytes, or their number", async () => {
    const app = createFakeApp();
    const { plan } = createFakePlanner(app);
    const answer = async (bytes: Uint8Array) => {
      const planned = await plan({ kind: "manifest", name: "web.json", bytes });
      return planned && toPlanAnswer(planned).jsonBody;
    };

    expect(await answer(Uint8Array.of(0x7b, 0xff))).toMatchObject({
      mistakes: [{ line: 1, message: expect.stringContaining("UTF-8") }],
    });
    expect(await answer(new Uint8Array(256 * 1024 + 1).fill(0x20))).toMatchObject({
      error: { message: expect.stringContaining("262145 bytes") },
      mistakes: [],
    });
  });

  it("may be the policy, which names the setting", async () => {
    const manifest = manifestOf("os.vhd", {}, { resourceGroup: "not-mine" });

    expect(await planOf(createFakeApp(), { manifest })).toMatchObject({
      status: 422,
      error: { code: "NotAllowed", message: expect.stringContaining("ALLOWED_TARGETS") },
      outputs: [],
    });
  });

  it("may be a disk, with what was found on it", async () => {
    const app = createFakeApp();
    putDisk(app, "os.vhd");
    const manifest = manifestOf("os.vhd", { osType: "Windows" });

    expect(await planOf(app, { manifest })).toMatchObject({
      status: 422,
      error: { code: "DiskMismatch" },
      outputs: [{ action: "fail", requests: [], error: { code: "DiskMismatch" } }],
      disks: [{ inspection: { osType: "Linux" } }],
    });
  });

  it("may be an image that is there already, and is another one", async () => {
    const app = createFakeApp();
    putDisk(app, "os.vhd");
    await app.uploadManifest("web.json", manifestOf("os.vhd"));
    await app.run();
    const manifest = manifestOf("os.vhd", {}, { imageName: "web", tags: { other: "yes" } });

    expect(await planOf(app, { manifest })).toMatchObject({
      status: 422,
      error: { code: "ImageExists", message: expect.stringContaining("differs") },
    });
  });

  it("may be the app's setting, for a disk by itself", async () => {
    const app = createFakeApp({ vhdWithoutManifest: "ignore" });
    putDisk(app, "lone.vhd", { osstate: "Generalized" });

    expect(await planOf(app, { source: "lone.vhd" })).toMatchObject({
      status: 422,
      error: { code: "UploadIgnored" },
    });
  });
});

describe("a plan of an upload that has a request", () => {
  it("is that of its retry once it has ended", async () => {
    const app = createFakeApp();
    putDisk(app, "os.vhd");
    await app.uploadManifest("web.json", manifestOf());
    await app.run();
    const { requestId } = app.recordOf("web.json");

    const again = await planOf(app, { source: "web.json" });
    expect(again).toMatchObject({
      verdict: "exists",
      outputs: [{ action: "exists", requests: [] }],
    });
    expect((again as { requestId: string }).requestId).not.toBe(requestId);
    app.images.existing.clear();
    expect(await planOf(app, { source: "web.json" })).toMatchObject({ verdict: "create" });
  });

  it("goes on from where it is while it is open", async () => {
    const app = createFakeApp();
    putDisk(app, "os.vhd");
    await app.uploadManifest("web.json", manifestOf());
    await app.run(() => app.recordOf("web.json").state === "creating");
    const { requestId } = app.recordOf("web.json");

    expect(await planOf(app, { source: "web.json" })).toMatchObject({
      verdict: "follow",
      requestId,
      outputs: [{ action: "follow", requests: [] }],
    });
  });

  it("is canceled where the request would be", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd", { osstate: "Generalized", ostype: "Linux" });
    app.blobs.createPageBlob(ref("os.lun1.vhd"), VHD_BYTES);
    app.blobs.writeFooter(ref("os.lun1.vhd"), makeFooter());

    expect(await planOf(app, { source: "os.lun1.vhd" })).toMatchObject({
      verdict: "canceled",
      message: expect.stringContaining("is data disk 1 of os.vhd"),
    });
  });

  it("does not exist without the upload", async () => {
    expect(await planOf(createFakeApp(), { source: "nobody.vhd" })).toBeNull();
  });
});

describe("Azure, when it does not answer as it should", () => {
  it("is in the way, and the plan says so", async () => {
    const app = createFakeApp();
    const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/snapshots/s`;
    app.sources.set(
      id,
      new ServiceError({
        status: 503,
        code: "ServerBusy",
        message: "busy",
        target: null,
        details: [],
        retryAfterSeconds: null,
      }),
    );
    const manifest = manifestOf(undefined, {
      blobUri: undefined,
      snapshot: { id },
      osType: "Linux",
    });

    expect(await planOf(app, { manifest })).toMatchObject({
      verdict: "wait",
      message: "busy",
      outputs: [{ action: "wait", error: { code: "ServerBusy" } }],
    });
  });
});

describe("a plan of a gallery version", () => {
  it("has the next number and the PUT of the version, and claims nothing", async () => {
    const app = createFakeApp({ policy: { galleries: ["*/*/*"] } });
    putDisk(app, "os.vhd");
    const definition = `/subscriptions/${SUBSCRIPTION}/resourcegroups/images-rg/providers/microsoft.compute/galleries/images/images/ubuntu`;
    const account = `/subscriptions/${SUBSCRIPTION}/providers/microsoft.storage/storageaccounts`;
    const resources = {
      [definition]: {
        id: definition,
        location: "westeurope",
        properties: {
          provisioningState: "Succeeded",
          osType: "Linux",
          osState: "Generalized",
          hyperVGeneration: "V2",
        },
      },
      [`${definition}/versions`]: { value: [{ name: "1.4.0" }] },
      [account]: { value: [{ id: `${account}/own`, name: "own", location: "westeurope" }] },
    };
    const gallery = {
      resourceGroup: "images-rg",
      name: "images",
      definition: "ubuntu",
      version: "1.auto",
    };
    const before = structuredClone(worldOf(app));

    const plan = await planOf(app, { manifest: manifestOf("os.vhd", {}, { gallery }) }, resources);

    expect(plan).toMatchObject({
      verdict: "create",
      outputs: [{ kind: "galleryVersion", version: "1.5.0" }],
    });
    const call = onlyCall(plan);
    expect(call.method).toBe("PUT");
    expect(new URL(call.url).pathname.toLowerCase()).toBe(`${definition}/versions/1.5.0`);
    expect(worldOf(app)).toEqual(before);
  });
});
