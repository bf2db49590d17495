import { describe, expect, it } from "vitest";
import { listFiles, readProjectFile } from "./source-files.ts";
import { findPhrases, PHRASES, readProse, readTexts } from "./words.ts";

const DOCUMENTS = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...listFiles("docs", ".md"),
  ...listFiles("local", ".md"),
];

/** Folders whose messages, comments and test names are held to the list as well. */
const CODE_FOLDERS = ["functions", "shared", "cli", "board", "local", "scripts", "bench", "test"];

/** They quote the phrases. */
const QUOTING = ["test/project/words.ts", "test/project/words.test.ts"];

describe("the list of phrases", () => {
  it.each(PHRASES)("finds '$found', and leaves '$fine' alone", ({ pattern, found, fine }) => {
    expect(found).toMatch(pattern);
    expect(findPhrases(fine)).toEqual([]);
  });

  it("reports the line and what to write", () => {
    expect(findPhrases("fine\nThe file is no VHD.")).toEqual([
      { line: 2, phrase: "is no V", instead: "is not a" },
    ]);
  });
});

describe("readProse", () => {
  it("leaves code out, keeps diagrams and the numbers of lines", () => {
    const document = "```sh\nno such\n```\n\n```mermaid\nno such\n```\nno such";
    expect(findPhrases(readProse(document)).map(({ line }) => line)).toEqual([6, 8]);
  });
});

describe("readTexts", () => {
  it("keeps strings, templates and comments, and nothing else", () => {
    const source = [
      "/** no such doc */",
      'const noSuch = "no such";',
      "const wished = 1; // for ever",
      "const t = `asked for $" + "{wished}`;",
      "const pattern = /wished '/;",
      "const after = 'looked at';",
    ].join("\n");
    expect(findPhrases(readTexts(source)).map(({ line, phrase }) => `${line} ${phrase}`)).toEqual([
      "1 no such",
      "2 no such",
      "3 for ever",
      "4 asked for",
      "4 wished",
      "6 looked at",
    ]);
  });
});

describe("the wording", () => {
  it.each(DOCUMENTS)("of %s has none of the phrases", (document) => {
    expect(findPhrases(readProse(readProjectFile(document)))).toEqual([]);
  });

  it.each(CODE_FOLDERS)("of the code in %s has none of the phrases", (folder) => {
    const files = [...listFiles(folder, ".ts"), ...listFiles(folder, ".tsx")];
    const sources = files.filter((file) => !QUOTING.includes(file));
    expect(sources.length).toBeGreaterThan(0);
    const hits = sources.flatMap((file) =>
      findPhrases(readTexts(readProjectFile(file))).map((hit) => ({ file, ...hit })),
    );
    expect(hits).toEqual([]);
  });
});
