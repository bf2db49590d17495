import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stage } from "../../infra/azd/stage.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stage-"));
  mkdirSync(join(root, "dist"));
  for (const file of ["host.json", "secret.json", "dist/index.cjs", "dist/index.cjs.map"])
    writeFileSync(join(root, file), file);
  writeFileSync(join(root, ".funcignore"), "*\n!host.json\n!dist\n!dist/**\ndist/**/*.map\n");
});

afterEach(() => rmSync(root, { recursive: true }));

function listStaged(): readonly string[] {
  const entries = readdirSync(join(root, "out"), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, "out/").length))
    .sort();
}

describe("what is laid out for deployment", () => {
  it("is what .funcignore leaves", () => {
    stage(root, join(root, "out"));
    expect(listStaged()).toEqual(["dist/index.cjs", "host.json"]);
  });

  it("holds nothing of an earlier build", () => {
    mkdirSync(join(root, "out/dist"), { recursive: true });
    writeFileSync(join(root, "out/dist/old.cjs"), "old");
    stage(root, join(root, "out"));
    expect(listStaged()).not.toContain("dist/old.cjs");
  });
});
