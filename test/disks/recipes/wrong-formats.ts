import { EXT4_DISK } from "./contents.ts";
import type { DiskRecipe } from "./recipe.ts";

const convert = (name: string, format: string, more = ""): DiskRecipe => ({
  name,
  role: "data",
  tools: ["mkfs.ext4", "qemu-img"],
  script: `${EXT4_DISK}\nqemu-img convert -f raw -O ${format} disk out${more}`,
});

const pack = (tool: string, command: string): DiskRecipe => ({
  name: `wrong-${tool}`,
  role: "data",
  tools: ["mkfs.ext4", "qemu-img", tool],
  script: `${EXT4_DISK}\nvhd\n${command}`,
});

/** Files that are not VHDs. */
export const WRONG_FORMAT_RECIPES: readonly DiskRecipe[] = [
  { name: "wrong-raw", role: "data", tools: ["mkfs.ext4"], script: `${EXT4_DISK}\nmv disk out` },
  convert("wrong-dynamic-vhd", "vpc -o subformat=dynamic,force_size"),
  convert("wrong-dynamic-cut", "vpc -o subformat=dynamic,force_size", "\ntruncate -s -512 out"),
  convert("wrong-vhdx", "vhdx"),
  convert("wrong-vmdk", "vmdk"),
  convert("wrong-vmdk-flat", "vmdk -o subformat=monolithicFlat"),
  convert("wrong-vdi", "vdi"),
  convert("wrong-qcow2", "qcow2"),
  convert("wrong-qcow", "qcow"),
  pack("gzip", "gzip -1 <out >packed; mv packed out"),
  pack("xz", "xz -0 <out >packed; mv packed out"),
  pack("zstd", "zstd -q -1 <out >packed; mv packed out"),
  pack("bzip2", "bzip2 -1 <out >packed; mv packed out"),
  pack("zip", "zip -q packed out; mv packed.zip out"),
  pack("7z", "7z a -bd packed.7z out >7z.log; mv packed.7z out"),
  pack("tar", "tar -Scf packed out; mv packed out"),
  {
    name: "wrong-iso",
    role: "os",
    tools: ["genisoimage"],
    script: "mkdir cd; echo hello >cd/readme; genisoimage -quiet -V SETUP -o out cd",
  },
];
