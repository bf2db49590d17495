import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { encodeFixture, packDisk } from "./disk-fixture.ts";
import { MAP_DISK, MAP_RECIPES, MAP_TOOLS } from "./map-recipes.ts";
import { readVersions } from "./run-recipe.ts";

/**
 * `node test/disks/make-maps.ts [--keep]`: qemu-img writes a disk in every format that it can write, `npm
 * run convert` makes VHDs of them, and qemu-img compares each with the disk; so does SHA-256. `--keep`
 * also rebuilds the fixtures. Exit code 1 when one differs.
 */
const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
const run = promisify(execFile);
const PATH = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
const folder = fileURLToPath(new URL("./map-fixtures/", import.meta.url));
const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const cwd = await mkdtemp(join(tmpdir(), "maps-"));
const bash = (script: string) =>
  run("bash", ["-c", `set -euo pipefail\n${script}`], { cwd, env: { ...process.env, PATH } });

try {
  await mkdir(folder, { recursive: true });
  await bash(MAP_DISK);
  const { size } = await stat(join(cwd, "disk"));
  const expected = await hashOf("disk", size);
  const tools = await readVersions(MAP_TOOLS);
  let differing = 0;
  for (const { name, script, isKept } of MAP_RECIPES) {
    await bash(`rm -f out out.vhd\n${script}`);
    const verdict = await judge(size, expected).catch(
      (error: Error & { stderr?: string }) => error.stderr || error.message,
    );
    if (verdict !== null) differing += 1;
    process.stdout.write(`${name.padEnd(28)}${verdict ?? "equal"}\n`);
    if (!values.keep || !isKept) continue;
    const packed = await packDisk(join(cwd, "out"));
    const fixture = {
      name,
      role: "data" as const,
      tools,
      script: `${MAP_DISK}\n${script}`,
      ...packed,
    };
    await writeFile(`${folder}${name}.disk`, encodeFixture(fixture));
  }
  process.stdout.write(`${MAP_RECIPES.length} files, ${differing} differ\n`);
  process.exitCode = differing === 0 ? 0 : 1;
} finally {
  await rm(cwd, { recursive: true, force: true });
}

/** Null when the converted disk is the original one, otherwise what is wrong. */
async function judge(size: number, expected: string): Promise<string | null> {
  await run(process.execPath, [main, "convert", join(cwd, "out"), join(cwd, "out.vhd"), "--data"]);
  const { stdout } = await bash("qemu-img compare -f raw -F vpc disk out.vhd");
  if (!stdout.includes("Images are identical")) return stdout;
  const padded = Math.ceil(size / 2 ** 20) * 2 ** 20;
  const { stdout: info } = await bash("qemu-img info --output=json -f vpc out.vhd");
  const virtual = (JSON.parse(info) as { "virtual-size": number })["virtual-size"];
  if (virtual !== padded) return `virtual size ${virtual}, not ${padded}`;
  return (await hashOf("out.vhd", size)) === expected ? null : "another SHA-256";
}

async function hashOf(name: string, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(join(cwd, name), { end: bytes - 1 }))
    hash.update(chunk);
  return hash.digest("hex");
}
