import { tmpdir } from "node:os";
import { announceLocalWorld } from "../../cli/local-world.ts";
import type { World } from "./world.ts";

/**
 * Leaves a note by which `vhd-to-image --local` finds this world; a world without one works as well.
 * Returns how to remove it.
 */
export async function leaveNote(
  world: World,
  log: (line: string) => void,
): Promise<() => Promise<void>> {
  const { url: functions, key: functionsKey } = world.functions;
  const { connectionString } = world;
  const note = { pid: process.pid, functions, functionsKey, connectionString };
  try {
    return await announceLocalWorld(tmpdir(), process.getuid?.() ?? null, note);
  } catch (error) {
    log(`local   | vhd-to-image --local will not find this: ${String(error)}`);
    return async () => {};
  }
}
