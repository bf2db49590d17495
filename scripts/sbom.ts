import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BundledFile, ROOT } from "./bundle.ts";

/** The parts of a CycloneDX document that are read or changed here; the rest is npm's. */
interface Sbom {
  serialNumber: string;
  metadata: {
    timestamp?: string;
    lifecycles: { phase: string }[];
    component: { type: string; name: string; version: string; "bom-ref": string };
  };
  components: { readonly name: string; readonly version: string; readonly "bom-ref": string }[];
  dependencies: { readonly ref: string; dependsOn: string[] }[];
}

/**
 * A software bill of materials of the archive, as CycloneDX JSON: npm's own, with the packages of which
 * something is in the bundle, and no others. The same archive has the same document.
 *
 * @param files the bundle, which knows the files that it was made of
 * @throws Error when npm does not know a package of the bundle
 */
export function makeSbom(files: readonly BundledFile[], archive: Uint8Array): string {
  const sbom = askNpm();
  const bundled = listPackages(files);
  const known = new Set(sbom.components.map(nameOf));
  const unknown = [...bundled].filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`npm sbom does not know ${unknown.join(", ")}`);
  const { component } = sbom.metadata;
  const { name, version } = readJson(join(ROOT, "package.json")) as typeof component;
  sbom.serialNumber = `urn:uuid:${uuidOf(archive)}`;
  delete sbom.metadata.timestamp;
  sbom.metadata.lifecycles = [{ phase: "build" }];
  // npm names it after the folder of the clone.
  sbom.metadata.component = { ...component, type: "application", name, version };
  sbom.components = sbom.components
    .filter((found) => bundled.has(nameOf(found)))
    .toSorted((a, b) => compare(a["bom-ref"], b["bom-ref"]));
  const refs = new Set([component["bom-ref"], ...sbom.components.map((found) => found["bom-ref"])]);
  sbom.dependencies = sbom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({
      ref,
      dependsOn: dependsOn.filter((to) => refs.has(to)).sort(),
    }))
    .toSorted((a, b) => compare(a.ref, b.ref));
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

function askNpm(): Sbom {
  const { status, stdout, stderr } = spawnSync(
    "npm",
    ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"],
    { cwd: ROOT, encoding: "utf8", maxBuffer: 64 * 1024 ** 2, shell: process.platform === "win32" },
  );
  if (status !== 0) throw new Error(`npm sbom failed: ${stderr}`);
  return JSON.parse(stdout) as Sbom;
}

/** `name@version` of every package of which the bundle has a file. */
function listPackages(files: readonly BundledFile[]): ReadonlySet<string> {
  const folders = files
    .flatMap(({ moduleIds }) => moduleIds)
    .flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? []);
  return new Set(
    [...new Set(folders)].map((folder) =>
      nameOf(readJson(join(folder, "package.json")) as { name: string; version: string }),
    ),
  );
}

function nameOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}@${version}`;
}

/** A UUID of version 8, which is free to use, from the hash of the archive. */
function uuidOf(archive: Uint8Array): string {
  const hash = createHash("sha256").update(archive).digest("hex");
  const variant = ((Number.parseInt(hash.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
