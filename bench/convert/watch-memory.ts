import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const SAMPLE_MILLISECONDS = 50;

/** Resident memory of a process in bytes. @throws when the process does not exist */
export async function readMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => null);
  const kibibytes =
    status === null
      ? (await run("ps", ["-o", "rss=", "-p", `${pid}`])).stdout
      : (/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? "");
  const bytes = Number(kibibytes) * 1024;
  if (!Number.isFinite(bytes) || bytes <= 0) throw new Error(`process ${pid} shows no memory`);
  return bytes;
}

/** Samples a process every 50 ms until it is stopped. */
export interface MemoryWatch {
  /** Returns the most bytes that were seen. */
  stop(): Promise<number>;
}

/** Begins to watch the resident memory of a process. */
export function watchMemory(pid: number): MemoryWatch {
  const controller = new AbortController();
  const watch = async (): Promise<number> => {
    let most = 0;
    while (!controller.signal.aborted) {
      most = Math.max(most, await readMemory(pid));
      await sleep(SAMPLE_MILLISECONDS, null, { signal: controller.signal }).catch(() => null);
    }
    return most;
  };
  const watched = watch();
  return {
    stop: () => {
      controller.abort();
      return watched;
    },
  };
}
