import { execFile } from "node:child_process";
import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { DiskFinding } from "../../../../../shared/disk/finding.ts";
import { nameFix } from "../../../../../shared/disk/format/name-fix.ts";
import { inspectDisk } from "../../../../../shared/disk/inspect-disk.ts";
import { loadFixture } from "../../../../disks/disk-fixture.ts";
import { DISK_RECIPES } from "../../../../disks/recipes.ts";
import { listMissing } from "../../../../disks/run-recipe.ts";
import { writeFixture } from "../../../../disks/write-fixture.ts";
import { EXPECTED } from "../expected-findings.ts";

const run = promisify(execFile);
const TIMEOUT = 60_000;

/** Names that a shell or qemu-img would take for something else. */
const NAMES = [
  "web.vhd",
  "it's a disk.vhd",
  "-web.vhd",
  "a:b,c.vhd",
  'größe "x" 盤.VHD',
  "$(touch pwned) `touch pwned` \\.vhd",
  "json:{}.vhd",
];

const has = async (tool: string): Promise<boolean> =>
  (await listMissing({ tools: [tool] })).length === 0;

async function inspect(path: string): Promise<DiskFinding> {
  const file = await open(path, "r");
  try {
    const { size: length } = await file.stat();
    const read = async (offset: number, count: number) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, offset);
      return buffer.subarray(0, bytesRead);
    };
    return await inspectDisk({ length, read }, { role: "data" });
  } finally {
    await file.close();
  }
}

/** The commands of a fix: its indented lines. */
function commandsOf(fix: string): string[] {
  return fix.split("\n").flatMap((line) => (line.startsWith("  ") ? [line.trim()] : []));
}

/**
 * Makes a file, runs what its fix prints, each line verbatim, and gives what the files that
 * came out (or the file itself, where it was fixed) are said to be.
 */
