import { type ChildProcess, spawn } from "node:child_process";
import { finished } from "node:stream/promises";
import { createLineBuffer, type LineBuffer, readLines } from "./line-buffer.ts";
import { PartDiedError, PartStartError } from "./part-errors.ts";

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type ChildOptions = {
  /** What messages call this part of the world. */
  readonly name: string;
  /** Path of the script that Node runs. */
  readonly script: string;
  readonly args: readonly string[];
  /** Path of the Node executable; that of this process unless given. */
  readonly nodePath?: string;
  readonly environment: Environment;
  /** Takes each line that the child writes, on either stream. */
  readonly log: (line: string) => void;
  /** Whether a line of standard output carries secrets: it is matched, but neither logged nor kept. */
  readonly isSecret?: (line: string) => boolean;
};

/** A Node process that does not outlive this one. */
export type Child = {
  readonly pid: number;
  /** Resolves when the process is gone, with an error that says how it ended. */
  readonly exited: Promise<PartDiedError>;
  /**
   * Resolves with the first result of `match` that is not undefined, over all lines of standard
   * output, those before this call included.
   *
   * @throws {PartDiedError} if the process ends first.
   * @throws {PartStartError} if nothing matched within `timeoutMs`.
   */
  waitForOutput<T>(match: (line: string) => T | undefined, timeoutMs: number): Promise<T>;
  /** Asks the process to end, insists after some seconds, and resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends the process at once (SIGKILL) and resolves when it is gone. */
  kill(): Promise<void>;
};

const PRELOAD = new URL("./exit-with-parent.ts", import.meta.url).href;
const KEPT_LINES = 15;
/** Longer than what the preloaded module grants the child, so that it can end in its own way. */
const STOP_TIMEOUT_MS = 8_000;

/** Starts a Node script as a child that ends when this process does. */
export function spawnChild(options: ChildOptions): Child {
  const process_ = spawn(
    options.nodePath ?? process.execPath,
    ["--import", PRELOAD, options.script, ...options.args],
    // A group of its own: Ctrl-C in a terminal reaches the supervisor only, which stops in order.
    { stdio: ["ignore", "pipe", "pipe", "ipc"], env: { ...options.environment }, detached: true },
  );
  const { output, lastLines } = collectOutput(process_, options);
  const exited = watchEnd(process_, options.name, lastLines);
  const kill = async (): Promise<void> => {
    process_.kill("SIGKILL");
    await exited;
  };
  return {
    pid: process_.pid ?? 0,
    exited,
    waitForOutput: (match, timeoutMs) =>
      waitForMatch(options.name, output, exited, match, timeoutMs),
    async stop() {
      if (process_.connected) process_.disconnect();
      const timer = setTimeout(() => process_.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
    kill,
  };
}

function collectOutput(
  child: ChildProcess,
  { log, isSecret = () => false }: ChildOptions,
): { output: LineBuffer; lastLines: readonly string[] } {
  const lastLines: string[] = [];
  const remember = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > KEPT_LINES) lastLines.shift();
    log(line);
  };
  const output = createLineBuffer();
  if (child.stderr !== null) readLines(child.stderr, remember);
  if (child.stdout !== null) {
    readLines(child.stdout, (line) => {
      output.push(line);
      if (!isSecret(line)) remember(line);
    });
  }
  return { output, lastLines };
}

function watchEnd(
  child: ChildProcess,
  name: string,
  lastLines: readonly string[],
): Promise<PartDiedError> {
  return new Promise((resolve) => {
    child.once("error", (cause) => {
      resolve(new PartDiedError(name, `it could not be started: ${cause.message}`, lastLines));
    });
    // Not "close": Node does not emit it once the parent has disconnected the channel.
    child.once("exit", async (code, signal) => {
      await Promise.allSettled(
        [child.stdout, child.stderr].map(async (stream) => stream && finished(stream)),
      );
      const ending = signal === null ? `exit code ${code}` : `signal ${signal}`;
      resolve(new PartDiedError(name, ending, lastLines));
    });
  });
}

async function waitForMatch<T>(
  name: string,
  output: LineBuffer,
  exited: Promise<PartDiedError>,
  match: (line: string) => T | undefined,
  timeoutMs: number,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const unfollow = output.follow((line) => {
    const result = match(line);
    if (result !== undefined) resolve(result);
  });
  const timer = setTimeout(() => reject(new PartStartError(name, timeoutMs)), timeoutMs);
  void exited.then(reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    unfollow();
  }
}
