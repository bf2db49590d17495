import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { isBlank, SECTOR_BYTES } from "../../../../../shared/disk/bytes.ts";
import { inspectDisk } from "../../../../../shared/disk/inspect-disk.ts";
import { buildFixedFooter } from "../../../../../shared/disk/maps/build-footer.ts";
import { readAsFixedVhd } from "../../../../../shared/disk/maps/map-reader.ts";
import { openDiskMap } from "../../../../../shared/disk/maps/open-disk-map.ts";
import { unpackBlock } from "../../../../../shared/unpack.ts";
import { decodeFixture, openFixture } from "../../../../disks/disk-fixture.ts";
import { MAP_RECIPES } from "../../../../disks/map-recipes.ts";
import { takeAll } from "../../../../disks/maps/check-map.ts";

const KEPT = MAP_RECIPES.filter(({ isKept }) => isKept);
const RAW = "raw";
const CHUNK_BYTES = 4 * 1024 * 1024;

async function open(name: string) {
  const url = new URL(`../../../../disks/map-fixtures/${name}.disk`, import.meta.url);
  const reader = openFixture(decodeFixture(await readFile(url)));
  const opened = await openDiskMap(reader);
  if (opened.kind === "refused") throw new Error(JSON.stringify(opened.refusal));
  const { map } = opened;
  const footer = buildFixedFooter({
    diskBytes: map.paddedBytes,
    uuid: new Uint8Array(16),
    createdAt: new Date(0),
  });
  return { reader, map, footer, vhd: readAsFixedVhd(map, reader, unpackBlock, footer) };
}

/** SHA-256 of all sectors of the disk that are not blank, and of their numbers. */
async function hashOf(name: string): Promise<string> {
  const { map, vhd } = await open(name);
  const hash = createHash("sha256");
  for await (const { kind, guestOffset, length } of map.extents()) {
    if (kind === "zero") continue;
    for (let at = 0; at < length; at += CHUNK_BYTES) {
      const bytes = await vhd.read(guestOffset + at, Math.min(CHUNK_BYTES, length - at));
      for (let from = 0; from < bytes.length; from += SECTOR_BYTES) {
        const sector = bytes.subarray(from, from + SECTOR_BYTES);
        if (!isBlank(sector)) hash.update(String(guestOffset + at + from)).update(sector);
      }
    }
  }
  return hash.digest("hex");
}

const original = await hashOf(RAW);

describe("a file that qemu-img wrote", () => {
  it.each(KEPT)("$name has the disk's content, byte for byte", async ({ name, format }) => {
    const { map, vhd, footer } = await open(name);
    expect(map).toMatchObject({ format, virtualBytes: 49_284_608, paddedBytes: 48 * 2 ** 20 });
    expect(await hashOf(name)).toBe(original);
    expect(await vhd.read(vhd.length - 512, 512)).toEqual(footer);
  });

  it.each(KEPT)("$name is inspected as the VHD that it becomes", async ({ name }) => {
    const { vhd } = await open(name);
    expect(await inspectDisk(vhd, { role: "data" })).toMatchObject({
      format: "fixed VHD",
      virtualSize: 48 * 2 ** 20,
      partitionTable: "gpt",
      osType: "Linux",
      hyperVGeneration: null, // its EFI system partition has no loader
      problem: null,
      partitions: [{ fileSystem: "FAT" }, { fileSystem: "ext4" }].map(({ fileSystem }) => ({
        fileSystem: expect.stringContaining(fileSystem),
      })),
    });
  });

  it.each(KEPT)("$name is mapped from any offset on, cheaply", async ({ name }) => {
    const { map, reader } = await open(name);
    const whole = await takeAll(map.extents());
    const opening = { ...reader.count };
    for (const from of [512, 13 * 2 ** 20 + 512, 40 * 2 ** 20]) {
      const [first] = await takeAll(map.extents(from));
      const covering = whole.findLast(({ guestOffset }) => guestOffset <= from);
      expect(first?.kind).toBe(covering?.kind);
      if (first?.kind === "copy" && covering?.kind === "copy") {
        expect(first.fileOffset - first.guestOffset).toBe(
          covering.fileOffset - covering.guestOffset,
        );
      }
    }
    expect(reader.count.reads - opening.reads).toBeLessThanOrEqual(6);
  });
});
