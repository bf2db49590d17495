import { describe, expect, it } from "vitest";
import { buildFooter } from "../../../../local/sample-vhds/footer.ts";
import { buildGpt, GPT_TYPES } from "../../../../local/sample-vhds/gpt.ts";
import { createSparseImage, type Extent } from "../../../../local/sample-vhds/index.ts";
import { buildMbr } from "../../../../local/sample-vhds/mbr.ts";
import { inspectDisk } from "../../../../shared/disk/inspect-disk.ts";
import { loadFixture, openFixture } from "../../../disks/disk-fixture.ts";
import { NOW } from "../../../factories.ts";
import { inspect, MIB } from "./disk-readers.ts";

const DISK_BYTES = 96 * MIB;
const UUID = "8f14e45f-ceea-467f-9575-6f1c6f4b3a10";
const ESP_SECTORS = 69_632;
const ESP_START = 2048;
const CODE = Buffer.from(
  "Invalid partition table Error loading operating system Missing operating system",
);

/** The EFI system partition, with its loader, that real tools made: what is kept of it. */
async function readEsp(sectors = 8192): Promise<Uint8Array> {
  const disk = openFixture(await loadFixture("boot-no-protective-mbr"));
  return disk.read(ESP_START * 512, sectors * 512);
}

function vhdOf(...extents: readonly Extent[]) {
  const footer = {
    virtualSizeBytes: DISK_BYTES,
    uuid: UUID,
    createdAt: NOW,
    type: "fixed",
  } as const;
  return createSparseImage(DISK_BYTES + 512, [
    ...extents,
    { offset: DISK_BYTES, bytes: buildFooter(footer) },
  ]);
}

function gptOf(...places: readonly (readonly [firstSector: number, sectorCount: number])[]) {
  return buildGpt({
    diskBytes: DISK_BYTES,
    diskGuid: UUID,
    partitions: places.map(([firstSector, sectorCount], index) => ({
      typeGuid: index === 0 ? GPT_TYPES.efiSystem : GPT_TYPES.linuxFilesystem,
      uniqueGuid: UUID,
      name: "",
      firstSector,
      sectorCount,
    })),
  });
}

const entry = (type: number, firstSector: number, sectorCount: number, active = false) => ({
  type,
  active,
  firstSector,
  sectorCount,
});

describe("a loader in a partition that firmware passes over", () => {
  it("is certain where nothing is wrong with its partition", async () => {
    const esp = { offset: ESP_START * 512, bytes: await readEsp() };
    const sound = gptOf([ESP_START, ESP_SECTORS], [71_680, 4096]);
    const { hyperVGeneration, certainty } = await inspect(vhdOf(...sound, esp));

    expect(hyperVGeneration).toBe("V2");
    expect(certainty.hyperVGeneration.confidence).toBe("high");
  });

  it.each([
    ["overlaps the next", [71_000, 4096]],
    ["lies around another", [4096, 64]],
  ] as const)("is not certain where it %s", async (_, other) => {
    const esp = { offset: ESP_START * 512, bytes: await readEsp() };
    const { certainty, excluded, warnings } = await inspect(
      vhdOf(...gptOf([ESP_START, ESP_SECTORS], [80_000, 64], other), esp),
    );

    expect(certainty.hyperVGeneration.confidence).not.toBe("high");
    expect(excluded.hyperVGeneration).not.toContain("V2");
    expect(warnings).toContainEqual(expect.stringMatching(/overlaps a partition before it$/));
  });

  it.each([
    ["begins before the sectors for partitions", "boot-before-the-usable-sectors"],
    ["is hidden from firmware by its attributes", "boot-no-block-io"],
  ])("is not certain where it %s, which OVMF does not start", async (_, name) => {
    const { certainty, hyperVGeneration, excluded, partitions, warnings } = await inspectDisk(
      openFixture(await loadFixture(name)),
      { role: "os" },
    );

    // The loader is there, and was seen: it is the place alone that makes the difference.
    expect(partitions.map(({ fileSystem, label }) => [fileSystem, label])).toEqual([
      ["FAT32", "EFI"],
    ]);
    expect([hyperVGeneration, certainty.hyperVGeneration.confidence]).toEqual(["V2", "medium"]);
    expect(certainty.hyperVGeneration.reason).toMatch(/FAT partition that firmware may ignore/);
    expect(excluded.hyperVGeneration).toEqual(["V1"]);
    expect(warnings.at(-1)).toMatch(/^a loader is in a FAT partition that firmware/);
  });
});

describe("code in sector 0 that says that nothing can be started", () => {
  const message = Buffer.from("This is not a bootable disk.", "latin1");
  const esp = { offset: ESP_START * 512 };
  const table = gptOf([ESP_START, ESP_SECTORS]);

  it("is taken for none where it is that of mkfs.vfat or mkntfs alone", async () => {
    const idle = Buffer.from("0e1fbe5b7cac22c0740b56b40ebb0700cd105eebf032e4cd16cd19ebfe", "hex");
    const bytes = await readEsp();
    const withCode = async (code: Uint8Array) =>
      inspect(
        vhdOf(
          ...table.map((part) =>
            part.offset === 0 ? { ...part, bytes: patch(part.bytes, code) } : part,
          ),
          { ...esp, bytes },
        ),
      );

    const harmless = await withCode(Buffer.concat([idle, message]));
    const unknown = await withCode(Buffer.concat([Buffer.from([0xfa, 0x31, 0xc0]), message]));

    expect(harmless.excluded.hyperVGeneration).toEqual(["V1"]);
    expect(unknown.excluded.hyperVGeneration).toEqual([]);
    expect(unknown.certainty.hyperVGeneration.confidence).toBe("medium");
  });
});

