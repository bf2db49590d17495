import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildApp } from "../../scripts/build-app.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vhd-to-image-build-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a build", () => {
  it("leaves its own files and no others, also when it is made twice at the same time", async () => {
    const output = join(folder, "dist");
    mkdirSync(output);
    writeFileSync(join(output, "of-an-earlier-build.cjs"), "");

    const [files] = await Promise.all([buildApp(output), buildApp(output)]);

    expect(readdirSync(output).sort()).toEqual(files.map(({ fileName }) => fileName).sort());
    expect(readdirSync(folder)).toEqual(["dist"]);
  });
});
