import { fileURLToPath } from "node:url";
import { type Child, type Environment, spawnChild } from "./child.ts";

export type FunctionsHostOptions = {
  /** Directory with the app's package.json and host.json. */
  readonly appDir: string;
  /** Path of the Node executable to run it with; that of this process unless given. */
  readonly nodePath?: string;
  /** 0 asks for any free port. */
  readonly port: number;
  /** App settings and everything else that the process needs. */
  readonly environment: Environment;
  readonly log: (line: string) => void;
};

export type FunctionsReady = {
  /** Root of the app's HTTP endpoints, without a trailing slash. */
  readonly url: string;
  readonly hostKey: string;
  readonly masterKey: string;
};

/** The Functions host stand-in as a child process. */
export type FunctionsHost = { readonly child: Child; readonly ready: Promise<FunctionsReady> };

const SCRIPT = fileURLToPath(new URL("../functions-host/main.ts", import.meta.url));
/** Names a bundle of that script, which starts faster; the tests set it. */
const SCRIPT_VARIABLE = "LOCAL_WORLD_HOST_SCRIPT";
const START_TIMEOUT_MS = 60_000;

/** Starts the host with the app; the caller stops `child`, also when `ready` rejects. */
export function startFunctionsHost(options: FunctionsHostOptions): FunctionsHost {
  const child = spawnChild({
    name: "functions host",
    script: process.env[SCRIPT_VARIABLE] ?? SCRIPT,
    args: ["--app", options.appDir, "--port", `${options.port}`],
    environment: options.environment,
    log: options.log,
    ...(options.nodePath === undefined ? {} : { nodePath: options.nodePath }),
    isSecret: (line) => parseReady(line) !== undefined, // it carries the keys
  });
  return { child, ready: child.waitForOutput(parseReady, START_TIMEOUT_MS) };
}

function parseReady(line: string): FunctionsReady | undefined {
  if (!line.startsWith('{"ready"')) return undefined;
  const { url, hostKey, masterKey } = JSON.parse(line) as FunctionsReady;
  return { url, hostKey, masterKey };
}
