import { execFile } from "node:child_process";
import { access, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { DEBIAN_SYSTEMS, type DebianSystem, DISK_MIB, PACKAGES } from "./debian-systems.ts";
import { encodeFixture, packRanges } from "./disk-fixture.ts";
import { judgeAgainstFirmware } from "./judge-against-firmware.ts";
import { PRELUDE } from "./recipes/recipe.ts";
import { listMissing } from "./run-recipe.ts";
import { FIRMWARE_FILES, findMissingFiles, startDisk } from "./start-disk.ts";

/**
 * `node test/disks/make-debian.ts [--keep] [--root FOLDER] [NAME…]` makes real Debian systems: mmdebstrap
 * installs the packages, a first start in qemu installs the loaders as an administrator would, SeaBIOS and
 * OVMF start the result up to its own first program, and what they do is compared with the finding. It
 * takes root, the network and, without acceleration, five minutes a system. `--root` keeps the packages for
 * another time; `--keep` makes the fixtures. Exit code 1 when anything differs.
 */
const TOOLS = [
  "mmdebstrap",
  "sfdisk",
  "sgdisk",
  "mkfs.vfat",
  "mkfs.ext4",
  "mkfs.xfs",
  "mkfs.btrfs",
];
const INSTALL_MINUTES = 15;
const MIB = 1024 * 1024;
const MEMORY_MIB = 512;
/** What is kept in any case: sector 0, GRUB behind it, the GPT. */
const HEAD_BYTES = 64 * 1024;
const PATH = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
const run = promisify(execFile);

/** The first program of each system: it installs the loader once, and from then on says what started it. */
const DISK_INIT = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mountpoint -q /dev || mount -t devtmpfs dev /dev
exec >/dev/ttyS0 2>&1 </dev/null
if [ -e /install ]; then
  mount -o remount,rw /
  sh -ex /install && rm /install && echo INSTALLED
  sync; mount -o remount,ro /
elif [ -d /sys/firmware/efi ]; then echo BOOT-UEFI-OK; else echo BOOT-BIOS-OK; fi
sync; echo o >/proc/sysrq-trigger; sleep 60
`;
const GRUB_DEFAULTS = `GRUB_DEFAULT=0
GRUB_TIMEOUT=0
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX="console=ttyS0 init=/sbin/disk-init"
GRUB_TERMINAL=console
GRUB_DISABLE_OS_PROBER=true
`;

async function bash(script: string, cwd: string): Promise<void> {
  const whole = `set -euo pipefail\n${PRELUDE}\n${script}`;
  await run("bash", ["-c", whole], { cwd, env: { ...process.env, PATH, LC_ALL: "C" } });
}

async function makeRoot(folder: string): Promise<void> {
  const isThere = await access(join(folder, "boot")).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const exclude = ["doc", "man", "locale"].map(
    (name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`,
  );
  const include = `--include=${PACKAGES.join(",")}`;
  const options = ["--quiet", "--variant=minbase", "--mode=root", include, ...exclude];
  await run("mmdebstrap", [...options, "bookworm", folder], { env: { ...process.env, PATH } });
  await writeFile(join(folder, "sbin/disk-init"), DISK_INIT, { mode: 0o755 });
  await writeFile(join(folder, "etc/default/grub"), GRUB_DEFAULTS);
}

