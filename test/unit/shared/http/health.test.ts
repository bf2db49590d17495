import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkHealth, type Dependency } from "../../../../shared/http/health.ts";

const fine: Dependency = { name: "queue", check: async () => undefined };
const failing: Dependency = {
  name: "table",
  check: async () => {
    throw new Error("AccountKey=SECRET");
  },
};
const silent: Dependency = { name: "identity", check: () => new Promise(() => {}) };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The health after a second, and the reported failures. */
async function check(dependencies: readonly Dependency[]) {
  const failures: [string, string][] = [];
  const health = checkHealth(dependencies, {
    timeoutMilliseconds: 1_000,
    onFailure: (name, error) => failures.push([name, String(error)]),
  });
  await vi.advanceTimersByTimeAsync(1_000);
  return { health: await health, failures };
}

describe("checkHealth", () => {
  it("is healthy when every dependency answers", async () => {
    expect(await check([fine])).toEqual({
      health: { status: "healthy", dependencies: [{ name: "queue", status: "ok" }] },
      failures: [],
    });
  });

  it("says which dependency fails, and why only to onFailure", async () => {
    expect(await check([fine, failing])).toEqual({
      health: {
        status: "unhealthy",
        dependencies: [
          { name: "queue", status: "ok" },
          { name: "table", status: "failing" },
        ],
      },
      failures: [["table", "Error: AccountKey=SECRET"]],
    });
  });

  it("is healthy with what calls for attention, and says what does", async () => {
    const kept: Dependency = { name: "poison", check: async () => "2 messages are kept" };

    expect(await check([fine, kept])).toMatchObject({
      health: {
        status: "healthy",
        dependencies: [
          { name: "queue", status: "ok" },
          { name: "poison", status: "attention", detail: "2 messages are kept" },
        ],
      },
    });
  });

  it("counts a dependency that does not answer in time as failing", async () => {
    const { health, failures } = await check([silent, fine]);

    expect(health.dependencies).toEqual([
      { name: "identity", status: "failing" },
      { name: "queue", status: "ok" },
    ]);
    expect(failures).toEqual([["identity", "Error: no answer within 1000 ms"]]);
  });

  it("checks all at the same time", async () => {
    const slow = (name: string): Dependency => ({
      name,
      check: () => new Promise((resolve) => setTimeout(() => resolve(undefined), 900)),
    });

    expect((await check([slow("a"), slow("b"), slow("c")])).health.status).toBe("healthy");
  });

  it("leaves no timer behind", async () => {
    await check([fine, failing]);

    expect(vi.getTimerCount()).toBe(0);
  });
});
