import { describe, expect, it } from "vitest";
import { parseNcrontab } from "../../../../local/functions-host/timer/ncrontab.ts";
import { isNcrontab } from "../../../../shared/settings/ncrontab.ts";

describe("isNcrontab", () => {
  it.each([
    "0 * * * * *",
    "*/10 * * * * *",
    "0 */5 * * * *",
    "0 0 9-17 * * mon-fri",
    "0 0,30 8 1,15 jan,July *",
    "0-30/10 * * * * *",
    " 0  *\t* * * * ",
    "*/5 * * * *",
  ])("takes %j, as the host does", (text) => {
    expect(isNcrontab(text)).toBe(true);
    expect(() => parseNcrontab(text)).not.toThrow();
  });

  it.each([
    "",
    "every minute",
    "0 * * * *  * *",
    "60 * * * * *",
    "0 60 * * * *",
    "0 * 24 * * *",
    "0 * * 0 * *",
    "0 * * * 13 *",
    "0 * * * * 7",
    "0 * * * * foo",
    "*/0 * * * * *",
    "*/x * * * * *",
    "0//2 * * * * *",
    "1-2-3 * * * * *",
    ", * * * * *",
    "-1 * * * * *",
    "0 * * * ja *",
    "00:05:00",
  ])("refuses %j", (text) => {
    expect(isNcrontab(text)).toBe(false);
  });
});
