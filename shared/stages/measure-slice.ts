import type { SliceResult } from "../conversion/run-slice.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

const GIB = 1024 ** 3;

/** Counts what a slice moved, how many calls it took, and how fast it was. */
export function measureSlice({ spent, problem }: SliceResult, telemetry: Telemetry): void {
  const { calls, copiedBytes, passedBytes, seconds } = spent;
  telemetry.measure("vhd_to_image.convert.bytes", copiedBytes, { way: "copied" });
  telemetry.measure("vhd_to_image.convert.bytes", passedBytes, { way: "passed through" });
  telemetry.measure("vhd_to_image.convert.calls", calls, {});
  if (problem === "busy") telemetry.measure("vhd_to_image.convert.throttles", 1, {});
  const bytes = copiedBytes + passedBytes;
  if (bytes > 0) {
    telemetry.measure("vhd_to_image.convert.seconds_per_gib", (seconds * GIB) / bytes, {});
  }
}
