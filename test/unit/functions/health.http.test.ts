import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/health.http.ts";
import { createFakeClock } from "../../fakes/clock.ts";
import { createFakeLog } from "../../fakes/log.ts";
import { makeRequest } from "./invocation.ts";

const fine = { name: "work queue", check: async () => undefined };
const failing = {
  name: "identity",
  check: () => Promise.reject(new Error("no token for tenant 42")),
};

describe("GET /api/health", () => {
  it("answers 200 when all is there", async () => {
    const log = createFakeLog();

    expect(await makeHandler([fine])(makeRequest("health"), log)).toEqual({
      status: 200,
      jsonBody: { status: "healthy", dependencies: [{ name: "work queue", status: "ok" }] },
    });
    expect(log.lines).toEqual([]);
  });

  it("answers 503 when something fails, and tells the reason to the log alone", async () => {
    const log = createFakeLog();

    expect(await makeHandler([fine, failing])(makeRequest("health"), log)).toEqual({
      status: 503,
      jsonBody: {
        status: "unhealthy",
        dependencies: [
          { name: "work queue", status: "ok" },
          { name: "identity", status: "failing" },
        ],
      },
    });
    expect(log.lines).toEqual([
      {
        level: "error",
        event: "health.failing",
        fields: { dependency: "identity", error: "Error: no token for tenant 42" },
      },
    ]);
  });

  it("checks once in five seconds, however many ask", async () => {
    const clock = createFakeClock();
    let checks = 0;
    const check = async (): Promise<undefined> => {
      checks += 1;
    };
    const counted = { name: "work queue", check };
    const answer = makeHandler([counted], clock.now);
    const ask = () => answer(makeRequest("health"), createFakeLog());

    await Promise.all(Array.from({ length: 50 }, ask));
    clock.advance(4.999);
    await ask();
    expect(checks).toBe(1);

    clock.advance(0.001);
    expect(await ask()).toMatchObject({ status: 200 });
    expect(checks).toBe(2);
  });
});
