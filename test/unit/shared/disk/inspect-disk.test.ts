import { describe, expect, it } from "vitest";
import { buildFooter } from "../../../../local/sample-vhds/footer.ts";
import { buildGpt, GPT_TYPES } from "../../../../local/sample-vhds/gpt.ts";
import {
  createSparseImage,
  readImage,
  type SparseImage,
} from "../../../../local/sample-vhds/index.ts";
import { buildMbr } from "../../../../local/sample-vhds/mbr.ts";
import { inspectDisk } from "../../../../shared/disk/inspect-disk.ts";
import { findDiskSizeProblem } from "../../../../shared/disk/size-limits.ts";
import { NOW } from "../../../factories.ts";
import { GIB, inspect, MIB, overwrite, readerOf, sample } from "./disk-readers.ts";

/** A superblock of version 1 that says in which sector it is. */
function mdSuperblock(sector: number): string {
  const superblock = Buffer.alloc(256);
  superblock.set([0xfc, 0x4e, 0x2b, 0xa9, 1]);
  superblock.writeUInt32LE(sector, 144);
  return superblock.toString("latin1");
}

/** A fixed VHD of 64 MiB with these bytes on it. */
function vhdWith(...extents: readonly { offset: number; bytes: Uint8Array }[]) {
  const virtualSizeBytes = 64 * MIB;
  const uuid = "8f14e45f-ceea-467f-9575-6f1c6f4b3a10";
  const footer = buildFooter({ virtualSizeBytes, uuid, createdAt: NOW, type: "fixed" });
  return createSparseImage(virtualSizeBytes + 512, [
    ...extents,
    { offset: virtualSizeBytes, bytes: footer },
  ]);
}

describe("the sample disks of the local world", () => {
  it.each([
    ["linux-gen2", "os", "Linux", "V2", "x64"],
    ["linux-gen1", "os", "Linux", "V1", "x64"],
    ["linux-hybrid", "os", "Linux", "both", "x64"],
    ["windows-gen2", "os", "Windows", "V2", "x64"],
    ["windows-gen1", "os", "Windows", "V1", "x64"],
    ["data-ext4", "data", "Linux", null, null],
    ["data-ntfs", "data", "Windows", null, null],
  ] as const)("%s", async (name, role, osType, hyperVGeneration, architecture) => {
    expect(await inspect(sample(name), role)).toMatchObject({
      format: "fixed VHD",
      virtualSize: 2 * GIB,
      osType,
      hyperVGeneration,
      architecture,
      problem: null,
      warnings: [],
      mayBeUnfinished: false,
    });
  });
});

describe("a reader that gives Buffers", () => {
  it.each(["linux-gen2", "windows-gen1"] as const)(
    "finds the same on %s, though a Buffer's slice is not a copy",
    async (name) => {
      const plain = readerOf(sample(name));
      const read = async (offset: number, count: number) =>
        Buffer.from(await plain.read(offset, count));

      expect(await inspectDisk({ length: plain.length, read }, { role: "os" })).toEqual(
        await inspect(sample(name)),
      );
    },
  );
});

describe("a disk in parallel", () => {
  it("is read at both ends before anything else is known", async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const image = sample("linux-gen2");
    const asked: number[] = [];
    const read = async (offset: number, count: number): Promise<Uint8Array> => {
      asked.push(offset);
      await gate;
      return readImage(image, offset, count);
    };

    const finding = inspectDisk({ length: image.sizeBytes, read }, { role: "os" });
    await Promise.resolve();

    expect(asked).toEqual([0, image.sizeBytes - 2 * 512]);
    release();
    expect((await finding).problem).toBeNull();
  });
});

