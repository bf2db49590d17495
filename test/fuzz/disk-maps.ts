import fc from "fast-check";
import { buildTar } from "../disks/maps/build-two-level-formats.ts";
import { checkAnyFile } from "../disks/maps/check-map.ts";
import { TEST_FORMATS, type TestFormat } from "../disks/maps/formats.ts";
import type { DiskPlan } from "../disks/maps/placement.ts";
import { defineTarget, type FuzzTarget } from "./target.ts";

interface Patch {
  readonly hot: number;
  readonly at: number;
  /** Bytes to put there, or the place of the file from which four or eight are copied. */
  readonly bytes:
    | Uint8Array
    | { readonly from: number; readonly hot: number; readonly count: number };
}

export interface MapCase {
  readonly plan: number;
  readonly patches: readonly Patch[];
  /** Share of the file that is left. */
  readonly cut: number | null;
  /** Share of the disk at which the map is begun again. */
  readonly share: number;
}

const hostile = fc
  .tuple(
    fc.constantFrom(
      0n,
      1n,
      2n,
      3n,
      5n,
      8n,
      512n,
      4096n,
      2n ** 20n,
      2n ** 31n,
      2n ** 32n - 2n,
      2n ** 32n - 1n,
      2n ** 53n,
      2n ** 62n,
      2n ** 63n,
      2n ** 64n - 1n,
    ),
    fc.constantFrom(4, 8),
    fc.boolean(),
  )
  .map(([value, width, isLittle]) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, isLittle);
    return isLittle ? bytes.subarray(0, width) : bytes.subarray(8 - width);
  });

const patches = fc.record<Patch>({
  hot: fc.nat(15),
  at: fc.nat(0xffff),
  bytes: fc.oneof(
    hostile,
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc.record({ from: fc.nat(0xffff), hot: fc.nat(15), count: fc.constantFrom(4, 8) }),
  ),
});

export const mapCases = fc.record<MapCase>({
  plan: fc.nat(3),
  patches: fc.array(patches, { maxLength: 4 }),
  cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 6 }),
  share: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
});

/** Four disks of a format, made once. */
function makePlans({ slots, maxBlocks }: TestFormat): readonly DiskPlan[] {
  return [maxBlocks, Math.ceil(maxBlocks / 2), 3, 1].map((count, seed) => ({
    slots: Array.from(
      { length: count },
      (_, at) => slots[(at * 7 + seed) % slots.length] ?? "none",
    ),
    order: Array.from({ length: count }, (_, at) => (at * 5 + seed) % 3),
    cut: seed % 2 === 0 ? 0 : 512,
  }));
}

/**
 * Runs a check on a file with its patches, and takes them back: copies of some MiB would take longer than
 * the check.
 */
async function withDamage(
  bytes: Uint8Array,
  format: TestFormat,
  { patches, cut }: MapCase,
  check: (bytes: Uint8Array) => Promise<unknown>,
): Promise<void> {
  const undo: { at: number; bytes: Uint8Array }[] = [];
  const place = (hot: number, at: number): number => {
    const [start, length] = format.hot[hot % format.hot.length] ?? [0, 512];
    const from = start < 0 ? Math.max(0, bytes.length + start) : start;
    // Numbers stand at multiples of four; every fourth patch goes anywhere.
    const within = at % 4 === 3 ? at % length : ((at * 4) % length) & ~3;
    return Math.min(from + within, Math.max(0, bytes.length - 8));
  };
  for (const { hot, at, bytes: given } of patches) {
    const to = place(hot, at);
    undo.unshift({ at: to, bytes: bytes.slice(to, to + 8) });
    if (given instanceof Uint8Array) bytes.set(given.subarray(0, bytes.length - to), to);
    else {
      const from = place(given.hot, given.from);
      bytes.copyWithin(to, from, from + given.count);
    }
  }
  try {
    await check(cut === null ? bytes : bytes.subarray(0, Math.floor(cut * bytes.length)));
  } finally {
    for (const { at, bytes: before } of undo) bytes.set(before, at);
  }
}

/** The file of a case as bytes of its own, and the extension that such a file has. */
export async function damagedFile(
  format: TestFormat,
  one: MapCase,
): Promise<{ readonly extension: string; readonly bytes: Uint8Array }> {
  const plan = makePlans(format)[one.plan];
  let bytes = new Uint8Array();
  if (plan === undefined) return { extension: "", bytes };
  await withDamage(format.build(plan), format, one, async (damaged) => {
    bytes = damaged.slice();
  });
  const [extension = ""] = format.format.split("-");
  return {
    extension: extension === "vmdk" || extension === "vhd" ? extension : format.format,
    bytes,
  };
}

/** One target for each format: whatever is in the file, it is refused, or its map is right. */
export const diskMaps: readonly FuzzTarget[] = TEST_FORMATS.map((format) => {
  let files: readonly Uint8Array[] | null = null;
  return defineTarget(format.name, mapCases, async (one) => {
    files ??= makePlans(format).map(format.build);
    const original = files[one.plan] ?? new Uint8Array();
    await withDamage(original, format, one, (bytes) =>
      checkAnyFile(bytes, format.format, format.naive, one.share),
    );
  });
});

/** Archives of every kind of small disk: one in each, and two of the first. */
const archives = TEST_FORMATS.filter(({ format }) => format !== "vhdx").map((format) => {
  const [, , plan] = makePlans(format);
  const disk = plan === undefined ? new Uint8Array() : format.build(plan);
  const description = new Uint8Array(300).fill(0x20);
  const hot: TestFormat["hot"] = [
    [0, 512],
    [1024, 512],
    [1536, 1024],
  ];
  const files = [
    buildTar({ "web.ovf": description, "web-disk1": disk }),
    buildTar({ "web.ovf": description, "web-disk1": disk, "web-disk2": disk }),
  ];
  return { format: { ...format, hot }, files };
});

/** Archives: refused, or sound; the naive readers do not know where in them the disk begins. */
export const ovaFiles: FuzzTarget = defineTarget(
  "OVA files",
  fc.tuple(mapCases, fc.nat(archives.length - 1), fc.constantFrom(0, 0, 0, 1)),
  async ([one, at, which]) => {
    const archive = archives[at];
    const file = archive?.files[which];
    if (archive === undefined || file === undefined) return;
    await withDamage(file, archive.format, one, (bytes) =>
      checkAnyFile(bytes, "none", archive.format.naive, one.share),
    );
  },
);
