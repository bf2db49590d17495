import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findNode22 } from "../node-22.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NODE_22 = findNode22() ?? process.execPath;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "command-package-"));
  const { stdout } = await run("npm", ["pack", "./cli", "--silent", "--pack-destination", folder], {
    cwd: ROOT,
  });
  const archive = stdout.trim().split("\n").at(-1) ?? "";
  const install = ["install", "--offline", "--no-audit", "--no-fund", join(folder, archive)];
  await run("npm", install, { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the package of the command line", () => {
  it("installs into an empty folder without a dependency", async () => {
    expect(await readdir(join(folder, "node_modules"))).toEqual(
      expect.arrayContaining(["vhd-to-image"]),
    );
    const files = await readdir(join(folder, "node_modules/vhd-to-image"), { recursive: true });
    expect(files.sort()).toEqual(["dist", "dist/vhd-to-image.cjs", "package.json"]);
  });

  it.each([
    ["Node 24", process.execPath],
    ["Node 22", NODE_22],
  ])("runs on %s", async (_, node) => {
    const command = join(folder, "node_modules/.bin/vhd-to-image");
    const help = await run(node, [command, "--help"]);
    expect(help.stdout).toMatch(/^Usage: vhd-to-image /);
    // The storage library is in the bundle, and works there.
    const environment = { ...process.env, AZURE_STORAGE_CONNECTION_STRING: "nonsense" };
    const disk = join(ROOT, "package.json");
    const ended = await run(node, [command, "inspect", disk], { env: environment }).then(
      () => null,
      (error: { code: number; stdout: string }) => error,
    );
    expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining("would reject it") });
  });
});
