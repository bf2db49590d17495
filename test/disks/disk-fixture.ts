import { open, readFile } from "node:fs/promises";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { isBlank } from "../../shared/disk/bytes.ts";
import type { DiskReader } from "../../shared/disk/disk-reader.ts";
import type { DiskRecipe } from "./recipes/recipe.ts";

const SECTOR_BYTES = 512;
const CHUNK_BYTES = 1024 * SECTOR_BYTES;

/** A disk that tools wrote: only its sectors that are not zero, and where they came from. */
export interface DiskFixture {
  readonly name: string;
  readonly role: DiskRecipe["role"];
  /** Command and first line of its version, or the package that it came in. */
  readonly tools: Readonly<Record<string, string>>;
  readonly script: string;
  /** Bytes of the file. */
  readonly length: number;
  /** First sector and number of sectors of each run, in order. */
  readonly runs: readonly (readonly [first: number, count: number])[];
  /** The bytes of all runs, one after the other. */
  readonly sectors: Uint8Array;
  /** The only sectors that were kept, blank ones included, of a disk that is too large to keep whole. */
  readonly kept?: readonly (readonly [first: number, count: number])[];
}

/**
 * A fixture as a file: one line of JSON, which `head -1` shows, then the sectors in raw deflate.
 */
export function encodeFixture({ sectors, ...header }: DiskFixture): Buffer {
  const packed = deflateRawSync(sectors, { level: 9 });
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), packed]);
}

/** The fixture in a file that {@link encodeFixture} made. */
export function decodeFixture(file: Buffer): DiskFixture {
  const end = file.indexOf("\n");
  const header = JSON.parse(file.toString("utf8", 0, end)) as Omit<DiskFixture, "sectors">;
  return { ...header, sectors: inflateRawSync(file.subarray(end + 1)) };
}

/** Reads the non-zero sectors of a file. The last one may be cut; it is kept filled up with zeros. */
export async function packDisk(
  path: string,
): Promise<Pick<DiskFixture, "length" | "runs" | "sectors">> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const runs: [number, number][] = [];
    const kept: Uint8Array[] = [];
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let offset = 0; offset < size; offset += CHUNK_BYTES) {
      chunk.fill(0);
      await file.read(chunk, 0, CHUNK_BYTES, offset);
      if (isBlank(chunk)) continue;
      keepSectors(chunk, offset / SECTOR_BYTES, runs, kept);
    }
    return { length: size, runs, sectors: Buffer.concat(kept) };
  } finally {
    await file.close();
  }
}

function keepSectors(
  chunk: Buffer,
  first: number,
  runs: [number, number][],
  kept: Uint8Array[],
): void {
  for (let index = 0; index * SECTOR_BYTES < chunk.length; index++) {
    const sector = chunk.subarray(index * SECTOR_BYTES, (index + 1) * SECTOR_BYTES);
    if (isBlank(sector)) continue;
    kept.push(Buffer.from(sector));
    const last = runs.at(-1);
    if (last && last[0] + last[1] === first + index) last[1] += 1;
    else runs.push([first + index, 1]);
  }
}

/** A reader over a fixture, and a count of what was read through it. */
export interface CountingReader extends DiskReader {
  readonly count: { reads: number; bytes: number };
}

/** Gives a fixture's disk back, its holes filled with zeros. */
export function openFixture({ length, runs, sectors, kept }: DiskFixture): CountingReader {
  const places = placeRuns(runs);
  const isKept = (sector: number): boolean =>
    kept === undefined || kept.some(([first, count]) => first <= sector && sector < first + count);
  const count = { reads: 0, bytes: 0 };
  return {
    length,
    count,
    read: async (offset, bytes) => {
      count.reads += 1;
      count.bytes += bytes;
      for (let at = Math.floor(offset / SECTOR_BYTES); at * SECTOR_BYTES < offset + bytes; at++) {
        if (!isKept(at)) throw new Error(`sector ${at} of this disk was not kept`);
      }
      const result = new Uint8Array(bytes);
      for (const { start, end, position } of places) {
        const from = Math.max(start, offset);
        const to = Math.min(end, offset + bytes);
        if (from >= to) continue;
        result.set(sectors.subarray(position + from - start, position + to - start), from - offset);
      }
      return result;
    },
  };
}

function placeRuns(runs: DiskFixture["runs"]) {
  let position = 0;
  return runs.map(([first, count]) => {
    const start = first * SECTOR_BYTES;
    const place = { start, end: start + count * SECTOR_BYTES, position };
    position += count * SECTOR_BYTES;
    return place;
  });
}

/** Reads the fixture of this name. */
export async function loadFixture(name: string): Promise<DiskFixture> {
  return decodeFixture(await readFile(new URL(`./fixtures/${name}.disk`, import.meta.url)));
}

/** Writes a fixture's disk into a file; what is not kept stays a hole. */
export async function unpackDisk(fixture: DiskFixture, path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.truncate(fixture.length);
    for (const { start, end, position } of placeRuns(fixture.runs)) {
      await file.write(fixture.sectors, position, end - start, start);
    }
  } finally {
    await file.close();
  }
}

/** Packs these parts of a disk that is too large to keep whole; a read of any other will fail. */
export async function packRanges({
  length,
  read,
  reads,
}: DiskReader & { readonly reads: readonly (readonly [offset: number, count: number])[] }): Promise<
  Pick<DiskFixture, "length" | "runs" | "sectors" | "kept">
> {
  const wanted = new Set<number>();
  for (const [offset, count] of reads) {
    const end = Math.ceil((offset + count) / SECTOR_BYTES);
    for (let at = Math.floor(offset / SECTOR_BYTES); at < end; at++) wanted.add(at);
  }
  const kept: [number, number][] = [];
  for (const sector of [...wanted].sort((a, b) => a - b)) {
    const last = kept.at(-1);
    if (last && last[0] + last[1] === sector) last[1] += 1;
    else kept.push([sector, 1]);
  }
  const runs: [number, number][] = [];
  const sectors: Uint8Array[] = [];
  for (const [first, count] of kept) {
    const bytes = Buffer.from(await read(first * SECTOR_BYTES, count * SECTOR_BYTES));
    keepSectors(bytes, first, runs, sectors);
  }
  return { length, runs, sectors: Buffer.concat(sectors), kept };
}
