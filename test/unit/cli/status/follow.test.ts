import { describe, expect, it } from "vitest";
import {
  type AppClient,
  type StatusAnswer,
  TemporaryError,
} from "../../../../cli/app/app-client.ts";
import { CommandError } from "../../../../cli/command-error.ts";
import { followRequest } from "../../../../cli/status/follow.ts";
import type { StatusView } from "../../../../shared/http/status-view.ts";
import type { RequestState } from "../../../../shared/record/states.ts";

const found = (state: RequestState, etag: string, retryAfterSeconds: number | null = 3) =>
  ({
    kind: "found",
    status: { requestId: "a", state } as StatusView,
    etag,
    retryAfterSeconds,
  }) satisfies StatusAnswer;
const DOWN = new TemporaryError("unreachable", "https://app cannot be reached: ECONNREFUSED.");

/** Follows an app that gives these answers one after the other, the last one for good. */
async function follow(answers: readonly (StatusAnswer | Error)[], timeoutMs: number | null = null) {
  const seen = { etags: [] as (string | null)[], waits: [] as number[], states: [] as string[] };
  const trouble: string[] = [];
  let clock = 0;
  let turn = 0;
  const client: Pick<AppClient, "get"> = {
    async get(_, etag = null) {
      seen.etags.push(etag);
      const answer = answers[Math.min(turn, answers.length - 1)];
      turn += 1;
      if (answer === undefined || answer instanceof Error) throw answer;
      return answer;
    },
  };
  const end = followRequest(client as AppClient, "a", timeoutMs, {
    now: () => clock,
    sleep: async (milliseconds) => {
      seen.waits.push(milliseconds / 1000);
      clock += milliseconds;
    },
    onStatus: ({ state }) => void seen.states.push(state),
    onTrouble: (message) => void trouble.push(message),
  });
  return { end, seen, trouble };
}

describe("following a request", () => {
  it("asks when the app says, by ETag, and ends with the request", async () => {
    const { end, seen } = await follow([
      found("waiting", '"1"', 5),
      { kind: "unchanged", retryAfterSeconds: 7 },
      found("creating", '"2"', null),
      found("failed", '"3"'),
    ]);

    expect(await end).toMatchObject({ kind: "ended", status: { state: "failed" } });
    expect(seen).toEqual({
      etags: [null, '"1"', '"1"', '"2"'],
      waits: [5, 7, 2],
      states: ["waiting", "creating", "failed"],
    });
  });

  it("waits for a request that the app has not seen, but not forever", async () => {
    const late = await follow([{ kind: "missing" }, found("succeeded", '"1"')]);
    expect(await late.end).toMatchObject({ kind: "ended" });

    const never = await follow([{ kind: "missing" }]);
    expect(await never.end).toEqual({ kind: "missing" });
    expect(never.seen.waits.reduce((sum, wait) => sum + wait)).toBeGreaterThanOrEqual(120);
  });

  it("stops at the timeout exactly, with the last status", async () => {
    const { end, seen } = await follow([found("creating", '"1"', 60)], 90_000);

    expect(await end).toMatchObject({ kind: "timeout", status: { state: "creating" } });
    expect(seen.waits).toEqual([60, 30]);
  });

  it("asks once and no more with a timeout of 0", async () => {
    const { end, seen } = await follow([found("creating", '"1"')], 0);

    expect(await end).toMatchObject({ kind: "timeout" });
    expect(seen.waits).toEqual([]);
  });

  it("asks again when the app does not answer, with growing pauses, and says so once", async () => {
    const { end, seen, trouble } = await follow([DOWN, DOWN, DOWN, found("succeeded", '"1"')]);

    expect(await end).toMatchObject({ kind: "ended" });
    expect(seen.waits).toEqual([1, 2, 4]);
    expect(trouble).toEqual([DOWN.message]);
  });

  it("gives up on an app that never answers, and at once on one that refuses", async () => {
    const down = await follow([DOWN]);
    await expect(down.end).rejects.toBe(DOWN);
    expect(down.seen.etags).toHaveLength(8);

    const refusal = new CommandError("unreachable", "refused the key");
    const refused = await follow([refusal]);
    await expect(refused.end).rejects.toBe(refusal);
    expect(refused.seen.etags).toHaveLength(1);
  });
});
