import { sweep } from "../../../shared/flow/sweep.ts";
import { CONTAINER, type FakeApp } from "../../fakes/app.ts";

/**
 * How the app hears of blobs: `events`: once, when a blob is created; `scan`: within ten seconds of
 * every new ETag; `sweep`: every event is lost.
 */
export const TRIGGER_MODES = ["events", "scan", "sweep"] as const;
export type TriggerMode = (typeof TRIGGER_MODES)[number];

/** Seconds until the app has heard of a new blob, at most. */
export const TRIGGER_DELAY_SECONDS: Readonly<Record<TriggerMode, number>> = {
  events: 0,
  scan: 10,
  sweep: 60,
};

const SCAN_SECONDS = 10;
const SWEEP_SECONDS = 60;

/** The functions host around the stages: time passes, and triggers fire. */
export interface Triggers {
  /** A blob was created. */
  created(name: string): Promise<void>;
  /** Lets so many seconds pass, in which the app works off what is due. */
  pass(seconds: number): Promise<void>;
}

export function createTriggers(
  mode: TriggerMode,
  names: readonly string[],
  app: FakeApp,
): Triggers {
  const seen = new Map<string, string>();
  const scan = async (): Promise<void> => {
    for (const name of names) {
      const blob = await app.blobs.getProperties({ container: CONTAINER, name });
      if (blob === null || seen.get(name) === blob.etag) continue;
      seen.set(name, blob.etag);
      await app.event(name);
    }
  };
  const timers = [
    { everySeconds: SWEEP_SECONDS, run: async () => void (await sweep(app.context)) },
    ...(mode === "scan" ? [{ everySeconds: SCAN_SECONDS, run: scan }] : []),
  ];
  const start = app.clock.now().getTime();
  const due = timers.map(({ everySeconds }) => start + everySeconds * 1000);
  return {
    async created(name) {
      if (mode === "events") await app.event(name);
    },
    async pass(seconds) {
      const end = app.clock.now().getTime() + seconds * 1000;
      for (let next = Math.min(...due); next <= end; next = Math.min(...due)) {
        await app.runFor((next - app.clock.now().getTime()) / 1000);
        for (const [index, { everySeconds, run }] of timers.entries()) {
          if (due[index] !== next) continue;
          due[index] = next + everySeconds * 1000;
          await run();
        }
      }
      await app.runFor((end - app.clock.now().getTime()) / 1000);
    },
  };
}
