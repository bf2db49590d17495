import { expect, test } from "vitest";
import { buildDiskFile, hashImage, hashPlannedDisk } from "../../../../local/chaos/disk-content.ts";
import type { PlannedDisk } from "../../../../local/chaos/plan.ts";
import { createSparseImage, type Extent } from "../../../../local/sample-vhds/index.ts";
import { buildFixedFooter } from "../../../../shared/disk/maps/build-footer.ts";
import { readAsFixedVhd } from "../../../../shared/disk/maps/map-reader.ts";
import { openDiskMap } from "../../../../shared/disk/maps/open-disk-map.ts";
import { unpackBlock } from "../../../../shared/unpack.ts";

const PLANNED: PlannedDisk = {
  kind: "disk",
  id: "disk",
  at: 0,
  blob: "web.img",
  format: "qcow2",
  sizeMib: 272,
  uuid: "11111111-2222-4333-8444-555555555555",
  metadata: {},
  expected: { ends: [], image: null },
};

async function open(planned: PlannedDisk) {
  const file = Buffer.from(buildDiskFile(planned));
  const reader = {
    length: file.length,
    read: async (offset: number, length: number) => file.subarray(offset, offset + length),
  };
  const opened = await openDiskMap(reader);
  if (opened.kind === "refused") throw new Error(JSON.stringify(opened.refusal));
  return { map: opened.map, reader };
}

test.each([
  { format: "qcow2", map: "qcow2", kinds: ["compressed", "copy", "zero"] },
  { format: "dynamic-vhd", map: "vhd-dynamic", kinds: ["copy", "zero"] },
] as const)("a $format file has the planned disk in it, byte for byte", async (row) => {
  const planned = { ...PLANNED, format: row.format };
  const { map, reader } = await open(planned);
  const footer = buildFixedFooter({
    diskBytes: map.paddedBytes,
    uuid: new Uint8Array(16),
    createdAt: new Date(0),
  });
  const vhd = readAsFixedVhd(map, reader, unpackBlock, footer);
  const kinds = new Set<string>();
  const extents: Extent[] = [];
  for await (const { kind, guestOffset, length } of map.extents()) {
    kinds.add(kind);
    if (kind === "zero") continue;
    extents.push({ offset: guestOffset, bytes: await vhd.read(guestOffset, length) });
  }
  expect(map).toMatchObject({ format: row.map, virtualBytes: 272 * 2 ** 20 });
  expect([...kinds].toSorted()).toEqual(row.kinds);
  expect(hashImage(createSparseImage(map.paddedBytes, extents))).toBe(hashPlannedDisk(planned));
});

test("another disk has another hash", () => {
  const other = { ...PLANNED, uuid: "21111111-2222-4333-8444-555555555555" };
  expect(hashPlannedDisk(other)).not.toBe(hashPlannedDisk(PLANNED));
});

test("a hole has the hash of written zeros, and the place of a byte counts as well as the length", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const image = createSparseImage(2 ** 20, [{ offset: 70_000, bytes }]);
  const zeros = { offset: 300_000, bytes: new Uint8Array(100_000) };
  expect(hashImage(createSparseImage(2 ** 20, [{ offset: 70_000, bytes }, zeros]))).toBe(
    hashImage(image),
  );
  for (const offset of [70_001, 70_000 + 2 ** 16]) {
    const moved = createSparseImage(2 ** 20, [{ offset, bytes }]);
    expect(hashImage(moved)).not.toBe(hashImage(image));
  }
  expect(hashImage(createSparseImage(2 ** 20 + 512, image.extents))).not.toBe(hashImage(image));
});
