import { fileURLToPath } from "node:url";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { loadFixture, openFixture } from "./disk-fixture.ts";
import { DISK_RECIPES } from "./recipes.ts";

/**
 * Rows of the table in docs/inspection.md: what each fixture costs to inspect.
 * `node test/disks/measure-reads.ts` prints them.
 */
export async function measureReads(): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const { name, role } of DISK_RECIPES) {
    const reader = openFixture(await loadFixture(name));
    await inspectDisk(reader, { role });
    const { reads, bytes } = reader.count;
    rows.push(`| \`${name}\` | ${reader.length} | ${reads} | ${bytes} |`);
  }
  return rows;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${(await measureReads()).join("\n")}\n`);
}
