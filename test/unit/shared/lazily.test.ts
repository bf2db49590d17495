import { describe, expect, it } from "vitest";
import { lazily } from "../../../shared/lazily.ts";

/** A value that is made, and how often it was. */
function countMakes(make: (nth: number) => Promise<string>) {
  let count = 0;
  const get = lazily(() => {
    count += 1;
    return make(count);
  });
  return { get, count: () => count };
}

describe("lazily", () => {
  it("makes nothing before the first call", () => {
    expect(countMakes(async () => "made").count()).toBe(0);
  });

  it("makes one thing for all calls, also those at the same time", async () => {
    const { get, count } = countMakes(async (nth) => `made ${nth}`);

    expect(await Promise.all([get(), get()])).toEqual(["made 1", "made 1"]);
    expect(await get()).toBe("made 1");
    expect(count()).toBe(1);
  });

  it("retries after a failure", async () => {
    const { get } = countMakes(async (nth) => {
      if (nth === 1) throw new Error("not yet");
      return `made ${nth}`;
    });

    await expect(get()).rejects.toThrow("not yet");
    expect(await get()).toBe("made 2");
  });
});
