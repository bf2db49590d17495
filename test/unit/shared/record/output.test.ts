import { describe, expect, it } from "vitest";
import { firstFailed, isOpenOutput, nextOutput } from "../../../../shared/record/output.ts";
import { at, makeOutput } from "../../../factories.ts";

const due = (kind: string, seconds: number | null) =>
  makeOutput({ kind, dueAt: seconds === null ? null : at(seconds).toISOString() });
const failedAt = (kind: string, seconds: number) =>
  makeOutput({ kind, state: "failed", endedAt: at(seconds).toISOString() });

describe("the next output", () => {
  it("is the one that is due first, one without a time at once", () => {
    expect(nextOutput([due("a", 20), due("b", 10)])?.kind).toBe("b");
    expect(nextOutput([due("a", 10), due("b", null)])?.kind).toBe("b");
  });

  it("is none that has ended", () => {
    expect(nextOutput([makeOutput({ state: "succeeded" }), due("b", 10)])?.kind).toBe("b");
    expect(nextOutput([makeOutput({ state: "canceled" })])).toBeNull();
  });
});

describe("the first output that failed", () => {
  it("is the one that ended first", () => {
    expect(firstFailed([failedAt("a", 20), failedAt("b", 10)])?.kind).toBe("b");
    expect(firstFailed([makeOutput({ state: "canceled" })])).toBeNull();
  });
});

it("pending and creating are the states in which something is still to happen", () => {
  const states = ["pending", "creating", "succeeded", "failed", "canceled"] as const;
  expect(states.filter((state) => isOpenOutput({ state }))).toEqual(["pending", "creating"]);
});
