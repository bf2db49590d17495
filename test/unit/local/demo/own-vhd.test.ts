import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseName, planOwnVhd } from "../../../../local/demo/own-vhd.ts";
import { takenNames } from "../../../../local/demo/sample-plan.ts";
import { buildFixedVhd } from "../../../../local/sample-vhds/fixed.ts";
import {
  buildSampleVhd,
  createSparseImage,
  MIB,
  type SampleName,
  writeSparseFile,
} from "../../../../local/sample-vhds/index.ts";
import { UsageError } from "../../../../local/usage-error.ts";

const IDENTITY = {
  uuid: "11111111-2222-4333-8444-555555555555",
  createdAt: new Date("2026-01-01T00:00:00Z"),
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "own-vhd-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function writeSample(file: string, sample: SampleName): Promise<string> {
  const path = join(folder, file);
  const image = buildSampleVhd(sample, { ...IDENTITY, virtualSizeBytes: 512 * MIB });
  await writeSparseFile(path, image);
  return path;
}

test.each([
  ["mine.vhd", "mine"],
  ["MINE.VHD", "MINE"],
  ["web-os.vhd", "my-web-os"],
  ["WEB-OS.vhd", "my-WEB-OS"],
  ["web.vhd", "my-web"],
  ["legacy.vhd", "my-legacy"],
  ["server.vhd", "my-server"],
  ["golden.vhd", "my-golden"],
  ["ubuntu.vhd", "ubuntu"],
  ["server.lun0.vhd", "server-lun0"],
  ["My disk (1).vhd", "My-disk--1"],
  ["---.vhd", "disk"],
  [`${"x".repeat(200)}.vhd`, "x".repeat(70)],
])("a file %s becomes the image %s, beside the samples", (file, name) => {
  expect(chooseName(file, takenNames())).toBe(name);
});

test("a VHD is inspected, and uploaded as what it shows", async () => {
  const path = await writeSample("web-os.vhd", "linux-gen2");
  const { request, upload, summary } = await planOwnVhd(
    { path, osType: null, generation: null },
    takenNames(),
  );
  expect(request).toMatchObject({ source: "my-web-os.vhd", expected: "succeeded" });
  expect(upload.blob).toBe("my-web-os.vhd");
  expect(summary).toMatch(/Linux, V2, uploaded as my-web-os\.vhd$/);
});

test("a VHD that Azure would refuse is refused before anything starts", async () => {
  const path = await writeSample("dynamic.vhd", "broken-dynamic");
  await expect(planOwnVhd({ path, osType: null, generation: null }, takenNames())).rejects.toThrow(
    /Azure would refuse .*dynamic\.vhd: it is a dynamic VHD/,
  );
});

test("a disk that does not show its system needs the option that names it", async () => {
  const path = join(folder, "blank.vhd");
  await writeSparseFile(
    path,
    buildFixedVhd(createSparseImage(16 * MIB, []), { ...IDENTITY, virtualSizeBytes: 16 * MIB }),
  );
  const plan = (osType: string | null) =>
    planOwnVhd({ path, osType, generation: null }, takenNames());
  await expect(plan(null)).rejects.toThrow(UsageError);
  await expect(plan(null)).rejects.toThrow("--os-type Linux");
  expect((await plan("Windows")).upload.content).toMatchObject({ metadata: { ostype: "Windows" } });
});

test.each([
  ["missing.vhd", /missing\.vhd cannot be read: the file does not exist/],
  ["", /is a folder, not a file/],
  ["odd.vhd", /odd\.vhd: it has no VHD footer.*qemu-img convert .*\/odd\.vhd /s],
  ["empty.vhd", /empty\.vhd: .*this one is empty/s],
])("%s is refused with its name and the reason", async (file, reason) => {
  if (file === "odd.vhd") await writeFile(join(folder, file), new Uint8Array(513));
  if (file === "empty.vhd") await writeFile(join(folder, file), "");
  const path = join(folder, file);
  await expect(planOwnVhd({ path, osType: null, generation: null }, takenNames())).rejects.toThrow(
    reason,
  );
});
