import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundle } from "../../scripts/bundle.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vhd-to-image-bundle-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("bundling", () => {
  it.each([
    ["a package", "no-such-package"],
    ["a file", "./no-such-file.ts"],
  ])("fails when %s is missing", async (_, name) => {
    const entry = join(folder, "entry.ts");
    writeFileSync(entry, `import { nothing } from "${name}";\nnothing();\n`);

    await expect(bundle(entry, join(folder, "output"))).rejects.toThrow(
      `Could not resolve '${name}'`,
    );
  });
});
