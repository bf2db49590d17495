import type { AppCosts } from "./measure-app.ts";
import type { MapCosts } from "./measure-map.ts";

const MIB = 1024 * 1024;

/** What the figures must not exceed. */
export const BOUNDS = {
  /** To map a VHDX of 1 TiB with 20 GiB of data. */
  mapReads: 12,
  mapBytes: 500_000,
  /** Bytes of the disk through the app, where nothing is compressed. */
  passedBytes: 0,
  /** Resident memory of the app during a conversion, above that before it. */
  memoryGrowthBytes: 64 * MIB,
} as const;

/** What is wrong with the map of the large VHDX; one sentence for each bound that is broken. */
export function judgeMap(name: string, { reads, bytes }: MapCosts): readonly string[] {
  return [
    ...exceeds(`${name}: reads of the map`, reads, BOUNDS.mapReads),
    ...exceeds(`${name}: bytes read for the map`, bytes, BOUNDS.mapBytes),
  ];
}

/** The same for a conversion by the app. */
export function judgeConversion(costs: AppCosts): readonly string[] {
  const { name, isCompressed, isEqual, passedBytes, memoryGrowthBytes } = costs;
  return [
    ...(isEqual ? [] : [`${name}: the converted disk differs from the original`]),
    ...(isCompressed
      ? []
      : exceeds(`${name}: bytes through the app`, passedBytes, BOUNDS.passedBytes)),
    ...exceeds(`${name}: growth of memory in bytes`, memoryGrowthBytes, BOUNDS.memoryGrowthBytes),
  ];
}

function exceeds(what: string, value: number, bound: number): readonly string[] {
  // NaN keeps no bound.
  return value <= bound ? [] : [`${what}: ${value}, at most ${bound} are allowed`];
}