async function obey(name: string, make: (path: string, folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "commands-"));
  try {
    await make(join(folder, name), folder);
    const before = await inspect(join(folder, name));
    const fix = nameFix(before.problem?.fix ?? "", name);
    const commands = commandsOf(fix);
    const missing = [];
    for (const command of commands) {
      const tool = command.split(" ")[0] ?? "";
      if (!(await has(tool))) missing.push(tool);
      else await run("bash", ["-c", command], { cwd: folder });
    }
    const files = await readdir(folder);
    const results = files.filter(
      (file) => !file.endsWith("-disk.raw") && !file.startsWith("input"),
    );
    const findings = await Promise.all(results.map((file) => inspect(join(folder, file))));
    const accepted = results.filter((_, index) => findings[index]?.problem === null);
    return { before, fix, commands, missing, files, accepted };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const hasQemu = await has("qemu-img");
/** What cannot be fixed with the file alone: nothing is printed that would seem to. */
const WITHOUT_COMMAND = ["vhd-cut-short", "wrong-dynamic-cut", "wrong-iso"];
/** Its data are in another file. */
const INCOMPLETE = "wrong-vmdk-flat";

const refused = DISK_RECIPES.filter(
  ({ name }) => EXPECTED[name]?.problem != null && name !== INCOMPLETE,
);

describe.skipIf(!hasQemu)("the commands that are printed for a disk", () => {
  it("are tried on every fixture that is refused", () => {
    expect(refused.length).toBeGreaterThan(15);
  });

  it.each(refused.map(({ name }, index) => [name, NAMES[index % NAMES.length] ?? ""] as const))(
    "make a disk of %s that is accepted, when it is called %s",
    { timeout: TIMEOUT },
    async (fixture, name) => {
      const done = await obey(name, async (path) => writeFixture(await loadFixture(fixture), path));

      expect(done.files).not.toContain("pwned");
      expect(done.fix).not.toMatch(/\{[A-Z_]+\}/);
      if (WITHOUT_COMMAND.includes(fixture)) expect(done.commands).toEqual([]);
      else if (done.missing.length === 0) expect(done.accepted).toHaveLength(1);
    },
  );

  const MIB = 1024 * 1024;
  const qemu = (args: string, folder: string) =>
    run("bash", ["-c", `qemu-img ${args}`], { cwd: folder });
  const FIXED = "convert -f raw -O vpc -o subformat=fixed,force_size";
  const patch = async (path: string, fromEnd: number, bytes: readonly number[]) => {
    const file = await open(path, "r+");
    const { size } = await file.stat();
    await file.write(new Uint8Array(bytes), 0, bytes.length, size - fromEnd);
    await file.close();
  };
  const raw = async (folder: string, size = 4 * MIB) => {
    const file = await open(join(folder, "input.raw"), "w");
    await file.truncate(size);
    await file.write(Buffer.from("a file system"), 0, 13, 5000);
    await file.close();
  };
  const fixed = async (folder: string, size?: number) => {
    await raw(folder, size);
    await qemu(`${FIXED} input.raw input.vhd`, folder);
  };
  const move = async (folder: string, path: string, from = "input.vhd") => {
    await run("mv", ["--", join(folder, from), path]);
  };

  const CASES: readonly (readonly [
    string,
    string,
    (path: string, folder: string) => Promise<void>,
  ])[] = [
    [
      "a footer with a wrong checksum",
      "checksum",
      async (path, folder) => {
        await fixed(folder);
        await patch(join(folder, "input.vhd"), 512 - 64, [0, 0, 0, 0]);
        await move(folder, path);
      },
    ],
    [
      "a dynamic VHD whose last footer has a wrong checksum",
      "checksum",
      async (path, folder) => {
        await raw(folder);
        await qemu(
          "convert -f raw -O vpc -o subformat=dynamic,force_size input.raw input.vhd",
          folder,
        );
        await patch(join(folder, "input.vhd"), 512 - 64, [0, 0, 0, 0]);
        await move(folder, path);
      },
    ],
    [
      "a footer that is 2 MiB smaller than the file",
      "too many",
      async (path, folder) => {
        await fixed(folder, 2 * MIB);
        await run(
          "bash",
          [
            "-c",
            "tail -c 512 input.vhd > input.foot; head -c $((2<<20)) input.vhd > input.big; truncate -s 4M input.big; cat input.foot >> input.big",
          ],
          { cwd: folder },
        );
        await move(folder, path, "input.big");
      },
    ],
    [
      "a VHD that was wrapped twice",
      "2 other VHD footers",
      async (path, folder) => {
        await fixed(folder);
        await patch(join(folder, "input.vhd"), 512 - 64, [0, 0, 0, 0]);
        await qemu(`${FIXED} input.vhd input2.vhd`, folder);
        await qemu(`${FIXED} input2.vhd input3.vhd`, folder);
        await move(folder, path, "input3.vhd");
      },
    ],
    [
      "a dynamic VHD of an odd size by a creator whose geometry QEMU prefers",
      "dynamic VHD",
      async (path, folder) => {
        await raw(folder, 4 * MIB + 512);
        await qemu(
          "convert -f raw -O vpc -o subformat=dynamic,force_size input.raw input.vhd",
          folder,
        );
        await move(folder, path);
      },
    ],
    ...["qcow2", "vdi", "vmdk", "vhdx"].map(
      (format) =>
        [
          `an odd ${format}`,
          "not a VHD",
          async (path: string, folder: string) => {
            await raw(folder, 4 * MIB + 512);
            await qemu(`convert -f raw -O ${format} input.raw input.out`, folder);
            await move(folder, path, "input.out");
          },
        ] as const,
    ),
    [
      "a disk of an odd size",
      "not recognized",
      async (path, folder) => {
        await raw(folder, 4 * MIB + 1536);
        await patch(join(folder, "input.raw"), 16, [1]);
        await patch(join(folder, "input.raw"), 4 * MIB, [1]);
        await move(folder, path, "input.raw");
      },
    ],
  ];

  it.each(CASES.map((entry, index) => [...entry, NAMES[index % NAMES.length] ?? ""] as const))(
    "fix %s",
    { timeout: TIMEOUT },
    async (_, problem, make, name) => {
      const done = await obey(name, make);

      expect(done.before.problem?.message).toContain(problem);
      expect(done.commands.length).toBeGreaterThan(0);
      expect(done.files).not.toContain("pwned");
      expect(done.accepted).toHaveLength(1);
    },
  );
});

describe("nameFix", () => {
  it("names the files that commands make after the file they are for", () => {
    const name = (file: string) => nameFix("{FILE} {RAW} {TARGET} {UNPACKED} {BLOB}", file);

    expect(name("web.vhd")).toBe("web.vhd web-disk.raw web-fixed.vhd web-unpacked.vhd web.vhd");
    expect(name("web.vhdx")).toBe("web.vhdx web-disk.raw web.vhd web-unpacked.vhd web.vhd");
    expect(name("web.img.gz")).toBe("web.img.gz web-disk.raw web.vhd web.img web.vhd");
    expect(name("-a b.vhd")).toBe(
      "'./-a b.vhd' './-a b-disk.raw' './-a b-fixed.vhd' './-a b-unpacked.vhd' -a b.vhd",
    );
  });

  it("quotes for PowerShell with its own quotes", () => {
    expect(nameFix("{PS_FILE} {PS_TARGET}", "it’s 'x'.vhdx")).toBe(
      "'it’’s ''x''.vhdx' 'it’’s ''x''.vhd'",
    );
  });

  it("leaves a name alone that looks like a placeholder", () => {
    expect(nameFix("{FILE}", "{TARGET}.vhdx")).toBe("'{TARGET}.vhdx'");
  });
});
