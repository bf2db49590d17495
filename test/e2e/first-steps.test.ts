import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildSampleVhd, MIB, writeSparseFile } from "../../local/sample-vhds/index.ts";
import { readProjectFile } from "../project/source-files.ts";
import { buildVhd } from "../unit/cli/build-vhd.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = "npm run --silent cli -- ";
/** Of a manifest whose second disk comes later. */
const PAIR = {
  properties: {
    storageProfile: {
      osDisk: { osType: "Linux", osState: "Generalized", blobUri: "pair.vhd" },
      dataDisks: [{ lun: 0, blobUri: "late.vhd" }],
    },
  },
};

let folder = "";
let local: ChildProcess;
const lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "first-steps-"));
  const identity = { uuid: "11111111-2222-4333-8444-555555555555", createdAt: new Date() };
  const linux = buildSampleVhd("linux-gen2", { ...identity, virtualSizeBytes: 260 * MIB });
  await writeSparseFile(join(folder, "web-os.vhd"), linux);
  for (const name of ["pair.vhd", "late.vhd"]) {
    await writeFile(join(folder, name), buildVhd([[name, 2]]));
  }
  await writeFile(join(folder, "web.json"), JSON.stringify(PAIR));
  // As `npm run local` runs it after the build; with a folder for temporary files of its own, other
  // worlds on this machine are not found.
  local = spawn(process.execPath, ["local/main.ts", "--port", "0"], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (local.stderr === null) throw new Error("no error stream");
  for await (const line of createInterface({ input: local.stderr })) {
    lines.push(line);
    if (line.includes("ready, Ctrl-C stops")) break;
  }
  local.stderr.resume();
}, 60_000);
afterAll(async () => {
  local.kill("SIGINT");
  if (local.exitCode === null) await once(local, "exit");
  await rm(folder, { recursive: true, force: true });
});

/** A command line of the README, as it is typed there. */
async function type(command: string, ...more: readonly string[]) {
  if (!command.startsWith(CLI)) throw new Error(`${command} is not a command of the command line`);
  const args = ["--require=./scripts/check-node.cjs", "cli/main.ts"];
  const typed = command.slice(CLI.length).split(" ");
  // npm runs the script in the project's folder, and names the one in which it was called.
  const npm = { npm_lifecycle_event: "cli", INIT_CWD: folder };
  const child = spawn(process.execPath, [...args, ...typed, ...more], {
    cwd: ROOT,
    env: { ...process.env, ...npm, TMPDIR: folder, LC_ALL: "C" },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (text: Buffer) => {
    output.stdout += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    output.stderr += text.toString();
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, ...output };
}

const commands = readProjectFile("README.md")
  .split("\n")
  .filter((line) => line.startsWith(CLI) && line.endsWith("--local"));
const commandFor = (name: string): string => {
  const [found = "", ...others] = readProjectFile("README.md")
    .split("\n")
    .filter((line) => line.startsWith(`${CLI}${name} `));
  expect(others).toEqual([]);
  return found;
};

it("the first steps of the README work as they are written", async () => {
  expect(commands.length).toBeGreaterThanOrEqual(4);
  expect(lines.at(-1)).toContain("ready");

  const uploaded = await type(commandFor("upload"));
  expect(uploaded, uploaded.stderr).toMatchObject({ code: 0 });
  expect(uploaded.stdout).toMatch(/^image +\/subscriptions\/.*\/images\/web-os$/m);
  expect((await type(commandFor("status"))).stdout).toMatch(/succeeded .* web-os\.vhd/);

  const waiting = await type(`${CLI}upload pair.vhd --manifest web.json --no-wait --local`);
  expect(waiting).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[a-z2-7]{20}\n$/) });
  const id = waiting.stdout.trim();
  expect(await type(`${CLI}watch ${id} --timeout 3 --local`)).toMatchObject({
    code: 4,
    stderr: expect.stringContaining("waiting"),
  });
  const plan = await type(`${CLI}plan web.json --local`);
  expect(plan).toMatchObject({ code: 0, stdout: expect.stringMatching(/^PUT https:/m) });
  expect(await type(commandFor("cancel"))).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("✗ canceled"),
  });

  const late = await type(`${CLI}upload late.vhd --no-wait --local`);
  expect(late, late.stderr).toMatchObject({ code: 0 });
  const retried = await type(commandFor("retry"));
  expect(retried, retried.stderr).toMatchObject({ code: 0 });
  expect(retried.stdout).toMatch(/^image +\/subscriptions\/.*\/images\/web$/m);
  expect(retried.stdout).not.toContain(id);
}, 240_000);