describe("a GPT", () => {
  const zeros = (sectors: number) => new Uint8Array(sectors * 512);

  it("is read from its backup when the primary is gone", async () => {
    const { partitions, warnings, confidence } = await inspect(
      overwrite(sample("linux-gen2"), 512, zeros(33)),
    );

    expect(partitions).toHaveLength(2);
    expect(confidence).toBe("high");
    expect(warnings).toEqual([expect.stringMatching(/^the primary GPT is damaged \(no header\)/)]);
  });

  it("is not relied upon when both copies are damaged", async () => {
    const image = sample("linux-gen2");
    const broken = overwrite(
      overwrite(image, 1024 + 60, Uint8Array.of(1)),
      image.sizeBytes - 1024 + 20,
      Uint8Array.of(1),
    );

    const { hyperVGeneration, confidence, warnings } = await inspect(broken);

    expect({ hyperVGeneration, confidence }).toEqual({ hyperVGeneration: "V2", confidence: "low" });
    expect(warnings).toEqual([
      "both copies of the GPT are damaged (checksum of the entries; backup: checksum of the header); what they say is not relied upon",
    ]);
  });

  it("is not relied upon when the entries of both copies are damaged", async () => {
    const image = sample("linux-gen2");
    const changed = Uint8Array.of(1);
    const entries = image.sizeBytes - 512 - 33 * 512;
    const broken = overwrite(overwrite(image, 1024 + 60, changed), entries + 60, changed);

    const { confidence, warnings } = await inspect(broken);

    expect(confidence).toBe("low");
    expect(warnings).toEqual([
      "both copies of the GPT are damaged (checksum of the entries; backup: checksum of the entries); what they say is not relied upon",
    ]);
  });

  it("whose primary is intact does not cost a read of the backup's entries", async () => {
    const reader = readerOf(sample("linux-gen2"));

    await inspectDisk(reader, { role: "os" });

    const entries = reader.length - 512 - 33 * 512;
    expect(reader.reads.filter(([at, count]) => at + count > entries)).toEqual([
      [reader.length - 1024, 1024],
    ]);
  });

  it("is ignored when the MBR lists partitions of its own", async () => {
    const mbr = buildMbr({
      partitions: [{ type: 0x83, active: true, firstSector: 2048, sectorCount: 4096 }],
    });

    const { partitionTable, warnings } = await inspect(overwrite(sample("linux-gen2"), 0, mbr));

    expect(partitionTable).toBe("mbr");
    expect(warnings).toContainEqual(expect.stringMatching(/^a GPT of an earlier partitioning/));
  });

  it("for large sectors is distinguished from no table at all", async () => {
    const header = Buffer.alloc(512);
    header.write("EFI PART", "latin1");
    header.writeUInt8(1, 24); // it says that it is in sector 1
    const { warnings, excluded } = await inspect(vhdWith({ offset: 4096, bytes: header }));

    expect(excluded.hyperVGeneration).toEqual(["V1", "V2"]);
    expect(warnings).toContainEqual(expect.stringMatching(/sectors of 4096 bytes/));
  });
});

describe("an MBR", () => {
  const entry = (type: number, firstSector: number, sectorCount: number) => ({
    type,
    active: false,
    firstSector,
    sectorCount,
  });

  it("of a GPT disk without a GPT says that one is missing", async () => {
    const mbr = buildMbr({ partitions: [entry(0xee, 1, 1000)] });

    const { partitions, warnings } = await inspect(vhdWith({ offset: 0, bytes: mbr }));

    expect(partitions).toEqual([]);
    expect(warnings).toContain("the MBR is that of a GPT disk, but there is no GPT");
  });

  it("with an extended partition that leads back to itself ends", async () => {
    const mbr = buildMbr({ partitions: [entry(0x05, 2048, 8192)] });
    const loop = buildMbr({ partitions: [entry(0x83, 64, 128), entry(0x05, 0, 8192)] });

    const image = vhdWith({ offset: 0, bytes: mbr }, { offset: 2048 * 512, bytes: loop });
    const { partitions, warnings } = await inspect(image);

    expect(partitions).toEqual([{ type: "Linux", size: 128 * 512, fileSystem: null }]);
    expect(warnings).toContainEqual(expect.stringMatching(/^the extended partition holds more/));
  });

  it("with a long chain of logical partitions is followed for three links", async () => {
    const mbr = buildMbr({ partitions: [entry(0x0f, 2048, 60_000)] });
    const records = Array.from({ length: 8 }, (_, index) => ({
      offset: (2048 + index * 2048) * 512,
      bytes: buildMbr({
        partitions: [entry(0x83, 64, 128), entry(0x05, (index + 1) * 2048, 2048)],
      }),
    }));
    const reader = readerOf(vhdWith({ offset: 0, bytes: mbr }, ...records));

    const { partitions, warnings } = await inspectDisk(reader, { role: "data" });

    expect(partitions).toHaveLength(3);
    expect(warnings).toContainEqual(expect.stringMatching(/^the extended partition holds more/));
  });

  it("with impossible places says so", async () => {
    const mbr = buildMbr({
      partitions: [entry(0x83, 0, 64), entry(0x83, 2048, 4096), entry(0x83, 4096, 2 ** 31)],
    });

    const { partitions, warnings } = await inspect(vhdWith({ offset: 0, bytes: mbr }), "data");

    expect(partitions).toHaveLength(2);
    expect(warnings).toEqual([
      "partition 1 has an impossible place and is left out",
      "partition 3 ends beyond the end of the disk",
      "partition 3 overlaps a partition before it",
    ]);
  });
});

