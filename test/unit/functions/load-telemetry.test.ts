import * as library from "@azure/functions";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadTelemetryAfterStart } from "../../../functions/load-telemetry.ts";
import type { TelemetryOptions } from "../../../functions/telemetry.ts";
import { createLateTelemetry } from "../../../shared/telemetry/late.ts";
import { createFakeTelemetry } from "../../fakes/telemetry.ts";

type Hook = () => void | Promise<void>;

/** The Functions library with hooks that the test calls, and what was reported to the host. */
function makeHost() {
  const hooks: Record<"appStart" | "appTerminate", Hook[]> = { appStart: [], appTerminate: [] };
  const setups: unknown[] = [];
  const app = {
    ...library.app,
    setup: (options: unknown) => void setups.push(options),
    hook: {
      ...library.app.hook,
      appStart: (hook: Hook) => void hooks.appStart.push(hook),
      appTerminate: (hook: Hook) => void hooks.appTerminate.push(hook),
    },
  };
  const run = async (name: keyof typeof hooks): Promise<void> => {
    for (const hook of hooks[name]) await hook();
  };
  return { library: { ...library, app } as unknown as TelemetryOptions["library"], setups, run };
}

function plan() {
  const host = makeHost();
  const reports: string[] = [];
  const late = createLateTelemetry();
  const options: TelemetryOptions = {
    library: host.library,
    settings: { connectionString: "InstrumentationKey=1", authentication: null },
    credentialFor: () => ({ getToken: async () => null }),
    service: { name: "app", instance: "one" },
    report: (message) => reports.push(message),
  };
  return { host, reports, late, options };
}

const start = vi.fn();
vi.mock("../../../functions/telemetry.ts", () => ({ startTelemetry: start }));
afterEach(() => {
  start.mockReset();
  vi.useRealTimers();
});

describe("loadTelemetryAfterStart", () => {
  it("tells the host at start that log lines are the app's to send, and loads nothing yet", () => {
    const { host, late, options } = plan();
    loadTelemetryAfterStart(options, late);
    expect(host.setups).toEqual([{ capabilities: { WorkerOpenTelemetryEnabled: true } }]);
    expect(start).not.toHaveBeenCalled();
  });

  it("does not keep the host waiting, and connects what it has loaded", async () => {
    const { host, late, options } = plan();
    const telemetry = createFakeTelemetry();
    start.mockReturnValue({ telemetry, shutdown: async () => {} });
    loadTelemetryAfterStart(options, late);
    await host.run("appStart");
    expect(start).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(start).toHaveBeenCalledOnce(), { timeout: 60_000 });
    await vi.waitFor(
      async () => {
        await late.span("work", {}, async () => {});
        expect(telemetry.spans).not.toEqual([]);
      },
      { timeout: 60_000 },
    );
  });

  it("sends what is left before the app stops", async () => {
    const { host, late, options } = plan();
    const shutdown = vi.fn(async () => {});
    start.mockReturnValue({ telemetry: createFakeTelemetry(), shutdown });
    loadTelemetryAfterStart(options, late);
    await host.run("appStart");
    await vi.waitFor(() => expect(start).toHaveBeenCalledOnce(), { timeout: 60_000 });
    await host.run("appTerminate");
    expect(shutdown).toHaveBeenCalledOnce();
  });

  it("stops after three seconds though the rest could not be sent", async () => {
    const { host, late, options } = plan();
    const shutdown = () => new Promise<void>(() => {});
    start.mockReturnValue({ telemetry: createFakeTelemetry(), shutdown });
    const waits: number[] = [];
    loadTelemetryAfterStart(options, late, async (milliseconds) => void waits.push(milliseconds));
    await host.run("appStart");
    await vi.waitFor(() => expect(start).toHaveBeenCalledOnce(), { timeout: 60_000 });
    await host.run("appTerminate");
    expect(waits).toEqual([3_000]);
  });

  it("stops at once when it was never loaded", async () => {
    const { host, late, options } = plan();
    loadTelemetryAfterStart(options, late);
    await host.run("appTerminate");
    expect(start).not.toHaveBeenCalled();
  });

  it("reports once, without secrets, why it is not there, and the work goes on", async () => {
    const { host, reports, late, options } = plan();
    start.mockImplementation((given: TelemetryOptions) => {
      given.report("the endpoint is wrong");
      throw new Error("cannot reach https://a/?sig=SECRET");
    });
    loadTelemetryAfterStart(options, late);
    await host.run("appStart");
    await vi.waitFor(() => expect(reports).toHaveLength(1), { timeout: 60_000 });
    await host.run("appTerminate");
    expect(reports).toEqual(["the endpoint is wrong"]);
    expect(await late.span("work", {}, async () => "done")).toBe("done");
  });

  it("reports a failure that nothing was said of before", async () => {
    const { host, reports, late, options } = plan();
    start.mockImplementation(() => {
      throw new Error("cannot reach https://a/?sig=SECRET");
    });
    loadTelemetryAfterStart(options, late);
    await host.run("appStart");
    await vi.waitFor(
      () => {
        expect(reports).toEqual(["Error: cannot reach https://a/?sig=REDACTED"]);
      },
      { timeout: 60_000 },
    );
  });
});
