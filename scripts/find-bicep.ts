import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** The compiler that the templates are written for; what is fetched has this hash or is not used. */
export const BICEP_VERSION = "0.49.2";
const SHA256 = "0ab9de90c2493f206f8281bae74f9ee2d5ed3605548dab1adf41fef185e1f7c5";
const PACKAGE = "Azure.Bicep.CommandLine.linux-x64";

const EXECUTABLE = process.platform === "win32" ? "bicep.exe" : "bicep";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Path of a Bicep compiler of this machine: what `BICEP` names, one on the path, that of the Azure CLI,
 * or one that {@link fetchBicep} has fetched. Null when there is none.
 */
export function findBicep(environment: Environment = process.env): string | null {
  const candidates = [
    environment.BICEP ?? "",
    ...(environment.PATH ?? "").split(delimiter).map((folder) => join(folder, EXECUTABLE)),
    join(homedir(), ".azure/bin", EXECUTABLE),
    cachedBicep(environment),
  ];
  return candidates.find((path) => path !== "" && existsSync(path)) ?? null;
}

/**
 * Fetches the compiler as a NuGet package, by `dotnet`, from where this machine gets its packages, and
 * returns its path; null where `dotnet` is missing or fetches nothing, or the platform is another one.
 *
 * @throws Error when what came is not the compiler that was requested.
 */
export function fetchBicep(environment: Environment = process.env): string | null {
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  const work = mkdtempSync(join(tmpdir(), "bicep-"));
  try {
    const project = join(work, "fetch.csproj");
    writeFileSync(
      project,
      `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>netstandard2.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="${PACKAGE}" Version="[${BICEP_VERSION}]" /></ItemGroup>
</Project>
`,
    );
    const packages = join(work, "packages");
    spawnSync("dotnet", ["restore", project, "--packages", packages], { stdio: "ignore" });
    const fetched = join(packages, PACKAGE.toLowerCase(), BICEP_VERSION, "tools", EXECUTABLE);
    return existsSync(fetched) ? keep(fetched, cachedBicep(environment)) : null;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Moves a checked copy into place in one step: two processes may fetch at once. */
function keep(fetched: string, target: string): string {
  const hash = createHash("sha256").update(readFileSync(fetched)).digest("hex");
  if (hash !== SHA256)
    throw new Error(`${PACKAGE} ${BICEP_VERSION} has the SHA-256 ${hash}, expected ${SHA256}`);
  mkdirSync(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}`;
  copyFileSync(fetched, temporary);
  chmodSync(temporary, 0o755);
  renameSync(temporary, target);
  return target;
}

function cachedBicep({ XDG_CACHE_HOME }: Environment): string {
  return join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), `bicep-${BICEP_VERSION}`, EXECUTABLE);
}
