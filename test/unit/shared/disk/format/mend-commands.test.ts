import { execFile } from "node:child_process";
import { mkdtemp, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { CONTAINER_RULES } from "../../../../../shared/disk/format/container-formats.ts";
import { convertWithQemu } from "../../../../../shared/disk/format/mend-commands.ts";
import { MIB } from "../disk-readers.ts";

const run = promisify(execFile);

const hasQemu = await hasTools("qemu-img");
const PACKERS = [
  ["gzip", "gzip"],
  ["xz", "xz"],
  ["zstd", "zstd"],
  ["bzip2", "bzip2"],
] as const;
const packers = await Promise.all(
  PACKERS.map(async ([format, tool]) => ({ format, tool, isThere: await hasTools(tool) })),
);

function hasTools(...tools: readonly string[]): Promise<boolean> {
  const check = tools.map((tool) => `command -v ${tool}`).join(" && ");
  return run("bash", ["-c", check]).then(
    () => true,
    () => false,
  );
}

/** Does with a folder of its own what the test is about, and leaves nothing behind. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mend-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The commands that stand between quotes, with the file's own name put in. */
function commandsIn(text: string): string {
  const commands = [...text.matchAll(/'([^']+)'/g)].map(([, command]) => command);
  return commands.join("\n").replaceAll(/SOURCE|FILE/g, "web.vhd");
}

describe("the command for a disk of another format", () => {
  it("converts one of whole MiB, or of an unknown size, at once", () => {
    const once =
      "Convert it with 'qemu-img convert -f vdi -O vpc -o subformat=fixed,force_size SOURCE TARGET.vhd'. Upload the result as a page blob.";
    expect(convertWithQemu("vdi", 3 * MIB)).toBe(once);
    expect(convertWithQemu("vdi", null)).toBe(once);
  });

  it.runIf(hasQemu).each(["raw", "qcow2", "qcow", "vmdk", "vdi", "vpc"])(
    "makes a fixed VHD of whole MiB of an odd %s",
    (format) =>
      inFolder(async (cwd) => {
        await writeFile(join(cwd, "odd.raw"), "");
        await truncate(join(cwd, "odd.raw"), 3 * MIB + 512);
        const options = format === "vpc" ? ["-o", "subformat=dynamic,force_size"] : [];
        await run(
          "qemu-img",
          ["convert", "-f", "raw", "-O", format, ...options, "odd.raw", "web.vhd"],
          { cwd },
        );

        await run("bash", ["-ec", commandsIn(convertWithQemu(format, 3 * MIB + 512))], { cwd });

        expect((await stat(join(cwd, "TARGET.vhd"))).size).toBe(4 * MIB + 512);
      }),
  );
});

describe("the command for a packed file", () => {
  it.for(packers)(
    "unpacks $format whose name ends in .vhd",
    ({ format, tool, isThere }, context) => {
      context.skip(!isThere, `${tool} is not installed`);
      return inFolder(async (cwd) => {
        await writeFile(join(cwd, "disk"), "content");
        await run("bash", ["-ec", `${tool} -c disk > web.vhd`], { cwd });
        const rule = CONTAINER_RULES.find((candidate) => candidate.format === format);

        await run("bash", ["-ec", commandsIn(`'${rule?.unpack}'`)], { cwd });

        expect((await stat(join(cwd, "TARGET.vhd"))).size).toBe("content".length);
      });
    },
  );
});
