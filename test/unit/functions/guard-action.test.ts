import { describe, expect, it } from "vitest";
import { guardAction } from "../../../functions/guard-action.ts";
import { createFakeLog } from "../../fakes/log.ts";
import { makeRequest } from "./invocation.ts";

const log = createFakeLog();
const json = { "content-type": "application/json" };

describe("guardAction", () => {
  it("lets an action happen only for a request that may cause one", async () => {
    let acted = 0;
    const act = async () => {
      acted += 1;
      return { status: 200 };
    };
    const post = (headers: Record<string, string>, actions: "on" | "off") =>
      guardAction(act, { actions, hasSessions: false })(
        makeRequest("status/x/cancel", { method: "POST", headers }),
        log,
      );

    expect(await post({}, "on")).toMatchObject({ status: 415 });
    expect(await post(json, "off")).toMatchObject({ status: 403 });
    expect(acted).toBe(0);
    expect(await post(json, "on")).toEqual({ status: 200 });
    expect(acted).toBe(1);
  });
});
