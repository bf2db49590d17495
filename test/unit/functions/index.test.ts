import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import type { ResourceFactoryResolver } from "@azure/functions-extensions-base";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recordCore } from "./recorded-core.ts";

/** The library that the app and `@azure/functions` share is the CommonJS one, as in the bundle. */
const extensions: { ResourceFactoryResolver: typeof ResourceFactoryResolver } = createRequire(
  import.meta.url,
)("@azure/functions-extensions-base");
vi.mock("@azure/functions-extensions-base", () => extensions);

/** A bound, not an expectation: what loads after the start takes its time on a busy machine. */
const UNTIL_LOADED = { timeout: 60_000 };

const core = recordCore();
const resolver = extensions.ResourceFactoryResolver.getInstance();
const register = resolver.registerResourceFactory.bind(resolver);

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("ImageStorage", "UseDevelopmentStorage=true");
  // A process loads the app once; the library takes no factory twice.
  vi.spyOn(resolver, "registerResourceFactory").mockImplementation((type, factory) => {
    if (!resolver.hasResourceFactory(type)) register(type, factory);
  });
});
afterEach(() => {
  core.functions.length = 0;
  core.startHooks.length = 0;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(() => core.remove());

/** Loads the app with these settings, and returns the bindings of its functions by their names. */
async function loadApp(settings: Record<string, string> = {}) {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  await import("../../../functions/index.ts");
  return Object.fromEntries(core.functions.map(({ name, bindings }) => [name, bindings]));
}

describe("the app", () => {
  it("registers all its functions with their triggers", async () => {
    const http = (route: string, authLevel: string, method = "GET") => [
      expect.objectContaining({ type: "httpTrigger", methods: [method], route, authLevel }),
      expect.objectContaining({ type: "http", direction: "out" }),
    ];

    expect(await loadApp()).toEqual({
      ingest: [
        expect.objectContaining({
          type: "blobTrigger",
          direction: "in",
          connection: "ImageStorage",
          path: "uploads/{name}",
          source: "LogsAndContainerScan",
          properties: { supportsDeferredBinding: "true" },
        }),
      ],
      advance: [
        expect.objectContaining({
          type: "queueTrigger",
          direction: "in",
          connection: "ImageStorage",
          queueName: "image-work",
        }),
      ],
      "poison-work": [
        expect.objectContaining({
          type: "queueTrigger",
          connection: "ImageStorage",
          queueName: "image-work-poison",
        }),
      ],
      convert: [
        expect.objectContaining({
          type: "queueTrigger",
          connection: "ImageStorage",
          queueName: "image-convert",
        }),
      ],
      "poison-convert": [
        expect.objectContaining({
          type: "queueTrigger",
          connection: "ImageStorage",
          queueName: "image-convert-poison",
        }),
      ],
      "poison-upload": [
        expect.objectContaining({
          type: "queueTrigger",
          connection: "ImageStorage",
          queueName: "webjobs-blobtrigger-poison",
        }),
      ],
      sweep: [
        expect.objectContaining({ type: "timerTrigger", direction: "in", schedule: "0 * * * * *" }),
      ],
      "status-list": http("status", "function"),
      "status-get": http("status/{requestId}", "function"),
      "status-cancel": http("status/{requestId}/cancel", "function", "POST"),
      "status-retry": http("status/{requestId}/retry", "function", "POST"),
      plan: http("plan", "function", "POST"),
      queue: http("queue", "function"),
      schema: http("schema/manifest", "anonymous"),
      board: http("board", "anonymous"),
      health: http("health", "anonymous"),
    });
  });

  it("has a file for each function, by its name, that exports makeHandler", async () => {
    const folder = new URL("../../../functions/", import.meta.url);
    const files = readdirSync(folder).filter((file) => /\.(blob|http|queue|timer)\.ts$/.test(file));

    expect(files.map((file) => file.split(".")[0]).sort()).toEqual(
      Object.keys(await loadApp()).sort(),
    );
    for (const file of files) {
      expect(
        Object.keys(await import(/* @vite-ignore */ new URL(file, folder).href)),
        file,
      ).toEqual(["makeHandler"]);
    }
  });

  it("leaves names that are set to the host, and the rest to the settings", async () => {
    const app = await loadApp({
      UPLOADS_CONTAINER: "vhds",
      WORK_QUEUE: "work",
      BLOB_TRIGGER_SOURCE: "EventGrid",
      SWEEP_SCHEDULE: "0 */5 * * * *",
    });

    expect(app.ingest).toMatchObject([{ path: "%UPLOADS_CONTAINER%/{name}", source: "EventGrid" }]);
    expect(app.advance).toMatchObject([{ queueName: "%WORK_QUEUE%" }]);
    expect(app.sweep).toMatchObject([{ schedule: "0 */5 * * * *" }]);
  });

  it("reads the host's references to blobs by its own factory", async () => {
    await loadApp();
    const content = Buffer.from('{"ContainerName":"uploads","BlobName":"20240101"}');

    expect(resolver.createClient("AzureStorageBlobs", { content })).toEqual({
      container: "uploads",
      name: "20240101",
    });
  });

  it("registers everything with wrong settings, and logs a line for each of them", async () => {
    const lines = vi.spyOn(console, "error").mockImplementation(() => {});

    const app = await loadApp({ SETTLE_SECONDS: "soon", IMAGE_LOCATION: "?SECRET" });

    expect(Object.keys(app)).toHaveLength(16);
    expect(app.ingest).toMatchObject([{ path: "uploads/{name}" }]);
    expect(lines.mock.calls).toEqual([
      [expect.stringMatching(/^Invalid setting: IMAGE_LOCATION must be a region such as [^?]*\.$/)],
      ["Invalid setting: SETTLE_SECONDS must be a number, at least 0."],
    ]);
  });

  it("gives triggers whose own setting is wrong a name that the host takes and nobody has", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});

    const app = await loadApp({
      UPLOADS_CONTAINER: "Up_loads",
      WORK_QUEUE: "",
      SWEEP_SCHEDULE: "every minute",
    });

    expect(app.ingest).toMatchObject([{ path: "setting-is-wrong/{name}" }]);
    expect(app.advance).toMatchObject([{ queueName: "setting-is-wrong" }]);
    expect(app["poison-work"]).toMatchObject([{ queueName: "setting-is-wrong-poison" }]);
    expect(app.sweep).toMatchObject([{ schedule: "0 * * * * *" }]);
  });

  it("offers no old blob again when it is not clear where events come from", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});

    const app = await loadApp({ BLOB_TRIGGER_SOURCE: "Polling" });

    expect(app.ingest).toMatchObject([{ path: "setting-is-wrong/{name}" }]);
  });

  it("loads where Node cannot keep compiled code", async () => {
    vi.doMock("node:module", async (load) => ({
      ...(await load<typeof import("node:module")>()),
      enableCompileCache: undefined,
    }));

    expect(Object.keys(await loadApp())).toHaveLength(16);

    vi.doUnmock("node:module");
  });
});

