import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { readAzdValues } from "./app/azd-values.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { findLocalWorlds } from "./local-world.ts";
import manifest from "./package.json" with { type: "json" };
import { runCommandLine } from "./program.ts";

const ARM = "https://management.azure.com";
const { env: environment } = process;
/** npm runs scripts in the project's folder, and names the folder in which it was called. */
const npmScript = environment.npm_lifecycle_event;
const isNpmScript = ["cli", "inspect", "convert"].includes(npmScript ?? "");

// Storage and app of the local world are on this machine, whatever proxy there is for the rest.
const direct = [environment.NO_PROXY ?? environment.no_proxy, "127.0.0.1", "localhost"];
environment.NO_PROXY = direct.filter(Boolean).join(",");
environment.no_proxy = environment.NO_PROXY;

const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (abort.signal.aborted) process.exit(EXIT_CODES.interrupted.code);
    abort.abort();
  });
}
// A reader that went away, such as head(1), ends the command without an error.
process.stdout.on("error", () => process.exit(EXIT_CODES.success.code));

const ended = runCommandLine(process.argv.slice(2), manifest.version, {
  stdout: process.stdout,
  stderr: process.stderr,
  environment,
  folder: (isNpmScript ? environment.INIT_CWD : undefined) ?? process.cwd(),
  name: isNpmScript ? "npm run --silent cli --" : "vhd-to-image",
  signal: abort.signal,
  now: () => performance.now(),
  sleep: (milliseconds) => sleep(milliseconds, undefined, { signal: abort.signal }),
  azdValues: () => readAzdValues(process.cwd()),
  armEndpoint: ARM,
  armToken: async () => {
    const { DefaultAzureCredential } = await import("@azure/identity");
    return (await new DefaultAzureCredential().getToken(`${ARM}/.default`)).token;
  },
  localWorlds: () => findLocalWorlds(tmpdir(), process.getuid?.() ?? null, isRunning),
});
// Not awaited: the package is CommonJS. What was not foreseen ends the process with its stack.
void ended.then((code) => {
  process.exitCode = code;
});

/** Whether a process of this id runs; one of another user's counts as none. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
