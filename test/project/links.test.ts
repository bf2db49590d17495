import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { listFiles, ROOT, readProjectFile } from "./source-files.ts";

const DOCUMENTS = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  ...listFiles("docs", ".md"),
  ...listFiles("local", ".md"),
];

/** Targets of all links and images that lead into the repository; code blocks hold none. */
function listLinks(document: string): readonly string[] {
  const prose = readProjectFile(document).replace(/^```[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Anchors of a document, as GitHub makes them from its headings. */
function listAnchors(document: string): readonly string[] {
  return [...readProjectFile(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function leadsNowhere(document: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? document : normalize(join(dirname(document), path));
  if (!existsSync(join(ROOT, target))) return true;
  return anchor !== undefined && !listAnchors(target).includes(anchor);
}

describe("the documents", () => {
  it.each(DOCUMENTS)("%s links to files and headings that exist", (document) => {
    const broken = listLinks(document).filter((link) => leadsNowhere(document, link));
    expect(broken).toEqual([]);
  });

  it("can all be reached from the README", () => {
    const reached = new Set(["README.md"]);
    for (const document of reached) {
      if (!document.endsWith(".md")) continue;
      for (const link of listLinks(document)) {
        const path = link.split("#")[0] ?? "";
        if (path !== "") reached.add(normalize(join(dirname(document), path)));
      }
    }
    const unreached = listFiles("docs", "").filter((document) => !reached.has(document));
    expect(unreached).toEqual([]);
  });
});
