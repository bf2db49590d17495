import { open } from "node:fs/promises";
import type { DiskFixture } from "./disk-fixture.ts";

const SECTOR_BYTES = 512;

/** Writes a fixture's disk as a sparse file. */
export async function writeFixture(
  { length, runs, sectors }: DiskFixture,
  path: string,
): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.truncate(length);
    let position = 0;
    for (const [first, count] of runs) {
      const start = first * SECTOR_BYTES;
      const bytes = Math.min(count * SECTOR_BYTES, length - start);
      await file.write(sectors, position, bytes, start);
      position += count * SECTOR_BYTES;
    }
  } finally {
    await file.close();
  }
}
