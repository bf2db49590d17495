import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { AZ_COMMANDS, COMMON_OPTIONS } from "./azure-cli.ts";
import { readBlocks } from "./markdown.ts";
import { listFiles, readProjectFile } from "./source-files.ts";

const SHELLS = ["sh", "bash"];
const DOCUMENTS = [...listFiles("docs", ".md"), "README.md", "SECURITY.md", "CONTRIBUTING.md"];
const BLOCKS = DOCUMENTS.flatMap((document) =>
  readBlocks(document)
    .filter(({ info }) => SHELLS.includes(info))
    .map(({ text }, index) => ({ place: `${document}, block ${index + 1}`, text })),
);

/** Text with commands: blocks of documents, and what the sources print to people. */
const SOURCES = [
  ...BLOCKS.map(({ place, text }) => ({ place, text: text.replaceAll("\\\n", " ") })),
  ...["shared", "cli", "functions"].flatMap((folder) =>
    listFiles(folder, ".ts").flatMap((file) =>
      [...readProjectFile(file).matchAll(/\baz [a-z][a-z-]* [^"`\n]*/g)].map(([text]) => ({
        place: file,
        text: text.replaceAll("\\n", "\n"),
      })),
    ),
  ),
];

const COMMAND = /(?:^|[\s(;&|`'])az ((?:[a-z][a-z0-9-]*[ \t]+)*[a-z][a-z0-9-]*)([^\n;|']*)/g;

interface AzCommand {
  readonly place: string;
  readonly command: string;
  readonly options: readonly string[];
}

/** The longest known command that words begin with; the words themselves when none is. */
function nameOf(words: string): string {
  const known = Object.keys(AZ_COMMANDS)
    .filter((command) => `${words} `.startsWith(`${command} `))
    .sort((left, right) => right.length - left.length);
  return known[0] ?? words;
}

const COMMANDS = SOURCES.flatMap(({ place, text }): AzCommand[] =>
  [...text.matchAll(COMMAND)].map(([, words = "", rest = ""]) => ({
    place,
    command: nameOf(words.replace(/\s+/g, " ")),
    // The options of a command inside $(…) are its own.
    options: rest.replace(/\$\([^()]*\)/g, "").match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [],
  })),
);

describe("the commands of the Azure CLI that documents and messages print", () => {
  it("are found", () => {
    expect(COMMANDS.length).toBeGreaterThan(60);
  });

  it("are commands that exist, or the beginning of some", () => {
    const isKnown = (command: string): boolean =>
      Object.keys(AZ_COMMANDS).some((known) => `${known} `.startsWith(`${command} `));
    expect(COMMANDS.filter(({ command }) => !isKnown(command))).toEqual([]);
  });

  it("have options that exist", () => {
    const unknown = COMMANDS.flatMap(({ place, command, options }) => {
      const known = [...COMMON_OPTIONS, ...(AZ_COMMANDS[command] ?? "").split(" ")];
      return options
        .filter((option) => !known.includes(option))
        .map((option) => `${place}: az ${command} ${option}`);
    });
    expect(unknown).toEqual([]);
  });
});

describe("the blocks of commands in documents", () => {
  it.each(BLOCKS)("can be parsed by a shell: $place", ({ text }) => {
    // A placeholder in angle brackets would be a redirection to whoever pastes it.
    expect(text.replace(/<<-?'?\w+'?|<\(|<<</g, "")).not.toMatch(/<[a-z-]+>/);
    execFileSync("bash", ["-n"], { input: text });
  });
});

const CONVERSIONS = BLOCKS.flatMap(({ place, text }) =>
  (text.match(/^qemu-img convert .*$/gm) ?? []).map((command) => ({ place, command })),
);

function hasQemu(): boolean {
  try {
    execFileSync("qemu-img", ["--version"]);
    return true;
  } catch {
    return false;
  }
}

describe("the commands that documents print for a disk", () => {
  it("are there", () => {
    expect(CONVERSIONS.length).toBeGreaterThan(0);
  });

  it.skipIf(!hasQemu()).each(CONVERSIONS)(
    "make a VHD that is accepted: $place: $command",
    async ({ command }) => {
      const folder = mkdtempSync(join(tmpdir(), "printed-commands-"));
      try {
        const words = command.split(" ");
        const [source = "", target = ""] = words.slice(-2);
        writeFileSync(join(folder, source), "a disk");
        truncateSync(join(folder, source), 4 * 2 ** 20);
        execFileSync("bash", ["-c", command], { cwd: folder });
        const file = await open(join(folder, target), "r");
        const { size: length } = await file.stat();
        const read = async (offset: number, count: number) =>
          (await file.read(new Uint8Array(count), 0, count, offset)).buffer;
        const finding = await inspectDisk({ length, read }, { role: "data" });
        await file.close();
        expect(finding.problem).toBeNull();
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
