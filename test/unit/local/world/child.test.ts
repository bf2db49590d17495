import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { type Child, type ChildOptions, spawnChild } from "../../../../local/world/child.ts";
import { isGoneWithin, isRunning } from "./processes.ts";

vi.setConfig({ testTimeout: 30_000 }); // processes and large files, on a busy machine

const children: Child[] = [];

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
});

function scriptPath(name: string): string {
  return fileURLToPath(new URL(`scripts/${name}.ts`, import.meta.url));
}

function start(script: string, overrides: Partial<ChildOptions> = {}): Child {
  const child = spawnChild({
    name: "the part",
    script: scriptPath(script),
    args: [],
    environment: process.env,
    log: () => {},
    ...overrides,
  });
  children.push(child);
  return child;
}

const whenReady = (line: string): string | undefined =>
  line.startsWith("ready") ? line : undefined;

test("hands over arguments and finds a line that was written earlier", async () => {
  const lines: string[] = [];
  const child = start("echo-then-wait", { args: ["a", "b"], log: (line) => lines.push(line) });
  await child.waitForOutput(whenReady, 10_000);
  await expect(child.waitForOutput(whenReady, 10_000)).resolves.toBe("ready a b");
  await child.stop();
  expect(lines.toSorted()).toEqual(["a line of log", "ready a b"]);
});

test("a stopped child ends by itself", async () => {
  const child = start("echo-then-wait");
  await child.waitForOutput(whenReady, 10_000);
  await child.stop();
  expect(isRunning(child.pid)).toBe(false);
  expect((await child.exited).message).toContain("exit code 0");
});

test("a child that does not react to the stop ends all the same", async () => {
  const child = start("ignore-stop");
  await child.waitForOutput(whenReady, 10_000);
  await child.stop();
  expect(isRunning(child.pid)).toBe(false);
});

test("waiting for a child that fails says part, exit code and last lines, but no secret", async () => {
  const child = start("fail", { isSecret: (line) => line.startsWith("secret") });
  const failure = await child.waitForOutput(whenReady, 10_000).catch((error: Error) => error);
  expect(failure).toMatchObject({ name: "PartDiedError" });
  expect(String(failure)).toContain(
    "the part ended unexpectedly: exit code 7. Its last lines:\n  the disk is on fire",
  );
  expect(String(failure)).not.toContain("secret");
});

test("waiting ends with an error when the time is up", async () => {
  const child = start("echo-then-wait");
  await expect(child.waitForOutput(() => undefined, 50)).rejects.toThrow(
    "the part was not ready within 0.05 s",
  );
});

test("a child ends when its parent gets SIGKILL", async () => {
  const parent = spawn(process.execPath, [scriptPath("supervise"), scriptPath("echo-then-wait")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [chunk] = (await once(parent.stdout, "data")) as [Buffer];
  const childPid = Number(chunk.toString());
  expect(isRunning(childPid)).toBe(true);
  parent.kill("SIGKILL");
  expect(await isGoneWithin(childPid, 5_000)).toBe(true);
});
