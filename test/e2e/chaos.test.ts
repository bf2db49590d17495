import { expect, it } from "vitest";
import { renderResult } from "../../local/chaos/report.ts";
import { runChaos } from "../../local/chaos/run-chaos.ts";

/** A run takes about a minute, and longer on a machine that does something else as well. */
const TIMEOUT_MILLISECONDS = 300_000;

it("40 requests and 8 kills amid faults of service, storage and triggers: nothing lost, nothing twice", {
  timeout: TIMEOUT_MILLISECONDS,
}, async () => {
  const lines: string[] = [];
  const result = await runChaos({
    requests: 40,
    kills: 8,
    minutes: 0.35,
    seed: 11,
    report: (line) => lines.push(line),
    log: () => {},
  });
  const text = [...lines, ...renderResult(result)].join("\n");
  expect(result.ok, text).toBe(true);
  expect(result.figures).toMatchObject({ kills: 8 });
  // Something was put to the test: images were made, refused and requested again, storage failed.
  expect(result.figures.succeeded).toBeGreaterThan(15);
  expect(result.figures.failed).toBeGreaterThan(5);
  expect(result.figures.puts).toBeGreaterThanOrEqual(result.figures.effectivePuts ?? Number.NaN);
  expect(result.figures.storageFaults).toBeGreaterThan(50);
});
