import { setTimeout as sleep } from "node:timers/promises";
import type { CostWorld } from "./cost-world.ts";
import { type Run, readRuns } from "./run.ts";

const SWEEPS = 5;
/** Longer than a sweep takes: the host answers before it has run. */
const PAUSE_MS = 500;

/** Has the app sweep some times. @param lines all that its process has written, to which more are added */
export async function measureSweeps(
  world: CostWorld,
  lines: readonly string[],
): Promise<readonly Run[]> {
  const known = readRuns(lines).length;
  await sweepOften(world, SWEEPS);
  return readRuns(lines)
    .slice(known)
    .filter((run) => run.function === "sweep");
}

/** Asks for sweeps, one after the other. */
export async function sweepOften({ url, masterKey }: CostWorld, times: number): Promise<void> {
  const headers = { "x-functions-key": masterKey, "content-type": "application/json" };
  for (let time = 0; time < times; time += 1) {
    const request = { method: "POST", headers, body: JSON.stringify({ input: "" }) };
    const answer = await fetch(`${url}/admin/functions/sweep`, request);
    if (answer.status !== 202) throw new Error(`a sweep was refused with ${answer.status}`);
    await sleep(PAUSE_MS);
  }
}
