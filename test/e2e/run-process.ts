import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const running = new Set<ChildProcess>();

/** Kills what a test has left running. */
export function killRunning(): void {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
}

export interface RunningProcess {
  readonly child: ChildProcess;
  readonly firstLine: Promise<string>;
  readonly ended: Promise<{
    code: number | null;
    signal: NodeJS.Signals | null;
    stdout: string;
    stderr: string;
  }>;
}

/** Runs a script of Node.js as a process of its own, and collects what it writes. */
export function runProcess(
  args: readonly string[],
  { cwd, env }: Pick<SpawnOptions, "cwd" | "env">,
): RunningProcess {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const firstLine = once(createInterface({ input: child.stdout }), "line").then(([line]) =>
    String(line),
  );
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, ...output }));
  return { child, firstLine, ended };
}

/** Runs what an npm script runs after the build. */
export function runLocal(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): RunningProcess {
  return runProcess([`local/${script}.ts`, ...args], {
    cwd: ROOT,
    // As a user's: the host from its source.
    env: { ...process.env, LOCAL_WORLD_HOST_SCRIPT: undefined, ...env },
  });
}
