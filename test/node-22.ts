import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const WORKSPACE = fileURLToPath(new URL("node-22/", import.meta.url));

/** The executable of the workspace that has the older Node, null where npm has none for the platform. */
export function findNode22(): string | null {
  const { optionalDependencies } = JSON.parse(
    readFileSync(join(WORKSPACE, "package.json"), "utf8"),
  ) as { optionalDependencies: Record<string, string> };
  for (const name of Object.keys(optionalDependencies)) {
    const manifest = join(WORKSPACE, "node_modules", name, "package.json");
    if (!existsSync(manifest)) continue;
    const { version, bin } = JSON.parse(readFileSync(manifest, "utf8")) as {
      version: string;
      bin: { node: string };
    };
    if (version === optionalDependencies[name]) return join(dirname(manifest), bin.node);
  }
  return null;
}