describe("telemetry", UNTIL_LOADED, () => {
  it("is nothing that the host hears of when it goes nowhere", async () => {
    const lines = vi.spyOn(console, "error").mockImplementation(() => {});
    await loadApp();

    expect(core.startHooks).toHaveLength(1);
    expect(lines).not.toHaveBeenCalled();
  });

  it("is loaded after the start when it goes somewhere, and cannot keep the app from starting", async () => {
    const lines = vi.spyOn(console, "error").mockImplementation(() => {});
    const app = await loadApp({ APPLICATIONINSIGHTS_CONNECTION_STRING: "InstrumentationKey=none" });
    expect(Object.keys(app)).toHaveLength(16);
    expect(core.startHooks).toHaveLength(2);

    await core.startHooks.at(-1)?.();

    expect(lines).not.toHaveBeenCalled();
    await vi.waitFor(() => {
      expect(lines.mock.calls.flat()).toEqual([
        expect.stringContaining("Telemetry is not sent: Invalid instrumentation key"),
      ]);
    }, UNTIL_LOADED);
  });
});

describe("the start of the app", UNTIL_LOADED, () => {
  it("goes on when storage cannot be prepared, and says so", async () => {
    const lines = vi.spyOn(console, "error").mockImplementation(() => {});
    // Nobody is signed in on a machine without any command: no request is sent.
    vi.stubEnv("PATH", "");
    await loadApp({
      ImageStorage: "",
      ImageStorage__blobServiceUri: "https://127.0.0.1:9/account",
      ImageStorage__queueServiceUri: "https://127.0.0.1:9/account",
      ImageStorage__tableServiceUri: "https://127.0.0.1:9/account",
    });

    await Promise.all(core.startHooks.map((start) => start()));

    expect(core.startHooks).toHaveLength(1);
    expect(lines).not.toHaveBeenCalled();
    await vi.waitFor(() => {
      expect(lines.mock.calls.flat()).toEqual([
        expect.stringContaining("The request table could not be created: "),
        expect.stringContaining("The queues could not be created: "),
        expect.stringContaining(
          "The containers for uploads and converted disks could not be created: ",
        ),
      ]);
    }, UNTIL_LOADED);
  });
});
