import { spawn } from "node:child_process";
import { access, copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { loadFixture, openFixture, unpackDisk } from "./disk-fixture.ts";
import { judgeAgainstFirmware } from "./judge-against-firmware.ts";
import type { DiskRecipe } from "./recipes/recipe.ts";
import { DISK_RECIPES } from "./recipes.ts";

/**
 * `npm run test:boot [NAME…]` starts every kept disk that firmware has an opinion of with SeaBIOS and
 * with OVMF, without acceleration (TCG), and compares what the serial port says with the recipe and with
 * the finding. Needs qemu-system-x86 and ovmf (Debian); says so and ends well without them. Exit code 1
 * when anything differs.
 */
const QEMU = "/usr/bin/qemu-system-x86_64";
const OVMF = { code: "/usr/share/OVMF/OVMF_CODE_4M.fd", vars: "/usr/share/OVMF/OVMF_VARS_4M.fd" };
const LIMIT_SECONDS = { bios: 60, uefi: 400 } as const;
const POLL_MILLISECONDS = 250;
const STARTED = { bios: /BOOT-BIOS-OK|SYSLINUX \d/, uefi: /BOOT-UEFI-OK/ } as const;
/** What firmware prints when it gives up. */
const GAVE_UP = {
  bios: /No bootable device|not a bootable disk/,
  uefi: /EFI Internal Shell|No bootable option/,
} as const;

type Firmware = keyof typeof STARTED;

async function main(names: readonly string[]): Promise<number> {
  const missing = await findMissing([QEMU, OVMF.code, OVMF.vars]);
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
      start("bios", { folder, disk, bytes: fixture.length - 512 }),
      start("uefi", { folder, disk, bytes: fixture.length - 512 }),
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

/** Whether the disk's loader wrote its word before firmware gave up or the time was over. */
async function start(
  firmware: Firmware,
  {
    folder,
    disk,
    bytes,
  }: { readonly folder: string; readonly disk: string; readonly bytes: number },
): Promise<boolean> {
  const log = join(folder, `${firmware}.log`);
  const debug = join(folder, `${firmware}-debug.log`);
  const vars = join(folder, "vars.fd");
  await copyFile(OVMF.vars, vars);
  const pflash = (path: string, more: string): readonly string[] => [
    "-drive",
    `if=pflash,format=raw,${more}file=${path}`,
  ];
  const flash =
    firmware === "bios" ? [] : [...pflash(OVMF.code, "readonly=on,"), ...pflash(vars, "")];
  const size = `driver=raw,size=${bytes}`;
  const options = [
    ...["-machine", `${firmware === "bios" ? "pc" : "q35"},accel=tcg`, "-m", "256", "-net", "none"],
    ...["-display", "none", "-monitor", "none", "-no-reboot", "-serial", `file:${log}`],
    ...["-debugcon", `file:${debug}`, "-global", "isa-debugcon.iobase=0x402"],
    ...flash,
    ...["-drive", `${size},if=ide,snapshot=on,file.driver=file,file.filename=${disk}`],
  ];
  const child = spawn(QEMU, options, { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  try {
    for (let waited = 0; waited < LIMIT_SECONDS[firmware] * 1000; waited += POLL_MILLISECONDS) {
      const said = (await readText(log)) + (firmware === "bios" ? await readText(debug) : "");
      if (STARTED[firmware].test(said)) return true;
      if (isOver || GAVE_UP[firmware].test(said)) return false;
      await sleep(POLL_MILLISECONDS);
    }
    return false;
  } finally {
    if (!isOver) child.kill("SIGKILL");
    await ended;
  }
}

async function readText(path: string): Promise<string> {
  return readFile(path, "latin1").catch(() => "");
}

async function findMissing(paths: readonly string[]): Promise<readonly string[]> {
  const checks = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => null,
        () => path,
      ),
    ),
  );
  return checks.filter((path) => path !== null);
}

process.exitCode = await main(process.argv.slice(2));