function patch(bytes: Uint8Array, code: Uint8Array): Uint8Array {
  const patched = Uint8Array.from(bytes);
  patched.set(code, 62);
  return patched;
}

describe("an MBR with chains that few tools write", () => {
  it("is followed through a second extended partition, and finds the loader in it", async () => {
    const mbr = buildMbr({ partitions: [entry(0x05, 2048, 4096), entry(0x0f, 8192, 80_000)] });
    const first = buildMbr({ partitions: [entry(0x83, 64, 128)] });
    const second = buildMbr({ partitions: [entry(0x0c, 2048, ESP_SECTORS)] });
    const { partitions, hyperVGeneration, excluded } = await inspect(
      vhdOf(
        { offset: 0, bytes: mbr },
        { offset: 2048 * 512, bytes: first },
        { offset: 8192 * 512, bytes: second },
        { offset: (8192 + 2048) * 512, bytes: await readEsp() },
      ),
    );

    expect(partitions.map(({ fileSystem }) => fileSystem)).toEqual([null, "FAT32"]);
    expect(hyperVGeneration).toBe("V2");
    expect(excluded.hyperVGeneration).not.toContain("V2");
  });

  it("is followed to every partition of one record", async () => {
    const mbr = buildMbr({ partitions: [entry(0x05, 2048, 80_000)] });
    const record = buildMbr({ partitions: [entry(0x83, 64, 128), entry(0x07, 512, 256)] });
    const { partitions } = await inspect(
      vhdOf({ offset: 0, bytes: mbr }, { offset: 2048 * 512, bytes: record }),
    );

    expect(partitions.map(({ size }) => size)).toEqual([128 * 512, 256 * 512]);
  });
});

describe("a mark for the whole disk beside an MBR", () => {
  const mbr = buildMbr({ partitions: [entry(0x07, 4096, 8192, true)], bootCode: CODE });
  const ntfs = Buffer.alloc(512);
  ntfs.write("NTFS    BOOTMGR is missing", 3, "latin1");
  ntfs.writeUInt16LE(512, 11);
  ntfs.writeUInt8(8, 13);
  ntfs.fill(0, 14, 21);
  ntfs.writeBigUInt64LE(8191n, 40);
  ntfs.write("BOOTMGR", 300, "latin1");
  const volume = { offset: 4096 * 512, bytes: ntfs };
  const raid = Buffer.alloc(256);
  raid.set([0xfc, 0x4e, 0x2b, 0xa9, 1]);
  raid.writeUInt32LE(8, 144);

  it("makes nothing certain, and says so", async () => {
    const alone = await inspect(vhdOf({ offset: 0, bytes: mbr }, volume));
    const beside = await inspect(
      vhdOf({ offset: 0, bytes: mbr }, { offset: 4096, bytes: raid }, volume),
    );

    expect(alone.certainty.osType.confidence).toBe("high");
    expect(beside.certainty.osType.confidence).toBe("low");
    expect(beside.excluded).toEqual({ osType: [], hyperVGeneration: [] });
    expect(beside.warnings).toContainEqual(
      expect.stringMatching(/whole-disk signature of MD RAID/),
    );
  });
});

describe("a GPT for sectors of 4096 bytes that is left over", () => {
  it("does not count where sector 0 was repartitioned", async () => {
    const header = Buffer.alloc(512);
    header.write("EFI PART", "latin1");
    header.writeUInt8(1, 24);
    const mbr = buildMbr({ partitions: [entry(0x83, 2048, 4096)] });
    const { partitionTable, warnings } = await inspect(
      vhdOf({ offset: 0, bytes: mbr }, { offset: 4096, bytes: header }),
    );

    expect(partitionTable).toBe("mbr");
    expect(warnings).not.toContainEqual(expect.stringMatching(/4096 bytes/));
  });
});

describe("a GPT of 2048 entries whose primary header is destroyed", () => {
  it("is read from its backup, and relied upon no more than the primary is", async () => {
    const disk = openFixture(await loadFixture("boot-2048-entries"));
    const damaged = {
      length: disk.length,
      read: async (offset: number, count: number): Promise<Uint8Array> => {
        const bytes = Uint8Array.from(await disk.read(offset, count));
        for (let at = Math.max(512, offset); at < Math.min(1024, offset + count); at++) {
          bytes[at - offset] = 0;
        }
        return bytes;
      },
    };
    const { partitions, certainty, warnings } = await inspectDisk(damaged, { role: "os" });

    expect(partitions.map(({ fileSystem }) => fileSystem)).toEqual(["FAT32"]);
    expect(certainty.hyperVGeneration.confidence).toBe("low");
    expect(warnings).toEqual([expect.stringMatching(/has room for 2048 entries/)]);
  });
});
