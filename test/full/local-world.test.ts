import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLineBuffer, readLines } from "../../local/world/line-buffer.ts";
import { isGoneWithin, isRunning } from "../unit/local/world/processes.ts";

const TIMEOUT = { timeout: 60_000 };
const APP_DIR = fileURLToPath(new URL("../unit/local/world/fixture-app/", import.meta.url));
const MAIN = fileURLToPath(new URL("../../local/main.ts", import.meta.url));

type Run = {
  readonly process: ChildProcess;
  readonly stdout: string[];
  readonly stderr: string[];
  /** Resolves with the JSON of the ready line. */
  readonly ready: Promise<Record<string, string>>;
  /** Resolves with the exit code and the signal. */
  readonly ended: Promise<unknown[]>;
};

let tempDir = "";
const runs: Run[] = [];

beforeEach(async () => {
  tempDir = await mkdtemp(join(tmpdir(), "main-test-"));
});

afterEach(async () => {
  for (const run of runs.splice(0))
    if (isRunning(run.process.pid ?? 0)) run.process.kill("SIGKILL");
  await rm(tempDir, { recursive: true });
});

function start(command: string, args: string[]): Run {
  const child = spawn(command, args, {
    cwd: APP_DIR,
    env: { ...process.env, TMPDIR: tempDir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = [[] as string[], [] as string[]];
  const ready = Promise.withResolvers<Record<string, string>>();
  const output = createLineBuffer();
  readLines(child.stdout, (line) => {
    stdout.push(line);
    output.push(line);
  });
  readLines(child.stderr, (line) => stderr.push(line));
  output.follow((line) => {
    if (line.startsWith("{")) ready.resolve(JSON.parse(line));
  });
  const run = { process: child, stdout, stderr, ready: ready.promise, ended: once(child, "exit") };
  runs.push(run);
  return run;
}

/** What is left in the folder for temporary files, but for the user's empty folder of running worlds. */
async function leftovers(): Promise<readonly string[]> {
  const own = `vhd-to-image-${process.getuid?.() ?? ""}`;
  const names = await readdir(tempDir);
  return names.filter((name) => name !== own);
}

function startMain(...args: string[]): Run {
  return start(process.execPath, [MAIN, "--app", APP_DIR, ...args]);
}

/** Whether host and storage of a world are gone: the one by its process id, the other by its port. */
async function isWorldGone(ready: Record<string, unknown>): Promise<boolean> {
  const hostGone = await isGoneWithin(Number(ready.hostPid), 6_000);
  const storageAnswers = await fetch(String(ready.blob)).then(
    () => true,
    () => false,
  );
  return hostGone && !storageAnswers;
}

/** SIGTERM, of the app itself, is among the tests of the commands. */
test("says one line of JSON, and stops on SIGINT without a trace", TIMEOUT, async () => {
  const run = startMain("--port", "0");
  const ready = await run.ready;
  expect(ready).toMatchObject({ ready: true, functions: expect.stringMatching(/^http:\/\/127/) });
  run.process.kill("SIGINT");
  expect(await run.ended).toEqual([0, null]);
  expect(run.stdout).toHaveLength(1);
  expect(await isWorldGone(ready)).toBe(true);
  expect(await leftovers()).toEqual([]);
});

test("stops during its start without a trace", TIMEOUT, async () => {
  const run = startMain("--port", "0");
  await once(run.process.stderr ?? run.process, "data"); // the first line of the storage emulator
  run.process.kill("SIGTERM");
  expect(await run.ended).toEqual([0, null]);
  expect(run.stdout).toEqual([]);
  expect(await leftovers()).toEqual([]);
});

test("SIGKILL takes the whole world along", TIMEOUT, async () => {
  const run = startMain("--port", "0");
  const ready = await run.ready;
  run.process.kill("SIGKILL");
  await run.ended;
  expect(await isWorldGone(ready)).toBe(true);
  await expect.poll(() => leftovers(), { timeout: 60_000 }).toEqual([]);
});

test("stops when npm, which runs it, is stopped", TIMEOUT, async () => {
  const run = start("npm", ["run", "local", "--silent", "--", "--port", "0"]);
  const ready = await run.ready;
  run.process.kill("SIGTERM");
  await run.ended;
  expect(await isGoneWithin(Number(ready.pid), 10_000)).toBe(true);
  expect(await isWorldGone(ready)).toBe(true);
});

test("a port that is taken ends it with the port and the flag", TIMEOUT, async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const run = startMain("--port", "0", "--table-port", `${port}`);
  expect(await run.ended).toEqual([1, null]);
  expect(run.stdout).toEqual([]);
  expect(run.stderr.join("\n")).toContain(`port ${port} (table) cannot be used`);
  expect(run.stderr.join("\n")).toContain("--table-port");
  server.close();
});

test("a part that dies ends it with the part, its exit code and last lines", TIMEOUT, async () => {
  const run = startMain("--port", "0");
  const ready = await run.ready;
  await fetch(`${ready.functions}/api/crash`).catch(() => {});
  expect(await run.ended).toEqual([1, null]);
  const end = run.stderr.join("\n");
  expect(end).toMatch(/functions host ended unexpectedly: exit code 3[\s\S]*about to crash/);
  expect(await isWorldGone(ready)).toBe(true);
  expect(await leftovers()).toEqual([]);
});
