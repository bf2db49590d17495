import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growingDelay, MAX_DELAY_SECONDS, spread } from "../../../../shared/record/delays.ts";

describe("growingDelay", () => {
  it("doubles with every attempt up to the limit", () => {
    const delays = Array.from({ length: 8 }, (_, attempts) => growingDelay(5, attempts));

    expect(delays).toEqual([5, 10, 20, 40, 80, 160, MAX_DELAY_SECONDS, MAX_DELAY_SECONDS]);
  });

  it("has a limit of the caller's, also after very many attempts", () => {
    expect(growingDelay(5, 100_000, 60)).toBe(60);
    expect(growingDelay(0.001, 100_000)).toBeCloseTo(65.536);
  });
});

describe("spread", () => {
  const id = fc.stringMatching(/^[a-z2-7]{20}$/);

  it("lengthens by a fifth at most, and never shortens", () => {
    fc.assert(
      fc.property(id, fc.nat(100), (requestId, attempts) => {
        const delay = spread(10, requestId, attempts);

        expect(delay).toBeGreaterThanOrEqual(10);
        expect(delay).toBeLessThan(12);
        expect(spread(10, requestId, attempts)).toBe(delay);
      }),
    );
  });

  it("keeps requests apart", () => {
    const delays = Array.from({ length: 50 }, (_, index) => spread(10, `request${index}`, 0));

    expect(new Set(delays).size).toBeGreaterThan(25);
  });
});
