import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findNode22 } from "../node-22.ts";
import { ROOT, readProjectFile } from "./source-files.ts";

interface Manifest {
  readonly engines: { readonly node: string };
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly deprecated?: string;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
}

const root = JSON.parse(readProjectFile("package.json")) as Manifest;
const node22 = JSON.parse(readProjectFile("test/node-22/package.json")) as Manifest;
const { packages } = JSON.parse(readProjectFile("package-lock.json")) as {
  packages: Readonly<Record<string, LockedPackage>>;
};
const installed = Object.entries(packages).filter(([path]) => path.includes("node_modules/"));

const CHECK = join(ROOT, "scripts/check-node.cjs");

describe("the lock file", () => {
  it("has a hash of everything that is installed", () => {
    const unlocked = installed.filter(
      ([, { link, integrity }]) => link !== true && !integrity?.startsWith("sha512-"),
    );
    expect(installed.length).toBeGreaterThan(100);
    expect(unlocked).toEqual([]);
  });

  it("has no package whose install script runs, which could fetch what no hash covers", () => {
    const scripted = installed
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ""));
    expect(root.allowScripts).toEqual(Object.fromEntries(scripted.map((name) => [name, false])));
  });

  it("has no deprecated package, of which npm would warn", () => {
    expect(installed.filter(([, { deprecated }]) => deprecated !== undefined)).toEqual([]);
  });
});

describe.each([
  { manifest: root, folder: "node_modules/", version: /^24\.\d+\.\d+$/ },
  { manifest: node22, folder: "test/node-22/node_modules/", version: /^22\.\d+\.\d+$/ },
])("the Node packages of $folder", ({ manifest, folder, version }) => {
  const names = Object.keys(manifest.optionalDependencies);

  it("are of one exact version", () => {
    const versions = [...new Set(Object.values(manifest.optionalDependencies))];
    expect(versions).toEqual([expect.stringMatching(version)]);
  });

  it("are locked, each for its platform, with a binary that npm links", () => {
    for (const name of names) {
      const locked = packages[`${folder}${name}`];
      const [, os, cpu] = /^node-(\w+)-(\w+)$/.exec(name) ?? [];
      expect(locked).toMatchObject({
        version: manifest.optionalDependencies[name],
        os: os === "win" ? "win32" : os,
        cpu,
        bin: { node: expect.stringMatching(/^bin\/node(?:\.exe)?$/) },
      });
    }
  });
});

it("both Nodes are for the same platforms: npm would link a lone Node 22 as the one for scripts", () => {
  expect(Object.keys(node22.optionalDependencies)).toEqual(Object.keys(root.optionalDependencies));
});

it("the tests run on the Node that is locked, where there is one for the platform", ({ skip }) => {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const locked = root.optionalDependencies[`node-${platform}-${process.arch}`];
  if (locked === undefined) return skip("this machine brings its own Node");
  expect(process.versions.node).toBe(locked);
});

describe("the check before a script", () => {
  const run = (node: string) =>
    spawnSync(node, [`--require=${CHECK}`, "--eval", "console.log('ran')"], { encoding: "utf8" });

  it("lets the Node of this repository through", () => {
    expect(run(process.execPath)).toMatchObject({ status: 0, stdout: "ran\n", stderr: "" });
  });

  it("says what to do where Node is too old", ({ skip }) => {
    const old = findNode22();
    if (old === null) return skip("no Node 22 is installed: npm has none for this platform");
    const { status, stdout, stderr } = run(old);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/need Node 24\.2 or newer; this is Node 22\..*nodejs\.org/s);
  });

  it("stands before the build, with which the two commands of the README begin", () => {
    expect(root.scripts.build).toMatch(/^node --require=\.\/scripts\/check-node\.cjs /);
    for (const name of ["demo", "test"])
      expect(root.scripts[name]).toMatch(/^npm run --silent build && /);
  });
});

it("the app says that it runs on the two versions of Node that the package is tested on", () => {
  expect(root.engines.node).toBe("22.x || 24.x");
});
