import { spawn } from "node:child_process";
import { access, copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

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

export type Firmware = keyof typeof STARTED;

/** What has to be installed: qemu and UEFI firmware (Debian: qemu-system-x86, ovmf). */
export const FIRMWARE_FILES: readonly string[] = [QEMU, OVMF.code, OVMF.vars];

/** Whether the disk's loader wrote its word before firmware gave up or the time was over. */
export async function startDisk(
  firmware: Firmware,
  {
    folder,
    disk,
    bytes,
    memoryMib = 256,
    isScsi = false,
  }: {
    readonly folder: string;
    readonly disk: string;
    readonly bytes: number;
    readonly memoryMib?: number;
    /** As a SCSI disk, which the kernels of clouds know; an IDE or SATA disk otherwise. */
    readonly isScsi?: boolean;
  },
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
  const file = `file.driver=file,file.filename=${disk}`;
  const options = [
    ...[
      "-machine",
      `${firmware === "bios" ? "pc" : "q35"},accel=tcg`,
      "-m",
      String(memoryMib),
      "-net",
      "none",
    ],
    ...["-display", "none", "-monitor", "none", "-no-reboot", "-serial", `file:${log}`],
    ...["-debugcon", `file:${debug}`, "-global", "isa-debugcon.iobase=0x402"],
    ...flash,
    ...["-drive", `${size},if=${isScsi ? "none,id=disk" : "ide"},snapshot=on,${file}`],
    ...(isScsi ? ["-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=disk"] : []),
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

/** Those of these files that do not exist. */
export async function findMissingFiles(paths: readonly string[]): Promise<readonly string[]> {
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