describe("a disk with more partitions than the budget covers", () => {
  const guid = "8f14e45f-ceea-467f-9575-6f1c6f4b3a10";
  const manyPartitions = (typeGuid: string, length = 14) => {
    const partitions = Array.from({ length }, (_, index) => ({
      typeGuid: index === 0 ? GPT_TYPES.efiSystem : typeGuid,
      uniqueGuid: guid,
      firstSector: 2048 * (index + 1),
      sectorCount: 1024 + index,
      name: "",
    }));
    return vhdWith(...buildGpt({ diskBytes: 64 * MIB, diskGuid: guid, partitions }));
  };

  it("names how many were not examined", async () => {
    const reader = readerOf(manyPartitions(GPT_TYPES.linuxFilesystem));

    const { warnings, certainty } = await inspectDisk(reader, { role: "os" });

    expect(reader.reads.length).toBeLessThanOrEqual(12);
    expect(warnings).toContain("8 partitions were not examined: the read budget ended");
    expect(certainty.osType.confidence).toBe("medium"); // the type says Linux, the content nothing
  });

  it("lists the first sixteen", async () => {
    const { partitions, warnings } = await inspect(manyPartitions(GPT_TYPES.linuxFilesystem, 20));

    expect(partitions).toHaveLength(16);
    expect(warnings).toContain("20 partitions; the first 16 are listed");
  });

  it("is not certain of its system when their types do not say it either", async () => {
    const { osType, certainty } = await inspect(manyPartitions(GPT_TYPES.microsoftBasicData));

    expect([osType, certainty.osType.confidence]).toEqual([null, "low"]);
  });
});

describe("a volume", () => {
  const at = (offset: number, bytes: Uint8Array | string) => {
    const size = Math.max(512, offset + bytes.length);
    const volume = Buffer.alloc(size);
    volume.set(Buffer.from(bytes as string, "latin1"), offset);
    return { offset: 0, bytes: volume };
  };

  it.each([
    ["BitLocker", "Windows", at(3, "-FVE-FS-")],
    ["ReFS", "Windows", at(3, "ReFS\0")],
    ["MD RAID", "Linux", at(0, mdSuperblock(0))],
    ["MD RAID", "Linux", at(0x1000, mdSuperblock(8))],
    ["LUKS1", "Linux", at(0, "LUKS\xba\xbe\0\x01")],
  ] as const)("of the kind %s is of %s", async (name, osType, extent) => {
    const finding = await inspect(vhdWith(extent));

    expect(finding).toMatchObject({ partitionTable: "none", osType });
    expect(finding.reasons).toContain(`perhaps ${osType}: ${name}, but nothing that starts it`);
  });
});

/** The extents without the last bytes of the last one, the footer. */
function cutLast(extents: SparseImage["extents"], missing: number): SparseImage["extents"] {
  return extents.map((extent, index) =>
    index === extents.length - 1
      ? { ...extent, bytes: extent.bytes.subarray(0, -missing) }
      : extent,
  );
}

