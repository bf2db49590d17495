import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startOnce } from "../../bench/run-child.ts";
import type { StartReport } from "../../bench/start-child.ts";
import { buildApp } from "../../scripts/build-app.ts";
import { type BundledFile, bundle } from "../../scripts/bundle.ts";

/** Without these no function can be registered; every other package waits until it is needed. */
const NEEDED_PACKAGES = ["@azure/functions", "@azure/functions-extensions-base", "cookie"];

let folder: string;
let files: readonly BundledFile[];
let report: StartReport;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "vhd-to-image-start-")));
  const app = join(folder, "app");
  files = await buildApp(join(app, "dist"));
  writeFileSync(join(app, "package.json"), JSON.stringify({ main: "dist/index.cjs" }));
  await bundle("bench/start-child.ts", join(folder, "child"));
  const environment = { ...process.env, ImageStorage: "UseDevelopmentStorage=true" };
  report = await startOnce(app, { child: join(folder, "child/index.cjs"), environment });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("until all functions are registered, the app", () => {
  it("loads its first file and what that cannot do without", () => {
    const names = report.loadedFiles.map((file) => file.replaceAll("\\", "/"));

    expect(report.functions).toBeGreaterThan(0);
    expect(names.sort()).toEqual(listStaticFiles("index.cjs").map((name) => `dist/${name}`));
  });

  it("has no other package in memory", () => {
    const loaded = listStaticFiles("index.cjs").flatMap((name) => listPackages([name]));

    expect([...new Set(loaded)].sort()).toEqual(NEEDED_PACKAGES);
  });
});

describe("what is loaded later", () => {
  it.each([
    "@azure/arm-compute",
    "@azure/data-tables",
    "@azure/identity",
    "@azure/monitor-opentelemetry-exporter",
    "@azure/storage-blob",
    "@azure/storage-queue",
    "zod",
  ])("includes %s", (name) => {
    expect(listPackages(files.map(({ fileName }) => fileName))).toContain(name);
  });

  it("does not repeat a package that is there once for the whole process", () => {
    const packages = files.flatMap(({ fileName }) => listPackages([fileName]));

    for (const name of NEEDED_PACKAGES) {
      expect(packages.filter((each) => each === name)).toHaveLength(1);
    }
  });
});

/** A file of the bundle and the files that it loads at once, sorted. */
function listStaticFiles(first: string): readonly string[] {
  const found = new Set<string>();
  const add = (name: string): void => {
    const file = files.find(({ fileName }) => fileName === name);
    if (file === undefined || found.has(name)) return;
    found.add(name);
    file.imports.forEach(add);
  };
  add(first);
  return [...found].sort();
}

/** Packages that files of the bundle hold code of. */
function listPackages(names: readonly string[]): readonly string[] {
  const modules = files
    .filter(({ fileName }) => names.includes(fileName))
    .flatMap(({ moduleIds }) => moduleIds);
  const packages = modules.flatMap((id) => {
    const match = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1];
    return match === undefined ? [] : [match.replace("\\", "/")];
  });
  return [...new Set(packages)];
}
