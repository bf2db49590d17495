import { setTimeout as wait } from "node:timers/promises";
import { redact } from "../shared/redact.ts";
import type { LateTelemetry } from "../shared/telemetry/late.ts";
import type { RunningTelemetry, TelemetryOptions } from "./telemetry.ts";

/** What is left of the telemetry when the host stops the app has this long. Milliseconds. */
const SHUTDOWN_MILLISECONDS = 3_000;

/**
 * Sees to it that telemetry is loaded once the app has started, and sent to the end before it stops.
 * When the host asks at start, the app answers that it sends log lines itself: it would send them a
 * second time otherwise. No invocation waits for any of this, or fails with it.
 */
export function loadTelemetryAfterStart(
  options: TelemetryOptions,
  telemetry: LateTelemetry,
  waitFor = (milliseconds: number): Promise<void> => wait(milliseconds, undefined, { ref: false }),
): void {
  const { app } = options.library;
  let running: Promise<RunningTelemetry | null> | undefined;
  app.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
  app.hook.appStart(() => {
    // By then the host has its answer and is acting on it.
    setImmediate(() => {
      running = load(options, telemetry);
    });
  });
  app.hook.appTerminate(async () => {
    const shutdown = (await running)?.shutdown();
    await Promise.race([shutdown, waitFor(SHUTDOWN_MILLISECONDS)]);
  });
}

async function load(
  options: TelemetryOptions,
  telemetry: LateTelemetry,
): Promise<RunningTelemetry | null> {
  const report = once(options.report);
  try {
    const { startTelemetry } = await import("./telemetry.ts");
    const running = startTelemetry({ ...options, report });
    telemetry.connect(running.telemetry);
    return running;
  } catch (error) {
    report(redact(String(error)));
    return null;
  }
}

/** The first of many messages that would all say the same. */
function once(report: (message: string) => void): (message: string) => void {
  let isReported = false;
  return (message) => {
    if (!isReported) report(message);
    isReported = true;
  };
}
