import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConvertCommand } from "../../../../cli/convert/convert-command.ts";
import { runConvert } from "../../../../cli/convert/run-convert.ts";
import { readFooter } from "../../../../shared/disk/format/footer.ts";
import { RefusedDiskError } from "../../../../shared/disk/maps/refusal.ts";
import { UnpackError } from "../../../../shared/unpack.ts";
import { buildQcow2, QCOW2_CLUSTER_BYTES } from "../../../disks/maps/build-two-level-formats.ts";
import { contentOf, type DiskPlan, type Slot } from "../../../disks/maps/placement.ts";

const MIB = 1024 * 1024;
const PLAN: DiskPlan = {
  slots: ["data", "packed", "none", "zero", "packed", "data"],
  order: [5, 4, 3, 2, 1, 0],
  cut: 0,
};
/** The disk of {@link PLAN} as `xz` packed it. */
const XZ = await readFile(new URL("./disk.qcow2.xz", import.meta.url));

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "convert-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function expectedDisk(): Buffer {
  const disk = Buffer.alloc(MIB);
  PLAN.slots.forEach((slot, index) => {
    if (slot !== "data" && slot !== "packed") return;
    disk.set(contentOf(index, QCOW2_CLUSTER_BYTES), index * QCOW2_CLUSTER_BYTES);
  });
  return disk;
}

function run(command: Partial<ConvertCommand> & { source: string }) {
  const written: string[] = [];
  let at = 0;
  const tools = {
    out: { write: (text: string) => written.push(text) },
    progress: { write: (text: string) => written.push(text) },
    now: () => {
      at += 6_000;
      return at;
    },
    signal: new AbortController().signal,
  };
  const full = {
    kind: "convert",
    role: "data",
    target: join(folder, "out.vhd"),
    overwrite: false,
    ...command,
  } as Exclude<ConvertCommand, { kind: "help" }>;
  return runConvert(full, tools).then((code) => ({ code, text: written.join("") }));
}

async function place(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe("the convert command", () => {
  it("writes the disk, padded, with a footer, and leaves nothing else behind", async () => {
    const source = await place("disk.img", buildQcow2(PLAN));
    const { code, text } = await run({ source });
    expect(code).toBe(0);
    const vhd = await readFile(join(folder, "out.vhd"));
    expect(vhd.subarray(0, MIB).equals(expectedDisk())).toBe(true);
    expect(readFooter(vhd.subarray(MIB))).toMatchObject({
      checksumMatches: true,
      diskType: "fixed",
      virtualSize: BigInt(MIB),
    });
    expect(await readdir(folder)).toEqual(["disk.img", "out.vhd"]);
    expect(text).toMatch(/converting \d+ %, .+ of 2 KiB, .+\/s, \d+ s left/);
  });

  it("leaves out zeros on the disk", async () => {
    const slots = Array.from({ length: 4_000 }, (_, at): Slot => (at === 3_999 ? "data" : "none"));
    const source = await place("disk", buildQcow2({ slots, order: [], cut: 0 }));
    await run({ source });
    const { size, blocks } = await stat(join(folder, "out.vhd"));
    expect(size).toBe(2 * MIB + 512);
    expect(blocks * 512).toBeLessThan(MIB);
  });

  it.each([
    ["gzip", gzipSync(buildQcow2(PLAN))],
    ["zstd", zstdCompressSync(buildQcow2(PLAN))],
    ["xz", XZ],
  ])("unpacks %s on the way", async (name, packed) => {
    const { text } = await run({ source: await place("disk.bin", packed) });
    expect(text).toContain(`qcow2 image, packed by ${name}`);
    const vhd = await readFile(join(folder, "out.vhd"));
    expect(vhd.subarray(0, MIB).equals(expectedDisk())).toBe(true);
    expect(await readdir(folder)).toEqual(["disk.bin", "out.vhd"]);
  });

  it.each([
    ["gzip", gzipSync(buildQcow2(PLAN)).subarray(0, 300)],
    ["zstd", zstdCompressSync(buildQcow2(PLAN)).subarray(0, 300)],
    ["xz", XZ.subarray(0, 300)],
  ])("refuses a damaged %s file, and leaves nothing behind", async (name, packed) => {
    const source = await place("disk.bin", packed);
    const failure = await run({ source }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RefusedDiskError);
    expect((failure as Error).message).toContain(`is a ${name} file that cannot be unpacked`);
    expect(await readdir(folder)).toEqual(["disk.bin"]);
  });

  it("never replaces a file without --overwrite", async () => {
    const source = await place("disk.img", buildQcow2(PLAN));
    const target = await place("out.vhd", Buffer.from("precious"));
    await expect(run({ source })).rejects.toThrow(
      "already exists. Choose another name, or add --overwrite.",
    );
    expect(await readFile(target, "utf8")).toBe("precious");
    expect((await run({ source, overwrite: true })).code).toBe(0);
    expect((await stat(target)).size).toBe(MIB + 512);
  });

  it("leaves an old target alone when a compressed block is damaged", async () => {
    const bytes = Buffer.from(buildQcow2(PLAN));
    const packed = deflateRawSync(contentOf(1, QCOW2_CLUSTER_BYTES));
    bytes.fill(0xff, bytes.indexOf(packed), bytes.indexOf(packed) + packed.length);
    const source = await place("disk.img", bytes);
    const target = await place("out.vhd", Buffer.from("precious"));
    await expect(run({ source, overwrite: true })).rejects.toThrow(UnpackError);
    expect(await readFile(target, "utf8")).toBe("precious");
    expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("only reports with --check", async () => {
    const source = await place("disk.img", buildQcow2(PLAN));
    const { code, text } = await run({ kind: "check", source });
    expect(code).toBe(0);
    expect(text).toContain("format        qcow2 image\n");
    expect(text).toMatch(/decompressed {2}1 KiB in 2 blocks/);
    expect(await readdir(folder)).toEqual(["disk.img"]);
  });

  it("writes the same bytes for the same file", async () => {
    const source = await place("disk.img", buildQcow2(PLAN));
    const hashes = [];
    for (const name of ["a.vhd", "b.vhd"]) {
      await run({ source, target: join(folder, name) });
      hashes.push(
        createHash("sha256")
          .update(await readFile(join(folder, name)))
          .digest("hex"),
      );
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it.each([
    ["does not exist", "missing.img", "the file does not exist"],
    ["is a folder", ".", "is a folder, not a file"],
  ])("says so when IN %s", async (_, name, reason) => {
    await expect(run({ source: join(folder, name) })).rejects.toThrow(reason);
  });

  it("says so when OUT cannot be written", async () => {
    const source = await place("disk.img", buildQcow2(PLAN));
    const target = join(folder, "missing", "out.vhd");
    await expect(run({ source, target })).rejects.toThrow("the file or its folder does not exist");
  });
});
