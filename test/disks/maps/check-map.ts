import { deepStrictEqual, ok } from "node:assert/strict";
import type { DiskReader } from "../../../shared/disk/disk-reader.ts";
import type { DiskMap, Extent } from "../../../shared/disk/maps/extent.ts";
import { openDiskMap } from "../../../shared/disk/maps/open-disk-map.ts";
import { type Refusal, RefusedDiskError } from "../../../shared/disk/maps/refusal.ts";
import type { Get, NaiveReader, Place } from "./naive-readers.ts";

/** A file in memory that counts what is read, and refuses reads outside of it. */
export interface CountedFile {
  readonly reader: DiskReader;
  readonly get: Get;
  readonly spent: { reads: number; bytes: number };
}

/** Wraps the bytes of a file. */
export function countFile(bytes: Uint8Array): CountedFile {
  const spent = { reads: 0, bytes: 0 };
  const read = async (offset: number, count: number): Promise<Uint8Array> => {
    ok(Number.isSafeInteger(offset) && offset >= 0 && count > 0, `${count} bytes at ${offset}`);
    ok(offset + count <= bytes.length, `${count} bytes at ${offset} of ${bytes.length}`);
    spent.reads += 1;
    spent.bytes += count;
    return bytes.subarray(offset, offset + count);
  };
  const get: Get = (offset, count) => {
    const part = new Uint8Array(count);
    if (offset >= 0 && offset < bytes.length) part.set(bytes.subarray(offset, offset + count));
    return new DataView(part.buffer);
  };
  return { reader: { length: bytes.length, read }, get, spent };
}

/** What a map came to: its extents, or why there is none. */
export type MapOutcome =
  | { readonly kind: "map"; readonly map: DiskMap; readonly extents: readonly Extent[] }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** All extents of an iteration. */
export async function takeAll(extents: AsyncIterable<Extent>): Promise<readonly Extent[]> {
  const taken: Extent[] = [];
  for await (const extent of extents) taken.push(extent);
  return taken;
}

/** Opens a file, surveys it, and takes all extents. */
export async function mapFile(reader: DiskReader): Promise<MapOutcome> {
  const opened = await openDiskMap(reader);
  if (opened.kind === "refused") return opened;
  try {
    await opened.map.survey();
    const extents = await takeAll(opened.map.extents());
    return { kind: "map", map: opened.map, extents };
  } catch (error) {
    if (error instanceof RefusedDiskError) return { kind: "refused", refusal: error.refusal };
    throw error;
  }
}

/** What holds for every file that has a map: no gap, no more bytes than the file has, none of them twice. */
export function expectSoundExtents(
  extents: readonly Extent[],
  map: DiskMap,
  fileLength: number,
): void {
  let next = 0;
  for (const { guestOffset, length } of extents) {
    deepStrictEqual(guestOffset, next);
    ok(length > 0);
    next += length;
  }
  deepStrictEqual(next, map.paddedBytes);
  ok(map.paddedBytes % 2 ** 20 === 0 && map.paddedBytes - map.virtualBytes < 2 ** 20);
  const copies = extents
    .filter((extent) => extent.kind === "copy")
    .toSorted((a, b) => a.fileOffset - b.fileOffset);
  let end = 0;
  for (const { fileOffset, length } of copies) {
    ok(fileOffset >= end, `bytes of the file from ${fileOffset} on are copied twice`);
    end = fileOffset + length;
  }
  ok(end <= fileLength);
}

/** Compares extents with a reader that looks up single bytes: at both ends of each, and in the middle. */
export function expectSamePlaces(
  extents: readonly Extent[],
  virtualBytes: number,
  locate: (guest: number) => Place,
): void {
  for (const extent of extents) {
    const end = Math.min(extent.guestOffset + extent.length, virtualBytes);
    const points = [extent.guestOffset, Math.floor((extent.guestOffset + end) / 2), end - 1];
    for (const point of points.filter((at) => at >= extent.guestOffset && at < virtualBytes)) {
      deepStrictEqual(placeOf(extent, point), locate(point), `byte ${point} of the disk`);
    }
  }
}

function placeOf(extent: Extent, guest: number): Place {
  if (extent.kind === "zero") return "zero";
  if (extent.kind === "compressed") return { packed: extent.fileOffset };
  return extent.fileOffset + guest - extent.guestOffset;
}

/** Most that the map of a small file may cost, its length apart. */
const MAX_READS = 4_000;
const EXTRA_BYTES = 4 * 2 ** 20;

/**
 * What must hold for any bytes: refused with words, or a sound map that agrees with the naive reader from
 * any offset on, at a bounded cost.
 */
export async function checkAnyFile(
  bytes: Uint8Array,
  format: string,
  naive: NaiveReader,
  share: number,
): Promise<MapOutcome> {
  const { reader, get, spent } = countFile(bytes);
  const outcome = await mapFile(reader);
  ok(spent.reads <= MAX_READS, `${spent.reads} reads`);
  ok(spent.bytes <= 8 * bytes.length + EXTRA_BYTES, `${spent.bytes} bytes read`);
  if (outcome.kind === "refused") {
    const { message, fix, offset } = outcome.refusal;
    ok(message !== "" && fix !== "" && !/[^\P{Cc}\n]|NaN|undefined|Infinity/u.test(message + fix));
    ok(offset === null || (offset >= 0 && offset <= bytes.length), `offset ${offset}`);
    return outcome;
  }
  const { map, extents } = outcome;
  expectSoundExtents(extents, map, bytes.length);
  if (map.format !== format) return outcome;
  const locate = naive(get, bytes.length);
  expectSamePlaces(extents, map.virtualBytes, locate);
  const from = Math.floor(share * map.virtualBytes);
  const rest = await takeAll(map.extents(from));
  ok(rest[0] !== undefined && rest[0].guestOffset <= from);
  expectSamePlaces(rest, map.virtualBytes, locate);
  return outcome;
}
