import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildSampleVhdx, MIB, writeSparseFile } from "../../local/sample-vhds/index.ts";
import { NO_BROWSER, openPage, startBrowser, type WatchedPage } from "../board/browser.ts";
import { readBlocks } from "../project/markdown.ts";
import { readProjectFile } from "../project/source-files.ts";
import { buildVhd } from "../unit/cli/build-vhd.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = "npm run --silent cli -- ";
const PATIENT = { timeout: 60_000 };

/** The README's first steps, in their order: each command without what runs it. */
const README = readProjectFile("README.md");
const COMMANDS = README.split("\n").flatMap((line) =>
  line.startsWith(CLI) && line.includes("--local") ? [line.slice(CLI.length)] : [],
);
/** The file that they tell the reader to write. */
const MANIFEST = readBlocks("README.md").find(({ info }) => info === "json")?.text ?? "";

let folder = "";
let local: ChildProcess;
let board: ChildProcess | undefined;
let browser: Browser | null = null;
const lines: string[] = [];

beforeAll(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), "first-steps-"));
  const identity = { uuid: "11111111-2222-4333-8444-555555555555", createdAt: new Date() };
  const linux = buildSampleVhdx({ ...identity, virtualSizeBytes: 260 * MIB });
  await writeSparseFile(join(folder, "web-os.vhdx"), linux);
  await writeFile(join(folder, "logs.vhd"), buildVhd([["logs", 2]]));
  await writeFile(join(folder, "web.json"), MANIFEST);
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
  await browser?.close();
  for (const child of [board, local]) {
    child?.kill("SIGINT");
    if (child?.exitCode === null) await once(child, "exit");
  }
  await rm(folder, { recursive: true, force: true });
});

/** Starts a command as npm does when it is typed in the reader's folder. */
function start(command: string): ChildProcessByStdio<null, Readable, Readable> {
  const args = ["--require=./scripts/check-node.cjs", "cli/main.ts", ...command.split(" ")];
  const npm = { npm_lifecycle_event: "cli", INIT_CWD: folder };
  const env = { ...process.env, ...npm, TMPDIR: folder, LC_ALL: "C" };
  return spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs the next command of the README, which has to begin so. */
async function type(beginning: string) {
  const command = COMMANDS.shift() ?? "";
  expect(command).toMatch(new RegExp(`^${beginning} `));
  const child = start(command);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, "exit");
  return { code: child.exitCode, stdout, stderr };
}

/** Serves the board as the README says, only that no browser of a desktop is opened. */
async function openBoard(): Promise<WatchedPage | null> {
  const command = COMMANDS.shift() ?? "";
  expect(command).toMatch(/^board /);
  board = start(`${command} --no-open`);
  const [address] = (await once(createInterface({ input: board.stdout as Readable }), "line")) as [
    string,
  ];
  if (browser === null) return null;
  const watched = await openPage(browser);
  await watched.page.goto(address);
  return watched;
}

it("the first steps of the README work as they are written", async ({ annotate }) => {
  expect(lines.at(-1)).toContain("ready");
  const watched = await openBoard();
  if (watched === null) await annotate(`The board is served, not opened: ${NO_BROWSER}`);
  /** Waits until the board, as it is open, shows an upload in a state. */
  const seen = async (source: string, state: string): Promise<void> => {
    const rows = watched?.page.locator("tbody tr").filter({ hasText: source });
    await rows?.filter({ hasText: state }).first().waitFor(PATIENT);
  };

  const uploaded = await type("upload");
  expect(uploaded, uploaded.stderr).toMatchObject({ code: 0 });
  expect(uploaded.stdout).toMatch(/^image +\/subscriptions\/.*\/images\/web-os$/m);
  await seen("web-os.vhdx", "succeeded");

  const described = await type("upload");
  expect(described, described.stderr).toMatchObject({ code: 0 });
  expect(described.stderr).toContain("web-os.vhdx was uploaded before");
  const id = described.stdout.trim();
  await seen("web.json", "waiting");
  await watched?.page.goto(new URL(`#/${id}`, watched.page.url()).href);
  await watched?.page.getByText("logs.vhd does not exist yet").waitFor(PATIENT);
  const canceled = await type("cancel");
  expect(canceled).toMatchObject({ code: 0, stdout: expect.stringContaining("✗ canceled") });
  await watched?.page.getByRole("button", { name: "Retry…" }).waitFor(PATIENT);

  expect(await type("upload")).toMatchObject({ code: 0 });
  const retried = await type("retry");
  expect(retried, retried.stderr).toMatchObject({ code: 0 });
  expect(retried.stdout).toMatch(/^image +\/subscriptions\/.*\/images\/web$/m);
  expect(retried.stdout).not.toContain(id);
  await watched?.page.getByText("This request was retried by").waitFor(PATIENT);
  expect(watched?.complaints ?? []).toEqual([]);
  expect(COMMANDS).toEqual([]);
}, 240_000);
