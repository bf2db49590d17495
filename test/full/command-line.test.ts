import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { killRunning, runProcess } from "../e2e/run-process.ts";
import { startTestWorld, type TestWorld } from "../e2e/world.ts";
import { COMMAND } from "../run/build-command.ts";
import { buildVhd } from "../unit/cli/build-vhd.ts";

let test: TestWorld;
let folder = "";
let environment: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "command-line-"));
  test = await startTestWorld({ SETTLE_SECONDS: "600", SETTLE_MIN_SECONDS: "0.2" });
  const { functions, connectionString } = test.world;
  environment = {
    ...process.env,
    VHD_TO_IMAGE_URL: functions.url,
    VHD_TO_IMAGE_KEY: functions.key,
    AZURE_STORAGE_CONNECTION_STRING: connectionString,
  };
});
afterEach(killRunning);
afterAll(async () => {
  await test?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command as a process of its own. */
const run = (...args: readonly string[]) =>
  runProcess([COMMAND, ...args], { env: environment, cwd: folder });

describe("an upload of several disks", () => {
  it("is followed to its image, by a manifest that was made for it", async () => {
    await writeFile(join(folder, "web.vhd"), buildVhd([["web", 4]]));
    await writeFile(join(folder, "logs.vhd"), buildVhd([["logs", 4]]));
    const args = ["--data", "5=logs.vhd", "--os-type", "Linux", "--os-state", "Generalized"];

    const { code, stdout, stderr } = await run("upload", "web.vhd", ...args).ended;

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^source +web\.json$/m);
    expect(stdout).toMatch(/^image +\/subscriptions\/.*\/images\/web$/m);
    expect((await run("status", "web.json").ended).stdout).toBe(stdout);
  });

  it("ends with 1 when the image fails, with what to do", async () => {
    await writeFile(join(folder, "who.vhd"), buildVhd([["who", 4]]));

    const { code, stdout } = await run("upload", "who.vhd", "--os-state", "Generalized").ended;

    expect(code).toBe(1);
    expect(stdout).toMatch(/^error +\w+: .*ostype/m);
    expect(stdout).toMatch(/^to do /m);
  });
});
