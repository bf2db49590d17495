import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CloudEvent } from "../../shared/events.ts";
import { connectTo, type Envelope, type Ingestion, startIngestion } from "./ingestion.ts";
import { startTestWorld, type TestWorld } from "./world.ts";

const preload = new URL("./watch-telemetry.mjs", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "vhd-to-image-telemetry-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SIGNATURE = "MARKEDSAS0signature";
const DISK = { osType: "Linux", osState: "Generalized" };
const MANIFEST = {
  properties: { storageProfile: { osDisk: { ...DISK, blobUri: "web.vhd" } } },
};
const TELLTALE = {
  code: "InternalExecutionError",
  message: `cannot read https://a.blob.core.windows.net/c/b.vhd?sv=2024-11-04&sig=${SIGNATURE}`,
};
/** The exporter asks Microsoft for more than the telemetry endpoint; a test asks nobody outside. */
const LOOPBACK_ONLY = {
  APPLICATION_INSIGHTS_NO_STATSBEAT: "true",
  HTTPS_PROXY: "http://127.0.0.1:9",
};

/** A world whose app is watched; `loaded` gives the files of its bundle that it has loaded. */
async function startWatchedWorld(name: string, settings: Record<string, string>) {
  const lines: string[] = [];
  const loadedFile = join(folder, `${name}.loaded`);
  writeFileSync(loadedFile, "");
  const test = await startTestWorld(
    {
      ...LOOPBACK_ONLY,
      NODE_OPTIONS: `--import ${preload}`,
      LOADED_FILES: loadedFile,
      ...settings,
    },
    (line) => lines.push(line),
  );
  // The app creates it too, but after the host has called it ready.
  await test.uploads.createIfNotExists();
  const loaded = (): string[] => readFileSync(loadedFile, "utf8").split("\n");
  return { test, lines, loaded };
}

const isTelemetry = (file: string): boolean => /\/telemetry[^/]*\.cjs$/.test(file);
const complaints = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.includes("Telemetry is not sent"));

async function makeImage(test: TestWorld): Promise<void> {
  await test.putVhd("web.vhd");
  await test.putManifest("web.json", MANIFEST);
  expect(await test.status("web.json")).toMatchObject({ state: "succeeded" });
}

