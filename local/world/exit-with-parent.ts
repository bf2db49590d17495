import { rmSync } from "node:fs";

/**
 * Preloaded (`node --import`) into every child of the local world: the child ends when its parent
 * does, however that came about, a SIGKILL included. The operating system closes the channel between
 * the two when the parent is gone, and the parent closes it to ask for a clean stop.
 *
 * The child that has LOCAL_WORLD_TEMP_DIR also removes that directory, for the parent that could not.
 */
const CLEAN_STOP_MS = 5_000;

function stopCleanly(): void {
  setTimeout(() => process.exit(1), CLEAN_STOP_MS).unref();
  const tempDir = process.env.LOCAL_WORLD_TEMP_DIR;
  if (tempDir !== undefined) rmSync(tempDir, { recursive: true, force: true });
  process.kill(process.pid, "SIGTERM");
}

if (process.connected) {
  process.once("disconnect", stopCleanly);
  process.channel?.unref();
} else {
  process.exit(1);
}
