import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeFixture, openFixture } from "../disks/disk-fixture.ts";
import { MAP_DISK, MAP_RECIPES, MAP_TOOLS } from "../disks/map-recipes.ts";
import { listMissing } from "../disks/run-recipe.ts";
import { createFakeApp } from "../fakes/app.ts";
import { isWeekly } from "../run/weekly.ts";

/**
 * The stages convert what qemu-img writes, and qemu-img judges the converted blob. Where it is missing,
 * the disks that it once wrote are converted, and compared by SHA-256.
 */

const run = promisify(execFile);
const MIB = 1024 * 1024;
const FIXTURES = new URL("../disks/map-fixtures/", import.meta.url);
const METADATA = { ostype: "Linux", osstate: "Generalized", hypervgeneration: "V2" };

/**
 * Of each format the kinds that differ, and the smallest and the largest blocks; every recipe takes minutes,
 * with WEEKLY=1. `node test/disks/make-maps.ts` compares the maps of all of them.
 */
const SAMPLE = [
  ...["raw", "ova", "vhd-fixed", "vhd-damaged-footer", "vhd-dynamic", "vdi-dynamic", "vdi-static"],
  ...["vhdx-1m", "vhdx-256m", "vhdx-log-2m", "vmdk-sparse", "vmdk-stream", "qcow2-v2"],
  ...["qcow2-512", "qcow2-2M", "qcow2-deflate-512", "qcow2-zstd-64k", "qcow2-extended-zstd-2M"],
];
const recipes = MAP_RECIPES.filter(({ name }) => isWeekly || SAMPLE.includes(name));

const missing = await listMissing({ tools: [...MAP_TOOLS] });
const hint = missing.length > 0 ? ` (needs ${missing.join(", ")})` : "";

interface RawDisk {
  readonly length: number;
  readonly sha256: string;
}

let folder = "";
/** What qemu-img converts to every format. */
let disk: RawDisk;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "conversions-"));
  if (missing.length > 0) return;
  await bash(MAP_DISK);
  disk = await readDisk();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function bash(script: string): Promise<{ stdout: string }> {
  const PATH = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
  const options = { cwd: folder, env: { ...process.env, PATH } };
  return run("bash", ["-c", `set -euo pipefail\n${script}`], options);
}

/** The converted blob of a file that is uploaded as a block blob. */
async function convertBlob(file: Uint8Array): Promise<{ from: string; vhd: Uint8Array }> {
  const app = createFakeApp();
  const ref = { container: "uploads", name: "disk.img" };
  app.blobs.putBytes(ref, file);
  app.blobs.setMetadata(ref, METADATA);
  await app.event(ref.name);
  await app.run(() => app.recordOf(ref.name).state === "submitting");
  const { error, disks } = app.recordOf(ref.name);
  expect(error).toBeNull();
  const [blob] = (await app.blobs.list("converted", {})).blobs;
  if (blob === undefined) throw new Error("nothing was converted");
  const vhd = await app.blobs.read(blob, { offset: 0, count: blob.length, etag: blob.etag });
  return { from: disks[0]?.conversion?.from ?? "", vhd };
}

/** Of the disk in a VHD, as long as the raw disk; what pads it is zero. */
function hashDisk(vhd: Uint8Array, rawBytes: number): string {
  const disk = Buffer.from(vhd.buffer, vhd.byteOffset, vhd.length - 512);
  expect(disk.length).toBe(Math.ceil(rawBytes / MIB) * MIB);
  expect(disk.subarray(rawBytes).some((byte) => byte !== 0)).toBe(false);
  return hashOf(disk.subarray(0, rawBytes));
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The raw disk as it is in the folder now. */
async function readDisk(): Promise<RawDisk> {
  const bytes = await readFile(join(folder, "disk"));
  return { length: bytes.length, sha256: hashOf(bytes) };
}

async function expectSameDisk(raw: RawDisk, vhd: Uint8Array): Promise<void> {
  expect(hashDisk(vhd, raw.length)).toBe(raw.sha256);
  await writeFile(join(folder, "converted.vhd"), vhd);
  const { stdout } = await bash("qemu-img compare -f raw -F vpc disk converted.vhd");
  expect(stdout).toContain("Images are identical");
}

describe("a converted blob equals the raw disk, by qemu-img and SHA-256", () => {
  it.skipIf(missing.length > 0).each(recipes)(`$name${hint}`, async ({ script, format }) => {
    await bash(`rm -f out\n${script}`);
    const { from, vhd } = await convertBlob(await readFile(join(folder, "out")));
    expect(from).toBe(format);
    await expectSameDisk(disk, vhd);
  });

  it.skipIf(missing.length > 0).each([512, MIB - 512])(
    `a fixed VHD of 48 MiB and %i bytes${hint}`,
    async (odd) => {
      const size = 48 * MIB + odd;
      await bash(
        `cp --sparse=always disk whole; truncate -s ${size} disk
         sgdisk -e disk >/dev/null
         qemu-img convert -f raw -O vpc -o subformat=fixed,force_size disk out`,
      );
      try {
        const { from, vhd } = await convertBlob(await readFile(join(folder, "out")));
        expect(from).toBe("vhd-fixed");
        await expectSameDisk(await readDisk(), vhd);
      } finally {
        await bash("mv whole disk");
      }
    },
  );
});

describe("a converted blob equals the raw disk, of disks that qemu-img once wrote", async () => {
  const names = (await readdir(FIXTURES)).filter((name) => name.endsWith(".disk"));
  const read = async (name: string): Promise<Uint8Array> => {
    const reader = openFixture(decodeFixture(await readFile(new URL(name, FIXTURES))));
    return reader.read(0, reader.length);
  };

  it.runIf(missing.length > 0).each(names)("%s", async (name) => {
    const raw = await read("raw.disk");
    const { vhd } = await convertBlob(await read(name));
    expect(hashDisk(vhd, raw.length)).toBe(hashOf(raw));
  });
});
