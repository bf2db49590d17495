import { Console } from "node:console";
import { fstatSync } from "node:fs";
import { readCliOptions } from "./cli-options.ts";
import { HostStartError } from "./errors.ts";
import { type FunctionsHost, startFunctionsHost } from "./host.ts";

/**
 * Runs one app until SIGINT or SIGTERM, or until whoever started this process is gone. Standard
 * output carries one line of JSON, when all is ready; everything else goes to standard error.
 * Exit codes: 0 stopped, 1 not started or crashed, 124 a run exceeded functionTimeout.
 */
async function main(): Promise<void> {
  const printReady = reserveStdout();
  const options = readCliOptions(process.argv.slice(2), process.env);
  const host = await startFunctionsHost({ ...options, log: (line) => console.error(line) });
  stopWhenTold(host);
  const { url, keys } = host;
  printReady(JSON.stringify({ ready: true, url, hostKey: keys.host, masterKey: keys.master }));
}

/** Sends what the app prints to standard error and returns what prints to standard output. */
function reserveStdout(): (line: string) => void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  globalThis.console = new Console(process.stderr, process.stderr);
  return (line) => write(`${line}\n`);
}

function stopWhenTold(host: FunctionsHost): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    host.close().then(
      () => process.exit(0),
      (error) => fail(error),
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("disconnect", stop);
  if (isPipedByParent()) process.stdin.on("end", stop).on("error", stop).resume();
}

/**
 * Node gives a child's piped standard input as a socket, whose end tells that the parent is gone. A
 * terminal, /dev/null and a shell's pipe (a FIFO) say nothing about a parent.
 */
function isPipedByParent(): boolean {
  try {
    return fstatSync(0).isSocket();
  } catch {
    return false;
  }
}

function fail(error: unknown): void {
  const isExpected = error instanceof HostStartError;
  console.error(isExpected ? error.message : error);
  process.exit(1);
}

// What nobody awaited and caught in the app ends the worker, so it ends this process.
process.on("uncaughtException", fail);

main().catch(fail);
