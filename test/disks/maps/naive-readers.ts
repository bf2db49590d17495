import { crc32c } from "../../../shared/disk/crc32c.ts";
import { readFooter } from "../../../shared/disk/format/footer.ts";

/** Bytes of a file, zeros beyond its end. */
export type Get = (offset: number, count: number) => DataView;

/** Where a byte of the disk is: its place in the file, `zero`, or the place of its packed block. */
export type Place = number | "zero" | { readonly packed: number };

/** A reader without checks and without thought of cost: each byte's place by the tables alone. */
export type NaiveReader = (get: Get, length: number) => (guest: number) => Place;

const u64 = (view: DataView, little: boolean): bigint => view.getBigUint64(0, little);

export const naiveVhd: NaiveReader = (get, length) => {
  const end = get(length - 512, 512);
  const footer = readFooter(new Uint8Array(end.buffer, end.byteOffset, 512));
  const isRight = footer.kind === "footer" && footer.checksumMatches;
  const at = Number(u64(isRight ? get(length - 512 + 16, 8) : get(16, 8), false));
  const table = Number(u64(get(at + 16, 8), false));
  const block = get(at + 32, 4).getUint32(0);
  const bitmap = Math.ceil(block / 512 / 8 / 512) * 512;
  return (guest) => {
    const entry = get(table + 4 * Math.floor(guest / block), 4).getUint32(0);
    return entry === 0xffff_ffff ? "zero" : entry * 512 + bitmap + (guest % block);
  };
};

export const naiveVdi: NaiveReader = (get) => {
  const at = (offset: number): number => get(offset, 4).getUint32(0, true);
  const block = at(0x178);
  return (guest) => {
    const entry = at(at(0x154) + 4 * Math.floor(guest / block));
    if (entry >= 0xffff_fffe) return "zero";
    return at(0x158) + entry * (block + at(0x17c)) + at(0x17c) + (guest % block);
  };
};

const MIB = 1024 * 1024;

export const naiveVhdx: NaiveReader = (get) => {
  const isBat = (offset: number): boolean => get(offset, 4).getUint32(0, true) === 0x2dc2_7766;
  const first = get(196_608, 65_536);
  const isRight = first.getUint32(4, true) === crc32c(new Uint8Array(first.buffer), 4);
  const regions = [0, 1].map((index) => (isRight ? 196_608 : 262_144) + 16 + 32 * index);
  const batAt = regions.find(isBat) ?? 0;
  const metadataAt = regions.find((at) => !isBat(at)) ?? 0;
  const bat = Number(u64(get(batAt + 16, 8), true));
  const metadata = Number(u64(get(metadataAt + 16, 8), true));
  const parameters = [1, 2, 3].find(
    (index) => get(metadata + 32 * index, 4).getUint32(0, true) === 0xcaa1_6737,
  );
  const item = metadata + get(metadata + 32 * (parameters ?? 1) + 16, 4).getUint32(0, true);
  const block = get(item, 4).getUint32(0, true);
  const ratio = (2 ** 23 * 512) / block;
  return (guest) => {
    const index = Math.floor(guest / block);
    const entry = u64(get(bat + 8 * (index + Math.floor(index / ratio)), 8), true);
    if ((entry & 7n) !== 6n) return "zero";
    return Number(entry >> 20n) * MIB + (guest % block);
  };
};

export const naiveQcow2: NaiveReader = (get) => {
  const bits = BigInt(get(20, 4).getUint32(0));
  const cluster = 1 << Number(bits);
  const l1 = Number(u64(get(40, 8), false));
  const isV3 = get(4, 4).getUint32(0) === 3;
  const OFFSET = 0x00ff_ffff_ffff_fe00n;
  return (guest) => {
    const index = Math.floor(guest / cluster);
    const entries = cluster / 8;
    const l2 = u64(get(l1 + 8 * Math.floor(index / entries), 8), false) & OFFSET;
    if (l2 === 0n) return "zero";
    const entry = u64(get(Number(l2) + 8 * (index % entries), 8), false);
    if (((entry >> 62n) & 1n) === 1n) {
      return { packed: Number(entry & ((1n << (62n - (bits - 8n))) - 1n)) };
    }
    const offset = entry & OFFSET;
    if (offset === 0n || (isV3 && (entry & 1n) === 1n)) return "zero";
    return Number(offset) + (guest % cluster);
  };
};

export const naiveVmdk: NaiveReader = (get, length) => {
  const isStream = (get(8, 4).getUint32(0, true) & 0x1_0000) !== 0;
  const isAtEnd = u64(get(56, 8), true) === 0xffff_ffff_ffff_ffffn;
  const header = isAtEnd ? length - 1024 : 0;
  const grain = Number(u64(get(header + 20, 8), true)) * 512;
  const directory = Number(u64(get(header + 56, 8), true)) * 512;
  const hasZero = (get(header + 8, 4).getUint32(0, true) & 4) !== 0;
  return (guest) => {
    const index = Math.floor(guest / grain);
    const table = get(directory + 4 * Math.floor(index / 512), 4).getUint32(0, true) * 512;
    if (table === 0) return "zero";
    const entry = get(table + 4 * (index % 512), 4).getUint32(0, true);
    if (entry === 0 || (entry === 1 && hasZero)) return "zero";
    return isStream ? { packed: entry * 512 } : entry * 512 + (guest % grain);
  };
};
