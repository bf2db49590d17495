import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { FIXTURE_APP } from "./fixture.ts";

/** The bundle that the run has made of it: it starts in half the time. */
const MAIN =
  process.env.LOCAL_WORLD_HOST_SCRIPT ??
  fileURLToPath(new URL("../../../../local/functions-host/main.ts", import.meta.url));

/** A host in a process of its own. */
export interface HostProcess {
  readonly child: ChildProcess;
  /** Settles with the first line of standard output. */
  readonly ready: Promise<{ url: string; hostKey: string; masterKey: string }>;
  /** Settles with what the process left behind when it has ended. */
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs main.ts as a user would; the process is gone when the test is over. */
export function startHostProcess(
  settings: Record<string, string>,
  flags: readonly string[] = [],
  appDirectory = FIXTURE_APP,
): HostProcess {
  const args = [MAIN, "--app", appDirectory, ...flags];
  const { NODE_COMPILE_CACHE } = process.env;
  const env = { NODE_COMPILE_CACHE, ...settings };
  const child = spawn(process.execPath, args, { env, stdio: "pipe" });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ready = new Promise<HostProcess["ready"] extends Promise<infer R> ? R : never>(
    (resolve) => {
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
        if (stdout.includes("\n")) resolve(JSON.parse(stdout.slice(0, stdout.indexOf("\n"))));
      });
    },
  );
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ready, ended };
}