describe("a file that is not a VHD", () => {
  const blank = (length: number) => createSparseImage(length, []);

  it.each([2, 100, 456])("is a VHD that lacks the last %i bytes of its footer", async (missing) => {
    const { sizeBytes, extents } = sample("linux-gen2");

    expect(
      await inspect(createSparseImage(sizeBytes - missing, cutLast(extents, missing))),
    ).toMatchObject({
      format: "VHD cut short",
      virtualSize: 2 * GIB,
      mayBeUnfinished: false,
      problem: {
        code: "InvalidVhd",
        message: `is cut short: it ends within the footer, of which ${missing} bytes are missing`,
      },
    });
  });

  it("may still be being uploaded when its end is blank", async () => {
    expect(await inspect(blank(2 * GIB + 512))).toMatchObject({
      format: "empty",
      mayBeUnfinished: true,
      problem: { code: "InvalidVhd" },
    });
    const { sizeBytes, extents } = sample("linux-gen2");
    const unfinished = createSparseImage(sizeBytes, extents.slice(0, -1));
    expect(await inspect(unfinished)).toMatchObject({ format: "raw disk", mayBeUnfinished: true });
  });

  it("ends the wait when its format is known, whatever its end", async () => {
    const qcow2 = Buffer.concat([
      Buffer.from("QFI\xfb\0\0\0\x03", "latin1"),
      Buffer.alloc(16),
      Buffer.alloc(8, 1),
    ]);
    const image = createSparseImage(GIB, [{ offset: 0, bytes: qcow2 }]);

    expect(await inspect(image)).toMatchObject({
      format: "qcow2",
      mayBeUnfinished: false,
      virtualSize: null,
    });
  });

  it("is asked to be made whole MiB before it is converted", async () => {
    const header = Buffer.alloc(512);
    header.write("QFI\xfb\0\0\0\x03", "latin1");
    header.writeBigUInt64BE(BigInt(GIB + 512), 24);

    const { problem } = await inspect(createSparseImage(MIB, [{ offset: 0, bytes: header }]));

    expect(problem?.fix).toContain(
      `\n  qemu-img convert -f qcow2 -O raw {FILE} {RAW}\n  qemu-img resize -q -f raw {RAW} ${GIB + MIB}\n`,
    );
  });

  it.each([0, 1, 511, 512, 513])("and has %i bytes is distinguished from one", async (length) => {
    expect(await inspect(blank(length))).toMatchObject({
      format: "empty",
      problem: {
        code: "InvalidVhd",
        message: "has no VHD footer, and its beginning and its end are blank",
      },
    });
  });
});

describe("the size of a disk", () => {
  const TIB = 1024 * GIB;

  it.each([
    { role: "os", generation: "V1", table: "gpt", limit: 2 * TIB },
    { role: "os", generation: null, table: "mbr", limit: 2 * TIB },
    { role: "os", generation: "V2", table: "gpt", limit: 4095 * GIB },
    { role: "data", generation: null, table: "gpt", limit: 8 * TIB - MIB },
  ] as const)("as $role disk of generation $generation with $table ends at $limit", (facts) => {
    const { limit, ...kind } = facts;

    expect(findDiskSizeProblem({ ...kind, virtualSize: limit })).toBeNull();
    expect(findDiskSizeProblem({ ...kind, virtualSize: limit + MIB })).toMatchObject({
      code: "VHDSizeInvalid",
      message: expect.stringContaining(`may have at most ${limit} bytes`),
    });
  });

  it("is compared with the requested generation", async () => {
    const virtualSizeBytes = 3 * TIB;
    const uuid = "8f14e45f-ceea-467f-9575-6f1c6f4b3a10";
    const footer = buildFooter({ virtualSizeBytes, uuid, createdAt: NOW, type: "fixed" });
    const image = createSparseImage(virtualSizeBytes + 512, [
      { offset: virtualSizeBytes, bytes: footer },
    ]);

    const asked = (generation: "V1" | "V2") =>
      inspectDisk(readerOf(image), { role: "os", generation });

    expect((await asked("V1")).problem?.message).toMatch(
      /an OS disk of generation 1 may have at most/,
    );
    expect((await asked("V2")).problem).toBeNull();
  });
});
