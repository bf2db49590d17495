import { describe, expect, it } from "vitest";
import type { TriggerData } from "../../../../local/functions-host/functions.ts";
import type { Invoker } from "../../../../local/functions-host/invoke.ts";
import { startTimer } from "../../../../local/functions-host/timer/listener.ts";
import {
  NEVER,
  type ScheduleMonitor,
  type ScheduleStatus,
} from "../../../../local/functions-host/timer/monitor.ts";
import { parseSchedule } from "../../../../local/functions-host/timer/schedule.ts";
import type { TimerTrigger } from "../../../../local/functions-host/timer/trigger.ts";

interface Run {
  readonly at: string;
  readonly isPastDue: boolean;
  readonly status: ScheduleStatus | null;
}

/** Runs a timer on a clock that jumps to each due time, until it has fired `runs` times. */
async function runTimer(options: {
  readonly schedule: string;
  readonly start: string;
  readonly runs: number;
  readonly saved?: ScheduleStatus;
  readonly runOnStartup?: boolean;
  readonly runSeconds?: number;
}): Promise<{ runs: Run[]; saved: ScheduleStatus | undefined }> {
  let time = Date.parse(options.start);
  let saved = options.saved;
  const runs: Run[] = [];
  const monitor: ScheduleMonitor = {
    read: async () => saved,
    write: async (status) => {
      saved = status;
    },
  };
  const enough = Promise.withResolvers<void>();
  const invoker = {
    invoke: async (_: unknown, data: TriggerData) => {
      const timer = JSON.parse(data.input.json ?? "");
      const at = new Date(time).toISOString();
      runs.push({ at, isPastDue: timer.IsPastDue, status: timer.ScheduleStatus });
      time += (options.runSeconds ?? 0) * 1000;
      return { succeeded: true, response: {} };
    },
  } as unknown as Invoker;
  const now = () => new Date(time);
  const trigger = {
    target: { name: "tick", id: "Host.Functions.tick" },
    schedule: parseSchedule(options.schedule, now()),
    runOnStartup: options.runOnStartup ?? false,
    useMonitor: true,
  } as TimerTrigger;
  const wait = async (ms: number) => {
    if (runs.length >= options.runs) {
      enough.resolve();
      // Never wakes: the test has seen enough.
      await new Promise(() => undefined);
    }
    time += ms;
  };
  startTimer({ trigger, monitor, invoker, log: () => undefined, now, wait });
  await enough.promise;
  return { runs, saved };
}

const HOURLY = "0 0 * * * *";
const missed: ScheduleStatus = {
  Last: "2026-01-01T08:00:00.000Z",
  Next: "2026-01-01T09:00:00.000Z",
  LastUpdated: "2026-01-01T08:00:01.000Z",
};

describe("a timer", () => {
  it("fires at the due times and keeps the last and the next one", async () => {
    const { runs, saved } = await runTimer({
      schedule: HOURLY,
      start: "2026-01-01T10:30:00Z",
      runs: 2,
    });
    expect(runs.map(({ at }) => at)).toEqual([
      "2026-01-01T11:00:00.000Z",
      "2026-01-01T12:00:00.000Z",
    ]);
    expect(saved).toMatchObject({
      Last: "2026-01-01T12:00:00.000Z",
      Next: "2026-01-01T13:00:00.000Z",
    });
  });

  it("fires at once, past due, when a firing was missed", async () => {
    const { runs } = await runTimer({
      schedule: HOURLY,
      start: "2026-01-01T10:30:00Z",
      runs: 2,
      saved: missed,
    });
    expect(runs.map(({ at, isPastDue }) => [at, isPastDue])).toEqual([
      ["2026-01-01T10:30:00.000Z", true],
      ["2026-01-01T11:00:00.000Z", false],
    ]);
    expect(runs[0]?.status?.Last).toBe(missed.Last);
  });

  it("does not fire at once when nothing was missed", async () => {
    const { runs } = await runTimer({
      schedule: HOURLY,
      start: "2026-01-01T08:30:00Z",
      runs: 1,
      saved: missed,
    });
    expect(runs).toMatchObject([{ at: "2026-01-01T09:00:00.000Z", isPastDue: false }]);
  });

  it("fires at the start when the trigger asks for it, not past due", async () => {
    const start = "2026-01-01T10:30:00.000Z";
    const { runs } = await runTimer({ schedule: HOURLY, start, runs: 1, runOnStartup: true });
    expect(runs).toMatchObject([{ at: start, isPastDue: false, status: { Last: NEVER } }]);
  });

  it("skips the due times that pass during a run", async () => {
    const { runs } = await runTimer({
      schedule: "0 * * * * *",
      start: "2026-01-01T10:00:30Z",
      runs: 2,
      runSeconds: 150,
    });
    expect(runs.map(({ at }) => at)).toEqual([
      "2026-01-01T10:01:00.000Z",
      "2026-01-01T10:04:00.000Z",
    ]);
  });
});
