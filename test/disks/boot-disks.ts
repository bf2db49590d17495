import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { loadFixture, openFixture, unpackDisk } from "./disk-fixture.ts";
import { judgeAgainstFirmware } from "./judge-against-firmware.ts";
import type { DiskRecipe } from "./recipes/recipe.ts";
import { DISK_RECIPES } from "./recipes.ts";
import { FIRMWARE_FILES, findMissingFiles, startDisk } from "./start-disk.ts";

/**
 * `npm run test:boot [NAME…]` starts every kept disk that firmware has an opinion of with SeaBIOS and
 * with OVMF, without acceleration (TCG), and compares what the serial port says with the recipe and with
 * the finding. Needs qemu-system-x86 and ovmf (Debian); says so and ends well without them. Exit code 1
 * when anything differs.
 */
async function main(names: readonly string[]): Promise<number> {
  const missing = await findMissingFiles(FIRMWARE_FILES);
  if (missing.length > 0) {
    process.stdout.write(
      `skipped: ${missing.join(", ")} missing (apt install qemu-system-x86 ovmf)\n`,
    );
    return 0;
  }
  let failures = 0;
  for (const recipe of DISK_RECIPES) {
    if (recipe.starts === undefined || (names.length > 0 && !names.includes(recipe.name))) continue;
    const faults = await tryDisk(recipe, recipe.starts);
    failures += faults.length;
    process.stdout.write(
      `${recipe.name}: ${faults.length === 0 ? "as expected" : faults.join("; ")}\n`,
    );
  }
  return failures === 0 ? 0 : 1;
}

async function tryDisk(
  recipe: DiskRecipe,
  expected: NonNullable<DiskRecipe["starts"]>,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "boot-"));
  try {
    const fixture = await loadFixture(recipe.name);
    const disk = join(folder, "disk.vhd");
    await unpackDisk(fixture, disk);
    const [bios, uefi] = await Promise.all([
      startDisk("bios", { folder, disk, bytes: fixture.length - 512 }),
      startDisk("uefi", { folder, disk, bytes: fixture.length - 512 }),
    ]);
    const finding = await inspectDisk(openFixture(fixture), { role: recipe.role });
    return [
      ...(bios === expected.bios ? [] : [`a BIOS ${bios ? "starts" : "does not start"} it`]),
      ...(uefi === expected.uefi ? [] : [`UEFI ${uefi ? "starts" : "does not start"} it`]),
      ...judgeAgainstFirmware(finding, { bios, uefi }).faults,
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
