import { spawnSync } from "node:child_process";
import { mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  buildSampleVhd,
  createSparseImage,
  MIB,
  readImage,
  type SampleName,
  writeSparseFile,
} from "../../local/sample-vhds/index.ts";
import { OPTIONS } from "../unit/local/sample-vhds/sample-options.ts";

/** What other people's tools say about the samples. Without a tool its test asserts the file only, and says so. */
let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "vhd-tools-"));
});

afterAll(() => rm(dir, { recursive: true }));

async function writeSample(name: SampleName): Promise<string> {
  const path = join(dir, `${name}.vhd`);
  await writeSparseFile(path, buildSampleVhd(name, OPTIONS));
  return path;
}

/** Returns the tool's exit code and output, or undefined if the machine does not have it. */
function runTool(
  tool: string,
  args: string[],
): { status: number | null; output: string } | undefined {
  const result = spawnSync(tool, args, { encoding: "utf8" });
  if (result.error !== undefined) {
    console.info(`${tool} is not installed: its judgement is not asserted`);
    return undefined;
  }
  return { status: result.status, output: result.stdout + result.stderr };
}

test.each(["linux-gen2", "windows-gen1", "broken-dynamic"] as const)(
  "qemu-img reads %s as a VHD of 4 GiB",
  async (name) => {
    const path = await writeSample(name);
    const expected = { format: "vpc", "virtual-size": OPTIONS.virtualSizeBytes };
    const result = runTool("qemu-img", ["info", "-f", "vpc", "--output", "json", path]);
    expect(result ? JSON.parse(result.output) : expected).toMatchObject(expected);
  },
);

test("qemu-img refuses the broken checksum", async () => {
  const path = await writeSample("broken-checksum");
  const result = runTool("qemu-img", ["info", "-f", "vpc", path]);
  expect(result?.output ?? "checksum").toContain("checksum");
});

test.each(["linux-gen2", "linux-hybrid", "windows-gen2", "data-ext4", "data-ntfs"] as const)(
  "sgdisk finds no problem in the partition tables of %s",
  async (name) => {
    const path = await writeSample(name);
    await truncate(path, OPTIONS.virtualSizeBytes); // the raw disk
    const result = runTool("sgdisk", ["--verify", path]);
    expect(result?.output ?? "No problems found").toContain("No problems found");
  },
);

test("fsck.fat finds no problem in the EFI system partition", async () => {
  const vhd = buildSampleVhd("linux-gen2", OPTIONS);
  const path = join(dir, "esp");
  const bytes = readImage(vhd, MIB, 256 * MIB);
  await writeSparseFile(path, createSparseImage(bytes.length, [{ offset: 0, bytes }]));
  const result = runTool("fsck.fat", ["-n", path]);
  expect(result ?? { status: 0 }).toMatchObject({ status: 0 });
});

test.each([
  ["linux-gen1", 1, 512, "ext4"],
  ["linux-gen1", 513, 256, "swap"],
  ["linux-gen1", 769, 3327, "xfs"],
  ["windows-gen2", 1, 256, "vfat"],
  ["windows-gen2", 273, 3310, "ntfs"],
] as const)("blkid finds in %s at %i MiB (%i MiB long) %s", async (name, start, length, type) => {
  const path = await writeSample(name);
  const range = ["--offset", `${start * MIB}`, "--size", `${length * MIB}`];
  const result = runTool("blkid", ["--probe", ...range, "--output", "export", path]);
  expect(result?.output ?? `TYPE=${type}`).toContain(`TYPE=${type}`);
});
