import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listPackageFiles } from "../../scripts/package-files.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Copies what is deployed of a folder, by its `.funcignore`, to another one, which is emptied before. */
export function stage(root: string, target: string): void {
  rmSync(target, { recursive: true, force: true });
  for (const file of listPackageFiles(root)) cpSync(join(root, file), join(target, file));
}

if (import.meta.main) stage(ROOT, join(ROOT, "infra/azd/dist"));
