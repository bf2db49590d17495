import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Text of a file, by its path from the root of the repository. */
export function readProjectFile(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Paths, from the root of the repository, of all files below a folder that end as asked. */
export function listFiles(folder: string, extension: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort();
}

/** One import or re-export of a module. */
export interface Import {
  /** Path of the importing file. */
  readonly from: string;
  /** Path of the imported file, or the name of a package. */
  readonly to: string;
  readonly isRelative: boolean;
  /** Whether nothing but types comes over. */
  readonly isTypeOnly: boolean;
}

const STATEMENT =
  /^(?:import|export)\s+(?<type>type\s)?(?:[^;"]*?\sfrom\s+)?"(?<specifier>[^"]+)"|\bimport\(\s*"(?<dynamic>[^"]+)"\s*\)/gm;

/** Every import of a source file, dynamic ones included. */
export function listImports(file: string): readonly Import[] {
  return [...readProjectFile(file).matchAll(STATEMENT)].map(({ groups = {} }) => {
    const specifier = groups.specifier ?? groups.dynamic ?? "";
    const isRelative = specifier.startsWith(".");
    return {
      from: file,
      to: isRelative ? normalize(join(dirname(file), specifier)) : packageName(specifier),
      isRelative,
      isTypeOnly: groups.type !== undefined,
    };
  });
}

/** `@azure/identity/x` as `@azure/identity`; built-in modules as `node`. */
function packageName(specifier: string): string {
  if (specifier.startsWith("node:")) return "node";
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
