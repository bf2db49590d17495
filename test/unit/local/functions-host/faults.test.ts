import { describe, expect, it, vi } from "vitest";
import { createFaultPlan } from "../../../../local/functions-host/faults.ts";
import { createRequestGate } from "../../../../local/functions-host/http/request-gate.ts";

const noKill = () => undefined;

describe("a fault plan", () => {
  it("strikes never, always, or the next n times", () => {
    const plan = createFaultPlan({ blobEvents: { drop: 2, duplicate: true } }, noKill);
    expect([1, 2, 3].map(() => plan.strikes("blobEvents.drop"))).toEqual([true, true, false]);
    expect([1, 2].map(() => plan.strikes("blobEvents.duplicate"))).toEqual([true, true]);
    expect(plan.strikes("queue.duplicate")).toBe(false);
  });

  it("strikes with a probability, the same way for the same seed", () => {
    const draw = (seed: number) => {
      const plan = createFaultPlan({ seed, queue: { duplicate: 0.3 } }, noKill);
      return Array.from({ length: 1000 }, () => plan.strikes("queue.duplicate"));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const share = draw(1).filter(Boolean).length / 1000;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.35);
  });

  it("starts over when it is replaced, and keeps the old faults when the new are invalid", () => {
    const plan = createFaultPlan({ queue: { duplicate: 1 } }, noKill);
    plan.strikes("queue.duplicate");
    plan.replace({ queue: { duplicate: 1 } });
    expect(() => plan.replace({ queue: { duplicate: -1 } })).toThrow();
    expect(plan.strikes("queue.duplicate")).toBe(true);
  });

  it("kills at the n-th matching moment only", () => {
    const kill = vi.fn();
    const plan = createFaultPlan({ killAfter: { function: "f", at: "end", count: 2 } }, kill);
    plan.pass("f", "start");
    plan.pass("g", "end");
    plan.pass("f", "end");
    expect(kill).not.toHaveBeenCalled();
    plan.pass("f", "end");
    plan.pass("f", "end");
    expect(kill).toHaveBeenCalledTimes(1);
  });
});

describe("the request gate", () => {
  it("lets a number of requests run, some wait, and refuses the rest with 429", async () => {
    const gate = createRequestGate({ maxConcurrentRequests: 1, maxOutstandingRequests: 2 });
    const first = Promise.withResolvers<{ status: number }>();
    const running: string[] = [];
    const a = gate(() => {
      running.push("a");
      return first.promise;
    });
    const b = gate(async () => {
      running.push("b");
      return { status: 200 };
    });
    expect(await gate(async () => ({ status: 200 }))).toEqual({ status: 429 });
    expect(running).toEqual(["a"]);
    first.resolve({ status: 200 });
    expect(await Promise.all([a, b])).toEqual([{ status: 200 }, { status: 200 }]);
    expect(running).toEqual(["a", "b"]);
    expect(await gate(async () => ({ status: 204 }))).toEqual({ status: 204 });
  });
});
