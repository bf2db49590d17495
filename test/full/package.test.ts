import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stage } from "../../infra/azd/stage.ts";
import { packApp } from "../../scripts/pack-app.ts";
import { startTestWorld } from "../e2e/world.ts";
import { findNode22 } from "../node-22.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MAX_BYTES = 1_000_000;
const DISK = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };

const archive = packApp(ROOT);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vhd-to-image-package-"));
  for (const [path, content] of Object.entries(unzipSync(archive))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the deployed package", () => {
  it("holds host.json, package.json, and the files of the bundle", () => {
    const files = Object.keys(unzipSync(archive));

    expect(files.filter((file) => !file.startsWith("dist/"))).toEqual([
      "host.json",
      "package.json",
    ]);
    expect(files).toContain("dist/index.cjs");
    expect(files.filter((file) => !/\.(?:cjs|json)$/.test(file))).toEqual([]);
  });

  it("holds what Core Tools would publish", () => {
    const isPublished = readAsCoreTools(readFileSync(join(ROOT, ".funcignore"), "utf8"));
    const published = listFiles(ROOT, [".git", "node_modules"]).filter(isPublished);

    expect(Object.keys(unzipSync(archive))).toEqual(published.sort());
    expect(isPublished("node_modules/zod/package.json")).toBe(false);
  });

  it("holds what azd would deploy, byte for byte", () => {
    const staged = join(folder, "../", `azd-${process.pid}`);
    try {
      stage(ROOT, staged);

      const files = listFiles(staged, []).map((file) => [file, readFileSync(join(staged, file))]);
      const packed = Object.entries(unzipSync(archive));
      expect(files.toSorted()).toEqual(
        packed.map(([file, content]) => [file, Buffer.from(content)]).toSorted(),
      );
    } finally {
      rmSync(staged, { recursive: true, force: true });
    }
  });

  it(`is smaller than ${MAX_BYTES.toLocaleString("en")} bytes`, () => {
    expect(archive.length).toBeLessThan(MAX_BYTES);
  });

  it.for([
    { version: "22", nodePath: findNode22() },
    { version: "24", nodePath: process.execPath },
  ])(
    "makes an image on Node $version, with no package installed",
    async ({ version, nodePath }, { skip }) => {
      if (nodePath === null) {
        return skip("no Node 22 is installed: npm has none for this platform");
      }
      expect(execFileSync(nodePath, ["--version"], { encoding: "utf8" })).toMatch(`v${version}.`);
      expect(listNodeModulesAbove(folder)).toEqual([]);

      const test = await startTestWorld({}, undefined, { appDir: folder, nodePath });
      try {
        await test.putVhd("os.vhd");
        await test.putManifest("web.json", {
          properties: { hyperVGeneration: "V2", storageProfile: { osDisk: DISK } },
        });

        const status = await test.status("web.json");

        expect(status).toMatchObject({ state: "succeeded", error: null });
        const answer = await test.get(`status/${status.requestId}`);
        expect(answer.status).toBe(200);
        expect(await answer.json()).toMatchObject({ source: "web.json", state: "succeeded" });
      } finally {
        await test.close();
      }
    },
  );
});

describe("npm run package, in another folder and time zone", () => {
  let copy: string;
  const read = (name: string) => readFileSync(join(copy, "package", name));
  beforeAll(() => {
    // Beside the project and before it by name: the bundler orders modules by their paths, and those of
    // the packages are behind the link.
    copy = mkdtempSync(join(dirname(resolve(ROOT)), "!vhd-to-image copy-"));
    for (const path of SOURCES) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "junction");
    execFileSync(process.execPath, [join(copy, "scripts/package.ts")], {
      cwd: tmpdir(),
      env: { ...process.env, TZ: "Pacific/Kiritimati", LC_ALL: "C" },
      stdio: "pipe",
    });
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it("makes the same archive, byte for byte", () => {
    expect(hash(read("vhd-to-image.zip"))).toBe(hash(archive));
  });

  it("writes the checksums of what is beside them", () => {
    const lines = read("SHA256SUMS").toString().trimEnd().split("\n");
    const files = readdirSync(join(copy, "package")).filter((name) => name !== "SHA256SUMS");
    expect(lines.toSorted()).toEqual(
      files.map((name) => `${hash(read(name))}  ${name}`).toSorted(),
    );
    expect(files.toSorted()).toEqual(["vhd-to-image.cdx.json", "vhd-to-image.zip"]);
  });

  it("lists the packages that are bundled, with version and hash, and no tool", () => {
    const { metadata, components } = JSON.parse(read("vhd-to-image.cdx.json").toString()) as {
      metadata: Record<string, unknown>;
      components: { name: string; version: string; hashes?: { alg: string }[] }[];
    };
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(ROOT, "package.json"), "utf8"),
    ) as Record<"dependencies" | "devDependencies", Record<string, string>>;
    const listed = new Map(components.map(({ name, version }) => [name, version]));
    const direct = Object.keys(dependencies).filter((name) => listed.has(name));
    expect(direct.map((name) => listed.get(name))).toEqual(
      direct.map((name) => dependencies[name]),
    );
    expect(direct).toEqual(
      expect.arrayContaining(["@azure/identity", "@azure/storage-blob", "zod"]),
    );
    // The page is built with it, so its code is in the bundle.
    const bundled = Object.keys(devDependencies).filter((name) => listed.has(name));
    expect(bundled).toEqual(["preact"]);
    expect(components.filter(({ hashes }) => hashes?.[0]?.alg !== "SHA-512")).toEqual([]);
    expect(metadata).not.toHaveProperty("timestamp");
    expect(metadata.component).toMatchObject({ type: "application", name: "vhd-to-image" });
  });
});

/** What the package is made of, and nothing that was built. */
const SOURCES = [
  "board",
  "functions",
  "shared",
  "scripts",
  "host.json",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  ".funcignore",
  "test/node-22/package.json",
];

function hash(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * Which paths a `.funcignore` leaves as Core Tools see it: each line is compared with the beginning of
 * the path, up to the end of a word, and a line with `!` wins over all without, wherever it stands.
 * https://github.com/Azure/azure-functions-core-tools
 */
function readAsCoreTools(text: string): (path: string) => boolean {
  const lines = text.split("\n").map((line) => line.trim());
  const entries = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const begins = (patterns: readonly string[]): ((path: string) => boolean) => {
    const expressions = patterns.map((pattern) => {
      const literal = pattern.replace(/^\//, "").replace(/[^\w*]/g, "\\$&");
      const wild = literal.replace(/\*+/g, (stars) => (stars.length > 1 ? ".+" : "[^/]+"));
      return new RegExp(`^${wild}\\b`);
    });
    return (path) => expressions.some((expression) => expression.test(path));
  };
  const isExcluded = begins(entries.filter((line) => !line.startsWith("!")));
  const isException = begins(
    entries.flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : [])),
  );
  return (path) => isException(path) || !isExcluded(path);
}

/** All files of a folder, with forward slashes, but those of folders with one of these names. */
function listFiles(root: string, skipped: readonly string[], folder = ""): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return skipped.includes(entry.name) ? [] : listFiles(root, skipped, `${path}/`);
  });
}

/** Every `node_modules` in which Node would look for packages of an app in this folder. */
function listNodeModulesAbove(directory: string): readonly string[] {
  const own = join(directory, "node_modules");
  const parent = dirname(directory);
  return [
    ...(existsSync(own) ? [own] : []),
    ...(parent === directory ? [] : listNodeModulesAbove(parent)),
  ];
}
