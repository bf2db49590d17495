import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFooter } from "../../../../../local/sample-vhds/footer.ts";
import { buildGpt } from "../../../../../local/sample-vhds/gpt.ts";
import { createSparseImage, type Extent } from "../../../../../local/sample-vhds/index.ts";
import { buildMbr } from "../../../../../local/sample-vhds/mbr.ts";
import {
  GPT_PARTITION_TYPES,
  MBR_PARTITION_TYPES,
} from "../../../../../shared/disk/table/partition-types.ts";
import { NOW } from "../../../../factories.ts";
import { GIB, inspect, overwrite } from "../disk-readers.ts";

const DISK_BYTES = 8 * GIB;
const GUID = "8f14e45f-ceea-467f-9575-6f1c6f4b3a10";
const FIRST_SECTOR = 2048;
const SECTOR_BYTES = 512;
const RUNS = { numRuns: 100 };

/** Free sectors before a partition, and its length: none overlaps another or leaves the disk. */
const place = fc.record({ gap: fc.nat(4096), sectorCount: fc.integer({ min: 1, max: 500_000 }) });
const gptType = fc.constantFrom(...Object.keys(GPT_PARTITION_TYPES), GUID);
const mbrType = fc.constantFrom(...Object.keys(MBR_PARTITION_TYPES).map(Number), 0xb7);
/** Without spaces at its ends, which nobody can see. */
const label = fc.stringMatching(/^[A-Za-z0-9_ü日-]{0,36}$/u);

/** The places one after the other, with the sector at which each begins. */
function layOut<Place extends { gap: number; sectorCount: number }>(places: readonly Place[]) {
  let next = FIRST_SECTOR;
  return places.map((one) => {
    const firstSector = next + one.gap;
    next = firstSector + one.sectorCount;
    return { ...one, firstSector };
  });
}

function vhdOf(tables: readonly Extent[]) {
  const fields = {
    virtualSizeBytes: DISK_BYTES,
    uuid: GUID,
    createdAt: NOW,
    type: "fixed",
  } as const;
  return createSparseImage(DISK_BYTES + SECTOR_BYTES, [
    ...tables,
    { offset: DISK_BYTES, bytes: buildFooter(fields) },
  ]);
}

describe("a partition table that was written", () => {
  it("is read back from a GPT, from its primary and from its backup", async () => {
    const partition = fc.tuple(place, gptType, label);
    const partitions = fc.array(partition, { minLength: 1, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(partitions, fc.boolean(), async (chosen, isDamaged) => {
        const laid = layOut(
          chosen.map(([where, typeGuid, name]) => ({ ...where, typeGuid, name })),
        );
        const written = laid.map((one) => ({ ...one, uniqueGuid: GUID }));
        const image = vhdOf(
          buildGpt({ diskBytes: DISK_BYTES, diskGuid: GUID, partitions: written }),
        );
        const found = await inspect(
          isDamaged ? overwrite(image, SECTOR_BYTES, new Uint8Array(SECTOR_BYTES)) : image,
        );

        expect(found.partitionTable).toBe("gpt");
        expect(found.partitions).toEqual(
          laid.map(({ typeGuid, sectorCount, name }) => ({
            type: GPT_PARTITION_TYPES[typeGuid]?.name ?? typeGuid,
            size: sectorCount * SECTOR_BYTES,
            fileSystem: null,
            ...(name !== "" && { label: name }),
          })),
        );
        expect(found.warnings.some((warning) => warning.includes("primary GPT is damaged"))).toBe(
          isDamaged,
        );
      }),
      RUNS,
    );
  });

  it("is read back from an MBR, with the logical partitions of an extended one", async () => {
    const partition = fc.record({ where: place, type: mbrType });
    const primaries = fc.array(partition, { minLength: 1, maxLength: 3 });
    const logicals = fc.array(partition, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(primaries, logicals, async (outer, inner) => {
        const laid = layOut([...outer, ...inner].map(({ where, type }) => ({ ...where, type })));
        const image = vhdOf(writeMbr(laid.slice(0, outer.length), laid.slice(outer.length)));

        const found = await inspect(image, "data");

        expect(found.partitionTable).toBe("mbr");
        expect(found.partitions).toEqual(
          laid.map(({ type, sectorCount }) => ({
            type: MBR_PARTITION_TYPES[type]?.name ?? "type 0xb7",
            size: sectorCount * SECTOR_BYTES,
            fileSystem: null,
          })),
        );
      }),
      RUNS,
    );
  });
});

interface Entry {
  readonly type: number;
  readonly firstSector: number;
  readonly sectorCount: number;
}

/** An MBR, and a chain of boot records in the sectors before the first partition. */
function writeMbr(primaries: readonly Entry[], logicals: readonly Entry[]): Extent[] {
  const active = false;
  const chainStart = 1000;
  const extended = {
    type: 0x0f,
    active,
    firstSector: chainStart,
    sectorCount: 2 ** 24 - chainStart,
  };
  const listed = primaries.map((entry) => ({ ...entry, active }));
  const records = logicals.map((entry, index) => {
    const record = chainStart + index;
    const isLast = index === logicals.length - 1;
    const own = { ...entry, active, firstSector: entry.firstSector - record };
    const next = { type: 0x05, active, firstSector: index + 1, sectorCount: 1 };
    return {
      offset: record * SECTOR_BYTES,
      bytes: buildMbr({ partitions: isLast ? [own] : [own, next] }),
    };
  });
  const partitions = logicals.length > 0 ? [...listed, extended] : listed;
  return [{ offset: 0, bytes: buildMbr({ partitions }) }, ...records];
}
