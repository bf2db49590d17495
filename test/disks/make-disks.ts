import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { encodeFixture } from "./disk-fixture.ts";
import { DISK_RECIPES } from "./recipes.ts";
import { canRun, makeFixture } from "./run-recipe.ts";

/**
 * `node test/disks/make-disks.ts [NAME…]` rebuilds the fixtures with this machine's tools (Debian:
 * qemu-utils gdisk fdisk parted e2fsprogs xfsprogs btrfs-progs dosfstools exfatprogs ntfs-3g f2fs-tools
 * squashfs-tools erofs-utils mtools lvm2 cryptsetup-bin grub-pc-bin grub-common genisoimage xz-utils
 * zstd zip p7zip-full). Exit code 1 when one could not be made.
 */
const folder = fileURLToPath(new URL("./fixtures/", import.meta.url));
const names = process.argv.slice(2);
await mkdir(folder, { recursive: true });
for (const recipe of DISK_RECIPES) {
  if (names.length > 0 && !names.includes(recipe.name)) continue;
  if (!(await canRun(recipe))) {
    process.stderr.write(`${recipe.name}: a tool or a loop device is missing\n`);
    process.exitCode = 1;
    continue;
  }
  const fixture = await makeFixture(recipe);
  const file = encodeFixture(fixture);
  await writeFile(`${folder}${recipe.name}.disk`, file);
  process.stdout.write(`${recipe.name}: ${fixture.length} bytes, ${file.length} kept\n`);
}
