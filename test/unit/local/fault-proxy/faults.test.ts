import { expect, test } from "vitest";
import { createFaultSwitch, type StorageFaults } from "../../../../local/fault-proxy/faults.ts";
import { createRandom } from "../../../../local/fault-proxy/seeded-random.ts";

const request = { service: "table", method: "GET", path: "/account/table" } as const;

function draw(faults: StorageFaults, times: number) {
  const faultSwitch = createFaultSwitch();
  faultSwitch.set(faults);
  return Array.from({ length: times }, () => faultSwitch.decide(request));
}

test("the same seed decides the same, another seed something else", () => {
  const chances = { busy: 0.2, resetAfter: 0.2 };
  const first = draw({ seed: 1, chances }, 50);
  expect(draw({ seed: 1, chances }, 50)).toEqual(first);
  expect(draw({ seed: 2, chances }, 50)).not.toEqual(first);
});

test("each fault comes about as often as its probability says", () => {
  const drawn = draw({ seed: 3, chances: { busy: 0.3, delay: 0.1 } }, 10_000);
  const share = (fault: string | null) => drawn.filter((one) => one === fault).length / 10_000;
  expect(share("busy")).toBeCloseTo(0.3, 1);
  expect(share("delay")).toBeCloseTo(0.1, 1);
  expect(share(null)).toBeCloseTo(0.6, 1);
});

test("a plan comes before chance, and setting nothing ends both", () => {
  const faultSwitch = createFaultSwitch();
  faultSwitch.set({ chances: { busy: 1 }, plan: [{ fault: "error", count: 2 }] });
  expect([1, 2, 3].map(() => faultSwitch.decide(request))).toEqual(["error", "error", "busy"]);
  faultSwitch.set({});
  expect(faultSwitch.decide(request)).toBeNull();
});

test("numbers stay in their range and shuffling keeps every item", () => {
  const random = createRandom(11);
  const numbers = Array.from({ length: 1_000 }, () => random.integer(2, 5));
  expect(new Set(numbers)).toEqual(new Set([2, 3, 4, 5]));
  const items = Array.from({ length: 30 }, (_, index) => index);
  const shuffled = random.shuffle(items);
  expect(shuffled).not.toEqual(items);
  expect(shuffled.toSorted((left, right) => left - right)).toEqual(items);
  expect(() => random.pick([])).toThrow(RangeError);
});
