import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNcrontab } from "../../../../local/functions-host/timer/ncrontab.ts";
import { parseSchedule } from "../../../../local/functions-host/timer/schedule.ts";

const next = (expression: string, after: string) =>
  parseNcrontab(expression).next(new Date(after))?.toISOString();

describe("an NCRONTAB expression", () => {
  it.each([
    ["* * * * * *", "2026-01-01T00:00:00.500Z", "2026-01-01T00:00:01.000Z"],
    ["0 */5 * * * *", "2026-01-01T00:05:00Z", "2026-01-01T00:10:00.000Z"],
    ["30 10-12 23 * * *", "2026-01-01T23:12:30Z", "2026-01-02T23:10:30.000Z"],
    ["0 0 9 * * mon-fri", "2026-01-02T09:00:00Z", "2026-01-05T09:00:00.000Z"],
    ["0 0 9 * * 0", "2026-01-02T09:00:00Z", "2026-01-04T09:00:00.000Z"],
    ["0 0 9 * * 7", "2026-01-02T09:00:00Z", "2026-01-04T09:00:00.000Z"],
    ["0 0 0 1 jan,JULY *", "2026-01-01T00:00:00Z", "2026-07-01T00:00:00.000Z"],
    ["0 0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
    ["0 0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00.000Z"],
    ["15/20 0 0 * * *", "2026-01-01T00:00:15Z", "2026-01-01T00:00:35.000Z"],
    ["*/5 * * * *", "2026-01-01T00:01:00Z", "2026-01-01T00:05:00.000Z"],
    ["0 59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00.000Z"],
  ])("%s after %s is due at %s", (expression, after, due) => {
    expect(next(expression, after)).toBe(due);
  });

  it("that names a day that never comes is never due", () => {
    expect(next("0 0 0 30 2 *", "2026-01-01T00:00:00Z")).toBeUndefined();
  });

  it.each([
    ["60 * * * * *", "second (0-59)"],
    ["0 0 0 0 * *", "day (1-31)"],
    ["0 0 5-3 * * *", "'5-3' is not a valid hour"],
    ["0 */0 * * * *", "minute"],
    ["0 0 0 * foo *", "'foo' is not a valid month"],
    ["* * *", "has 3 fields"],
  ])("%s is refused: %s", (expression, reason) => {
    expect(() => parseNcrontab(expression)).toThrow(reason);
  });

  it("is due at the first second that matches every field", () => {
    const field = (max: number) => fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1 });
    const start = Date.UTC(2026, 0, 1);
    const offset = fc.integer({ min: 0, max: 86_400_000 });
    fc.assert(
      fc.property(field(59), field(59), offset, (seconds, minutes, ms) => {
        const after = new Date(start + ms);
        const due = parseNcrontab(`${seconds} ${minutes} * * * *`).next(after);
        let expected = Math.floor(after.getTime() / 1000) * 1000 + 1000;
        const matches = (at: Date) =>
          seconds.includes(at.getUTCSeconds()) && minutes.includes(at.getUTCMinutes());
        while (!matches(new Date(expected))) expected += 1000;
        expect(due).toEqual(new Date(expected));
      }),
    );
  });
});

describe("a schedule", () => {
  const now = new Date("2026-01-01T00:00:00Z");

  it("may be a TimeSpan, an interval from the end of the run before", () => {
    expect(parseSchedule("01:30:00", now).next(now)?.toISOString()).toBe(
      "2026-01-01T01:30:00.000Z",
    );
  });

  it.each([
    ["0 */5 * * * *", true],
    ["0 * * * * *", true],
    ["*/30 * * * * *", false],
    ["0,30 0 * * * *", false],
    ["00:01:00", true],
    ["00:00:59", false],
  ])("%s is monitored: %s", (text, isMonitorable) => {
    expect(parseSchedule(text, now).isMonitorable).toBe(isMonitorable);
  });
});