describe("an app that is configured with a telemetry endpoint", () => {
  let ingestion: Ingestion;
  let test: TestWorld;
  let lines: readonly string[];
  let loaded: () => string[];
  let events: readonly CloudEvent[];

  beforeAll(async () => {
    ingestion = await startIngestion();
    const ca = join(folder, "ca.pem");
    writeFileSync(ca, ingestion.ca);
    ({ test, lines, loaded } = await startWatchedWorld("configured", {
      TEST_CA: ca,
      APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "Authorization=AAD",
      WEBSITE_SITE_NAME: "vhd-app",
    }));
    await makeImage(test);
    await test.fault({
      method: "PUT",
      path: "images/late",
      status: 503,
      error: TELLTALE,
      count: 1,
    });
    await test.putManifest("late.json", MANIFEST);
    await test.status("late.json");
    const { messages } = (await (await test.get("queue")).json()) as { messages: CloudEvent[] };
    events = messages.filter(({ subject }) => subject === "web.json");
    await waitFor(() => metricNames().has("vhd_to_image.throttles"));
  });
  afterAll(async () => {
    await test.close();
    await ingestion.close();
  });

  const spans = (): readonly Envelope[] =>
    ingestion.envelopes.filter(({ data }) => data.baseType === "RemoteDependencyData");
  const metricNames = (): ReadonlySet<string> =>
    new Set(
      ingestion.envelopes.flatMap(
        ({ data }) => data.baseData.metrics?.map(({ name }) => name) ?? [],
      ),
    );
  const traceId = (): string => events[0]?.traceparent?.split("-")[1] ?? "none";
  const ofTrace = (envelopes: readonly Envelope[]): readonly Envelope[] =>
    envelopes.filter(({ tags }) => tags["ai.operation.id"] === traceId());

  it("has one trace from the upload to the image", () => {
    const names = new Set(ofTrace(spans()).map(({ data }) => data.baseData.name));
    expect([...names]).toEqual(
      expect.arrayContaining([
        "ingest",
        "advance received",
        "advance waiting",
        "advance submitting",
        "advance creating",
        "blobs.getProperties",
        "blobs.read",
        "images.get",
        "images.create",
        "operations.get",
      ]),
    );
  });

  it("names that trace in every event on the status queue", () => {
    expect(events.length).toBeGreaterThanOrEqual(5);
    expect(new Set(events.map(({ traceparent }) => traceparent)).size).toBe(1);
    expect(traceId()).toMatch(/^[0-9a-f]{32}$/);
  });

  it("gives each call the status of its answer", () => {
    const results = (name: string): (string | undefined)[] =>
      ofTrace(spans())
        .filter(({ data }) => data.baseData.name === name)
        .map(({ data }) => data.baseData.resultCode);
    expect(results("images.create")).toEqual([expect.stringMatching(/^20[12]$/)]);
    expect(results("images.get")).toEqual(expect.arrayContaining(["404", "200"]));
    expect(new Set(results("blobs.read"))).toEqual(new Set(["206"]));
  });

  it("puts the lines of the log into the trace of their upload", () => {
    const messages = ofTrace(ingestion.envelopes).flatMap(
      ({ data }) => data.baseData.message ?? [],
    );
    const changes = messages
      .filter((message) => message.startsWith("{"))
      .map((message) => JSON.parse(message) as { event: string; to?: string })
      .filter(({ event }) => event === "request.state");
    expect(changes.map(({ to }) => to)).toEqual([
      "received",
      "waiting",
      "submitting",
      "creating",
      "succeeded",
    ]);
  });

  it("sends its metrics, with labels of few values", () => {
    expect([...metricNames()]).toEqual(
      expect.arrayContaining([
        "vhd_to_image.requests",
        "vhd_to_image.state.duration",
        "vhd_to_image.bytes_read",
        "vhd_to_image.retries",
        "vhd_to_image.throttles",
      ]),
    );
    const states = ingestion.envelopes
      .filter(({ data }) => data.baseData.metrics?.[0]?.name === "vhd_to_image.requests")
      .map(({ data }) => Object.keys(data.baseData.properties ?? {}));
    expect(new Set(states.flat())).toEqual(new Set(["state"]));
  });

  it("is known by its site's name, and sends with a token of its identity", () => {
    const roles = new Set(ingestion.envelopes.map(({ tags }) => tags["ai.cloud.role"]));
    expect(roles).toEqual(new Set(["vhd-app"]));
    const tokens = [...ingestion.tokens];
    expect(tokens).not.toEqual([]);
    expect(tokens.filter((token) => !token?.startsWith("Bearer "))).toEqual([]);
  });

  it("sends no secret", async () => {
    const urls = test.exchanges().flatMap(({ responseHeaders }) => {
      const url = responseHeaders?.["azure-asyncoperation"];
      return typeof url === "string" ? [new URL(url)] : [];
    });
    const signatures = urls.flatMap((url) => url.searchParams.get("s") ?? []);
    expect(signatures.length).toBeGreaterThan(0);
    const secrets = [SIGNATURE, test.account.key, test.world.functions.key, ...signatures];
    const found = ingestion.texts.filter((text) => secrets.some((secret) => text.includes(secret)));
    expect(ingestion.texts.length).toBeGreaterThan(1);
    expect(found).toEqual([]);
    expect(ingestion.texts.some((text) => text.includes("InternalExecutionError"))).toBe(true);
  });

  it("has loaded the telemetry, and has nothing to complain of", () => {
    expect(loaded().filter(isTelemetry)).toHaveLength(1);
    expect(complaints(lines)).toEqual([]);
  });
});

describe.concurrent("an app whose telemetry", () => {
  it("goes nowhere does not load it", async ({ expect }) => {
    const { test, loaded } = await startWatchedWorld("none", {});
    try {
      await makeImage(test);
      expect(loaded().length).toBeGreaterThan(5);
      expect(loaded().filter(isTelemetry)).toEqual([]);
    } finally {
      await test.close();
    }
  });

  it.each([
    ["cannot be sent", "unreachable", { APPLICATIONINSIGHTS_CONNECTION_STRING: connectTo(9) }],
    ["is set up wrongly", "wrong", { APPLICATIONINSIGHTS_CONNECTION_STRING: "nonsense" }],
    [
      "is to be sent as nobody can",
      "authentication",
      {
        APPLICATIONINSIGHTS_CONNECTION_STRING: connectTo(9),
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "Authorization=None",
      },
    ],
  ])("%s works as before, and says so once", async (_, name, settings) => {
    const { test, lines } = await startWatchedWorld(name, settings);
    try {
      await makeImage(test);
      await waitFor(() => complaints(lines).length > 0);
      expect(complaints(lines)).toHaveLength(1);
    } finally {
      await test.close();
    }
    expect(complaints(lines)).toHaveLength(1);
  });
});

/** Looks until it is so; fails after half a minute. */
async function waitFor(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !isSo(); await sleep(100)) {
    if (Date.now() > deadline) throw new Error("waited in vain");
  }
}
