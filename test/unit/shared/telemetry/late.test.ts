import { describe, expect, it } from "vitest";
import { createLateTelemetry } from "../../../../shared/telemetry/late.ts";
import { createFakeTelemetry } from "../../../fakes/telemetry.ts";

describe("a late telemetry", () => {
  it("lets the work be done before it is connected, and tells nobody", async () => {
    const late = createLateTelemetry();
    const work = late.span("work", {}, async () => {
      late.annotate({ a: 1 });
      late.fail("no");
      late.measure("vhd_to_image.overdue", 1, {});
      return late.traceparent();
    });
    expect(await work).toBeNull();
  });

  it("passes on what the work throws", async () => {
    const late = createLateTelemetry();
    const work = late.span("work", {}, () => Promise.reject(new RangeError("no")));
    await expect(work).rejects.toThrow(RangeError);
  });

  it("tells everything to what it is connected to", async () => {
    const late = createLateTelemetry();
    const target = createFakeTelemetry();
    late.connect(target);
    const traceparent = await late.span("work", { attributes: { a: 1 } }, async () => {
      late.annotate({ b: 2 });
      late.fail("no");
      late.measure("vhd_to_image.poisoned", 1, { queue: "work" });
      return late.traceparent();
    });
    expect(target.spans).toEqual([
      { name: "work", parent: null, traceparent, attributes: { a: 1, b: 2 }, failure: "no" },
    ]);
    expect(target.labelsOf("vhd_to_image.poisoned")).toEqual([{ queue: "work" }]);
  });
});
