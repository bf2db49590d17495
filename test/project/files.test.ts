import { describe, expect, it } from "vitest";
import {
  ARCHITECTURES,
  CACHING_TYPES,
  GENERATIONS,
  OS_STATES,
  OS_TYPES,
} from "../../shared/vocabulary.ts";
import { readBlocks } from "./markdown.ts";
import { listFiles, readProjectFile } from "./source-files.ts";

const MAX_LINES = 200;

const { scripts, dependencies, devDependencies } = JSON.parse(
  readProjectFile("package.json"),
) as Readonly<Record<"scripts" | "dependencies" | "devDependencies", Record<string, string>>>;

describe("the source files", () => {
  it(`have at most ${MAX_LINES} lines each`, () => {
    const tooLong = ["functions", "shared", "cli", "board"]
      .flatMap((folder) => [...listFiles(folder, ".ts"), ...listFiles(folder, ".tsx")])
      .map((file) => ({ file, lines: readProjectFile(file).trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > MAX_LINES);
    expect(tooLong).toEqual([]);
  });

  it("take the service's words from the vocabulary, and spell no list of them out", () => {
    const lists = [OS_TYPES, OS_STATES, GENERATIONS, ARCHITECTURES, CACHING_TYPES];
    // Two words of a list side by side, as items of an array or members of a union.
    const patterns = lists.map((words) => new RegExp(`"${words[0]}"\\s*[,|]\\s*"${words[1]}"`));
    const spellsOut = (file: string) => patterns.some((list) => list.test(readProjectFile(file)));
    const spellers = ["functions", "shared", "cli"].flatMap((folder) => listFiles(folder, ".ts"));
    expect(spellers.filter(spellsOut)).toEqual(["shared/vocabulary.ts"]);
  });

  it("give every exported name of shared/ one meaning", () => {
    const names = listFiles("shared", ".ts").flatMap((file) =>
      [
        ...readProjectFile(file).matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm),
      ].map(([, name = ""]) => name),
    );
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("leave no test out and single none out", () => {
    const modifier = /\b(?:describe|it|test)(?:\.\w+)*\.(?:only|skip|todo|fails)\b/;
    const suspects = listFiles("test", ".ts").filter((file) =>
      modifier.test(readProjectFile(file)),
    );
    expect(suspects).toEqual([]);
  });
});

describe("package.json", () => {
  it("names exact versions only", () => {
    const ranges = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
    );
    expect(ranges).toEqual([]);
  });

  it("has every script that the documents tell people to run", () => {
    const documents = ["README.md", "CONTRIBUTING.md", ...listFiles("docs", ".md")];
    const texts = [...documents.map(readProjectFile), readProjectFile(".ci/run")];
    const command = /\bnpm (?:run (?:--silent )?(?<script>[\w:]+)|(?<short>test|start)\b)/g;
    const named = texts.flatMap((text) =>
      [...text.matchAll(command)].map(({ groups }) => groups?.script ?? groups?.short ?? ""),
    );
    expect(named).toContain("local");
    const unknown = named.filter((name) => !(name in scripts));
    expect([...new Set(unknown)]).toEqual([]);
  });

  it("backs the two commands that the README begins with", () => {
    const shell = readBlocks("README.md").filter(({ info }) => info === "sh");
    const commands = shell.flatMap(({ text }) => text.split("\n"));
    expect(commands).toEqual(
      expect.arrayContaining(["npm ci && npm run demo", "npm ci && npm test"]),
    );
    expect(scripts).toMatchObject({ demo: expect.any(String), test: expect.any(String) });
  });

  it("justifies every runtime dependency in the decision about them", () => {
    const decision = readProjectFile("docs/adr/0011-runtime-dependencies.md");
    const unexplained = Object.keys(dependencies).filter(
      (name) => !decision.includes(`\`${name}\``),
    );
    expect(unexplained).toEqual([]);
  });
});
