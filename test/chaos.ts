import { expect, it } from "vitest";
import { renderResult } from "../local/chaos/report.ts";
import { runChaos } from "../local/chaos/run-chaos.ts";

export interface ChaosSize {
  readonly requests: number;
  readonly kills: number;
  readonly minutes: number;
  readonly seed: number;
  /** What a run of this size surely has of each, so that something was put to the test. */
  readonly atLeast: {
    readonly succeeded: number;
    readonly failed: number;
    readonly storageFaults: number;
    readonly versions: number;
    readonly convertedDisks: number;
  };
}

/** A run may take longer on a machine that does something else as well. */
const TIMEOUT_MILLISECONDS = 600_000;

/** Declares the test that a run with faults of service, storage and triggers loses and doubles nothing. */
export function testChaos({ requests, kills, minutes, seed, atLeast }: ChaosSize): void {
  it(`${requests} requests and ${kills} kills amid faults of service, storage and triggers: nothing lost, nothing twice`, {
    timeout: TIMEOUT_MILLISECONDS,
  }, async () => {
    const lines: string[] = [];
    const result = await runChaos({
      requests,
      kills,
      minutes,
      seed,
      report: (line) => lines.push(line),
      log: () => {},
    });
    const text = [...lines, ...renderResult(result)].join("\n");
    expect(result.ok, text).toBe(true);
    const { figures } = result;
    expect(figures).toMatchObject({ kills });
    // Images were made, refused and requested again, and storage failed.
    expect(figures.succeeded, text).toBeGreaterThan(atLeast.succeeded);
    expect(figures.failed, text).toBeGreaterThan(atLeast.failed);
    expect(figures.puts).toBeGreaterThanOrEqual(figures.effectivePuts ?? Number.NaN);
    expect(figures.storageFaults, text).toBeGreaterThan(atLeast.storageFaults);
    expect(figures.versions, text).toBeGreaterThanOrEqual(atLeast.versions);
    expect(figures.convertedDisks, text).toBeGreaterThanOrEqual(atLeast.convertedDisks);
  });
}
