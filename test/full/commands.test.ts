import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { killRunning, runLocal as run } from "../e2e/run-process.ts";

afterEach(killRunning);

describe("wrong usage", () => {
  it.each(["demo", "main", "chaos"])(
    "of %s ends with exit code 2, the option and the help",
    async (script) => {
      const { code, stdout, stderr } = await run(script, ["--bogus"]).ended;
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("--bogus");
      expect(stderr).toContain("--help");
    },
  );

  it("of a data folder that cannot be used is one sentence with the path and the reason", async () => {
    const args = ["--port", "0", "--data", "package.json/data"];
    const { code, stderr } = await run("main", args).ended;
    expect(code).toBe(1);
    expect(stderr.trim()).toMatch(
      /^local {3}\| The data folder \S+package\.json\/data cannot be used: a part of its path is a file, not a folder\. .*--data DIR\.$/,
    );
  });
});

describe("npm run local", () => {
  it("says on one line where everything is, and leaves nothing behind", async () => {
    const { child, firstLine, ended } = run("main", ["--port", "0"]);
    const ready = JSON.parse(await firstLine) as Record<string, string | boolean | number>;
    expect(ready).toMatchObject({
      ready: true,
      functions: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      functionsKey: expect.stringMatching(/\w{10}/),
      blob: expect.stringMatching(/\/devstoreaccount1$/),
      queue: expect.stringMatching(/\/devstoreaccount1$/),
      table: expect.stringMatching(/\/devstoreaccount1$/),
      connectionString: expect.stringContaining("AccountName=devstoreaccount1"),
      arm: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
      armCa: expect.any(String),
    });
    expect(existsSync(String(ready.armCa))).toBe(true);
    const health = await fetch(`${ready.functions}/api/health`);
    expect(health.status).toBe(200);
    child.kill("SIGTERM");
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(existsSync(String(ready.armCa))).toBe(false);
    await expect(fetch(`${ready.functions}/api/health`)).rejects.toThrow();
    await expect(fetch(String(ready.blob))).rejects.toThrow();
    expect(() => process.kill(Number(ready.hostPid), 0)).toThrow();
  });

  it("starts with wrong settings, as Azure does, and says on /api/health which they are", async () => {
    const settings = { SETTLE_SECONDS: "soon", DEFAULT_OS_TYPE: "BeOS", WORK_QUEUE: "No_Queue" };
    const { child, firstLine, ended } = run("main", ["--port", "0"], settings);
    const { functions: url } = JSON.parse(await firstLine) as { functions: string };
    const answer = await fetch(`${url}/api/health`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      status: "unhealthy",
      settings: [
        { name: "WORK_QUEUE", problem: expect.stringContaining("must be 3–63 lower-case letters") },
        { name: "DEFAULT_OS_TYPE", problem: "must be one of Windows, Linux" },
        { name: "SETTLE_SECONDS", problem: "must be a number, at least 0" },
      ],
      dependencies: [],
    });
    expect((await fetch(`${url}/api/schema/manifest`)).status).toBe(200);
    child.kill("SIGTERM");
    const { stderr } = await ended;
    expect(stderr.match(/Invalid setting: SETTLE_SECONDS must be a number/g)).toHaveLength(1);
    expect(stderr).toContain("Invalid setting: DEFAULT_OS_TYPE must be one of Windows, Linux");
  });
});
