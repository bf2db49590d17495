import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOMS } from "./import-rules.ts";
import { type Row, readCodes, readTables } from "./markdown.ts";
import { ROOT, readProjectFile } from "./source-files.ts";

const DOCUMENT = "docs/architecture.md";
const ROWS = readTables(DOCUMENT, "### Where a change goes");

/** Files and folders that a row names; `NAME` stands for what is new. */
function listPaths(row: Row): readonly string[] {
  return Object.values(row)
    .flatMap(readCodes)
    .filter((code) => /[/.]/.test(code) && !/\bNAME\b/.test(code));
}

describe("where a change goes", () => {
  it("is said of everything that gets added again and again", () => {
    expect(ROWS.map(({ change }) => change)).toEqual(
      expect.arrayContaining([
        "a setting",
        "a state",
        "a route",
        "an output kind",
        "a disk format",
      ]),
    );
  });

  it.each(ROWS.map((row) => [row.change, row] as const))("names paths that exist: %s", (_, row) => {
    const paths = listPaths(row);
    expect(paths.length).toBeGreaterThan(2);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it("leaves no change without a document", () => {
    expect(ROWS.filter((row) => readCodes(row["in the documents"]).length === 0)).toEqual([]);
  });
});

describe("the overview of the code", () => {
  const text = readProjectFile(DOCUMENT);
  const overview = text.slice(text.indexOf("## Code"), text.indexOf("### Where a change goes"));

  it("has every room of the deployed code, and no other folder of shared/", () => {
    const isNamed = ({ name }: { name: string }) =>
      [`${name}/`, `${name}.ts`].some((form) => overview.includes(form));
    expect(ROOMS.filter((room) => !isNamed(room))).toEqual([]);
    const listed = [...overview.matchAll(/^ {2}([\w-]+)\/ /gm)].map(([, folder = ""]) => folder);
    expect(listed.length).toBeGreaterThan(5);
    expect(listed.filter((folder) => !existsSync(join(ROOT, "shared", folder)))).toEqual([]);
  });
});