/** Copies the packages onto a new disk, and starts it once, with its own kernel, to install its loader. */
async function install(system: DebianSystem, root: string, cwd: string): Promise<string> {
  const { fileSystem, divide } = system;
  await writeFile(join(root, "install"), `${system.install}\n`);
  const fill = {
    ext4: `mkfs.ext4 -q -L root -d ${root} root.fs`,
    btrfs: `mkfs.btrfs -q -L root --rootdir ${root} root.fs`,
    xfs: `mkfs.xfs -q -L root root.fs; mkdir m; mount -o loop root.fs m; cp -a ${root}/. m/; umount m`,
  }[fileSystem];
  const disk = [
    `truncate -s ${DISK_MIB}M disk`,
    divide,
    `truncate -s ${system.root.size}M root.fs`,
  ];
  await bash(
    [...disk, fill, `place root.fs ${system.root.start * 2048}; rm root.fs`].join("\n"),
    cwd,
  );
  await rm(join(root, "install"));
  const start = [
    `timeout ${INSTALL_MINUTES}m qemu-system-x86_64 -machine pc,accel=tcg -m ${MEMORY_MIB} -net none`,
    "-display none -monitor none -no-reboot -serial file:install.log",
    `-kernel ${root}/boot/vmlinuz-* -initrd ${root}/boot/initrd.img-*`,
    `-append "console=ttyS0 root=/dev/sda1 rootfstype=${fileSystem} init=/sbin/disk-init quiet"`,
    "-drive format=raw,if=ide,cache=unsafe,file=disk",
  ];
  await bash(start.join(" "), cwd);
  const log = await readFile(join(cwd, "install.log"), "latin1");
  if (!/^INSTALLED/m.test(log)) throw new Error(`${system.name}: not installed\n${log}`);
  await bash("qemu-img convert -f raw -O vpc -o subformat=fixed,force_size disk out; rm disk", cwd);
  return join(cwd, "out");
}

async function tryDebian(
  system: DebianSystem,
  { root, isKept }: { readonly root: string; readonly isKept: boolean },
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "debian-"));
  try {
    const path = await install(system, root, folder);
    const file = await open(path);
    const { size: length } = await file.stat();
    const reads: [offset: number, count: number][] = [[0, HEAD_BYTES]];
    const read = async (offset: number, count: number): Promise<Uint8Array> => {
      reads.push([offset, count]);
      return (await file.read(new Uint8Array(count), 0, count, offset)).buffer;
    };
    const finding = await inspectDisk({ length, read }, { role: "os" });
    if (isKept) await keep(system, { length, read, reads });
    await file.close();
    const disk = { folder, disk: path, bytes: DISK_MIB * MIB, memoryMib: MEMORY_MIB };
    const bios = await startDisk("bios", disk);
    const uefi = await startDisk("uefi", { ...disk, isScsi: true });
    return [
      ...(bios === system.starts.bios ? [] : [`a BIOS ${bios ? "starts" : "does not start"} it`]),
      ...(uefi === system.starts.uefi ? [] : [`UEFI ${uefi ? "starts" : "does not start"} it`]),
      ...judgeAgainstFirmware(finding, { bios, uefi }).faults,
      ...(finding.osType === "Linux" && finding.certainty.osType.confidence === "high"
        ? []
        : ["it is not certain to be Linux"]),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keep(
  { name, role, divide, install: script }: DebianSystem,
  source: Parameters<typeof packRanges>[0],
): Promise<void> {
  const folder = fileURLToPath(new URL("./fixtures/", import.meta.url));
  const packed = await packRanges(source);
  const fixture = { name, role, tools: {}, script: `${divide}\n${script}`, ...packed };
  await writeFile(`${folder}${name}.disk`, encodeFixture(fixture));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: "boolean", default: false }, root: { type: "string" } },
});
const missing = [
  ...(await listMissing({ tools: [...TOOLS, "qemu-img"], needsLoop: true })),
  ...(await findMissingFiles(FIRMWARE_FILES)),
];
if (missing.length > 0) {
  process.stdout.write(`skipped: ${missing.join(", ")} missing\n`);
} else {
  const own = await mkdtemp(join(tmpdir(), "debian-root-"));
  try {
    const root = values.root ?? own;
    await makeRoot(root);
    for (const system of DEBIAN_SYSTEMS) {
      if (positionals.length > 0 && !positionals.includes(system.name)) continue;
      const faults = await tryDebian(system, { root, isKept: values.keep });
      if (faults.length > 0) process.exitCode = 1;
      process.stdout.write(
        `${system.name}: ${faults.length === 0 ? "as expected" : faults.join("; ")}\n`,
      );
    }
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
