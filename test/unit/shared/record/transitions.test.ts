import { describe, expect, it } from "vitest";
import { failure } from "../../../../shared/errors.ts";
import { REQUEST_STATES } from "../../../../shared/record/states.ts";
import { addSeconds, deadlineOf, enter, fail } from "../../../../shared/record/transitions.ts";
import { at, makeEvent, makeRecord, makeTiming, NOW } from "../../../factories.ts";

const moment = { now: at(60), timing: makeTiming() };

describe("enter", () => {
  it("gives the record in its next state, with one more event and a deadline of its own", () => {
    const record = makeRecord({ attempts: 3 });

    expect(enter(record, "waiting", "waiting for web.vhd", moment)).toEqual({
      ...record,
      state: "waiting",
      attempts: 0,
      deadlineAt: at(60 + 86_400).toISOString(),
      completedAt: null,
      events: [
        makeEvent(),
        { sequence: 2, at: at(60).toISOString(), state: "waiting", message: "waiting for web.vhd" },
      ],
    });
  });

  it("leaves the given record as it is", () => {
    const record = makeRecord();
    enter(record, "waiting", "…", moment);

    expect(record).toEqual(makeRecord());
  });

  it.each(["succeeded", "failed", "canceled"] as const)("completes with %s", (state) => {
    expect(enter(makeRecord({ state: "creating" }), state, "…", moment)).toMatchObject({
      completedAt: at(60).toISOString(),
      deadlineAt: null,
    });
  });

  it("refuses what the table does not know", () => {
    expect(() => enter(makeRecord({ state: "succeeded" }), "failed", "…", moment)).toThrow(
      new TypeError("no transition leads from succeeded to failed"),
    );
  });
});

describe("fail", () => {
  it("keeps the error, and repeats it in the event", () => {
    const error = failure({ code: "InvalidVhd", message: "it is none", fix: null });
    const failed = fail(makeRecord(), error, moment);

    expect(failed).toMatchObject({ state: "failed", error });
    expect(failed.events.at(-1)).toMatchObject({ message: "InvalidVhd: it is none" });
  });
});

describe("deadlineOf", () => {
  it("bounds every state that is not terminal", () => {
    const timing = makeTiming({
      waitDeadlineSeconds: 1,
      createDeadlineSeconds: 2,
      convertDeadlineSeconds: 3,
    });
    const deadlines = REQUEST_STATES.map((state) => deadlineOf(state, NOW, timing));
    const [wait, create, convert] = [1, 2, 3].map((seconds) => at(seconds).toISOString());

    expect(deadlines).toEqual([wait, wait, convert, create, create, null, null, null]);
  });
});

describe("addSeconds", () => {
  it("counts fractions and goes back too", () => {
    expect(addSeconds(NOW, 1.5).toISOString()).toBe("2026-03-01T12:00:01.500Z");
    expect(addSeconds(NOW, -60).toISOString()).toBe("2026-03-01T11:59:00.000Z");
  });
});
