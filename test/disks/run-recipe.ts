import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type DiskFixture, packDisk } from "./disk-fixture.ts";
import { type DiskRecipe, PRELUDE } from "./recipes/recipe.ts";

const run = promisify(execFile);
/** Debian keeps most of these tools out of a user's path. */
const PATH = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;

/** Thrown when a tool of a recipe fails; the message has what it wrote. */
export class RecipeError extends Error {
  override readonly name = "RecipeError";
}

/** Makes a disk in a folder of its own, hands over its path, and leaves nothing behind. */
export async function makeDisk<Result>(
  recipe: DiskRecipe,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const cwd = await mkdtemp(join(tmpdir(), `disk-${recipe.name}-`));
  try {
    const script = `set -euo pipefail\n${PRELUDE}\n${recipe.script}`;
    await run("bash", ["-c", script], { cwd, env: { ...process.env, PATH, LC_ALL: "C" } }).catch(
      (cause: Error) => {
        throw new RecipeError(`${recipe.name}: ${cause.message}`, { cause });
      },
    );
    return await use(join(cwd, "out"));
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Makes a disk and keeps what the tools wrote. */
export async function makeFixture(recipe: DiskRecipe): Promise<DiskFixture> {
  return makeDisk(recipe, (path) => packFixture(recipe, path));
}

/** Keeps a disk that was made by this recipe. */
export async function packFixture(recipe: DiskRecipe, path: string): Promise<DiskFixture> {
  const { name, role, script } = recipe;
  const tools = await readVersions(recipe.tools);
  return { name, role, tools, script, ...(await packDisk(path)) };
}

/** Whether this machine has all that a recipe needs. */
export async function canRun(recipe: DiskRecipe): Promise<boolean> {
  return (await listMissing(recipe)).length === 0;
}

/** What a recipe needs and this machine does not have. */
export async function listMissing({
  tools,
  needsLoop,
}: Pick<DiskRecipe, "tools" | "needsLoop">): Promise<readonly string[]> {
  const missing = await Promise.all(
    tools.map(async (tool) => ((await succeeds(`command -v ${tool}`)) ? [] : [tool])),
  );
  const hasLoop = !needsLoop || (await succeeds("losetup --find"));
  return [...missing.flat(), ...(hasLoop ? [] : ["a loop device"])];
}

const outcomes = new Map<string, Promise<boolean>>();

function succeeds(command: string): Promise<boolean> {
  const outcome =
    outcomes.get(command) ??
    run("bash", ["-c", command], { env: { ...process.env, PATH } }).then(
      () => true,
      () => false,
    );
  outcomes.set(command, outcome); // most recipes need the same tools
  return outcome;
}

const versions = new Map<string, Promise<string>>();

/** The package and version of each tool, as dpkg knows them; `unknown` on other systems. */
export async function readVersions(tools: readonly string[]): Promise<Record<string, string>> {
  const entries = await Promise.all(
    tools.map(async (tool) => {
      const version = versions.get(tool) ?? readVersion(tool); // dpkg takes seconds for each
      versions.set(tool, version);
      return [tool, await version] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function readVersion(tool: string): Promise<string> {
  const query = `dpkg-query -W -f '\${Package} \${Version}' "$(dpkg-query -S "$(readlink -f "$(command -v ${tool})")" | cut -d: -f1)"`;
  return run("bash", ["-c", query], { env: { ...process.env, PATH } }).then(
    ({ stdout }) => stdout.trim(),
    () => "unknown",
  );
}
