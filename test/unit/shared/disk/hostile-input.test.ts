import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readImage } from "../../../../local/sample-vhds/index.ts";
import { DiskReadError, limitReader, READ_LIMITS } from "../../../../shared/disk/disk-reader.ts";
import { inspectDisk } from "../../../../shared/disk/inspect-disk.ts";
import { BlobChangedError } from "../../../../shared/errors.ts";
import { inspect, overwrite, readerOf, readerOfBytes, sample } from "./disk-readers.ts";

type Reads = readonly (readonly [offset: number, count: number])[];

function expectWithinBudget(reads: Reads, length: number): void {
  expect(reads.length).toBeLessThanOrEqual(READ_LIMITS.reads);
  expect(reads.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(READ_LIMITS.bytes);
  for (const [offset, count] of reads) {
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(count).toBeGreaterThan(0);
    expect(offset + count).toBeLessThanOrEqual(length);
  }
}

describe("inspectDisk", () => {
  it("finds something to say about any bytes, within the budget", async () => {
    const role = fc.constantFrom("os" as const, "data" as const);
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 70_000 }),
        fc.nat(1e9),
        role,
        async (bytes, more, as) => {
          const reader = readerOfBytes(bytes, bytes.length + more);

          const finding = await inspectDisk(reader, { role: as });

          expect(finding.problem).not.toBeNull();
          expectWithinBudget(reader.reads, reader.length);
        },
      ),
    );
  });

  it.each(["linux-hybrid", "linux-gen1", "windows-gen2"] as const)(
    "reads no more than it may of %s with any bytes of its structures overwritten",
    async (name) => {
      const image = sample(name);
      const starts = image.extents.flatMap(({ offset, bytes }) => [
        offset,
        offset + bytes.length - 512,
      ]);
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.tuple(
              fc.constantFrom(...starts),
              fc.nat(600),
              fc.uint8Array({ minLength: 1, maxLength: 64 }),
            ),
            { minLength: 1, maxLength: 5 },
          ),
          async (patches) => {
            const damaged = patches.reduce(
              (patched, [start, by, bytes]) => overwrite(patched, Math.max(0, start + by), bytes),
              image,
            );
            const reader = readerOf(damaged);

            await inspectDisk(reader, { role: "os" });

            expectWithinBudget(reader.reads, reader.length);
          },
        ),
        { numRuns: 200 },
      );
    },
  );

  it("notices any changed byte of a checksummed structure that it relies upon", async () => {
    const image = sample("linux-gen2");
    const disk = image.sizeBytes - 512;
    const spans: readonly (readonly [start: number, bytes: number])[] = [
      [512, 92], // primary header
      [1024, 128 * 128],
      [disk - 512, 92], // backup header
      [disk, 512], // footer
    ];
    // Entries that are blank are holes of the image: only what is there can be overwritten.
    const places = spans.map(([start, bytes]) => fc.nat(bytes - 1).map((by) => start + by));
    const sound = await inspect(image);
    expect([sound.problem, sound.warnings]).toEqual([null, []]);

    await fc.assert(
      fc.asyncProperty(fc.oneof(...places), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const [byte = 0] = readImage(image, at, 1);

        const { problem, warnings } = await inspect(
          overwrite(image, at, Uint8Array.of(byte ^ mask)),
        );

        expect([...warnings, ...(problem ? [problem.message] : [])]).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("passes the reader's own error on as it is", async () => {
    const changed = new BlobChangedError("osimage.vhd changed");
    const read = () => Promise.reject(changed);

    await expect(inspectDisk({ length: 4096, read }, { role: "os" })).rejects.toBe(changed);
  });

  it("reports a reader that gives fewer bytes than requested", async () => {
    const read = async (_: number, count: number) => new Uint8Array(count - 1);

    await expect(inspectDisk({ length: 4096, read }, { role: "os" })).rejects.toThrow(
      new DiskReadError(
        "requested 4096 bytes at offset 0, received 4095: the source is shorter than its length, or the read ended early",
      ),
    );
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "refuses the length %d",
    async (length) => {
      const read = async () => new Uint8Array();

      await expect(inspectDisk({ length, read }, { role: "os" })).rejects.toBeInstanceOf(
        DiskReadError,
      );
    },
  );
});

describe("limitReader", () => {
  it("gives null, and reads nothing, once the reads are used up", async () => {
    const reader = readerOfBytes(new Uint8Array(100_000));
    const limited = limitReader(reader);
    const offsets = Array.from({ length: READ_LIMITS.reads + 3 }, (_, index) => index * 1000);

    const read = await Promise.all(offsets.map((offset) => limited.read(offset, 10)));

    expect(read.filter((bytes) => bytes === null)).toHaveLength(3);
    expect(limited.spent()).toEqual({ reads: READ_LIMITS.reads, bytes: READ_LIMITS.reads * 10 });
  });

  it("gives null for more bytes than are left", async () => {
    const limited = limitReader(readerOfBytes(new Uint8Array(READ_LIMITS.bytes + 1)));

    expect(await limited.read(0, READ_LIMITS.bytes + 1)).toBeNull();
    expect(await limited.read(0, READ_LIMITS.bytes)).toHaveLength(READ_LIMITS.bytes);
    expect(await limited.read(READ_LIMITS.bytes, 1)).toBeNull();
  });

  it("reads nothing twice", async () => {
    const reader = readerOfBytes(Uint8Array.of(1, 2, 3, 4));
    const limited = limitReader(reader);
    await limited.read(0, 4);

    expect(await limited.read(1, 2)).toEqual(Uint8Array.of(2, 3));
    expect(reader.reads).toEqual([[0, 4]]);
  });

  it("cuts a range at the end, and gives null for one that begins beyond it", async () => {
    const limited = limitReader(readerOfBytes(Uint8Array.of(1, 2, 3, 4)));

    expect(await limited.read(2, 100)).toEqual(Uint8Array.of(3, 4));
    expect(await limited.read(4, 1)).toBeNull();
    expect(await limited.read(Number.POSITIVE_INFINITY, 1)).toBeNull();
    expect(await limited.read(0, 0)).toBeNull();
  });
});
