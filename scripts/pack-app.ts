import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { listPackageFiles } from "./package-files.ts";

/** Every entry has the same time, so that the same files make the same archive. */
const MODIFIED = new Date(1980, 0, 1);

/** The zip archive that is deployed: what {@link listPackageFiles} lists, byte for byte repeatable. */
export function packApp(appDirectory: string): Uint8Array {
  const files: Zippable = {};
  for (const path of listPackageFiles(appDirectory)) {
    files[path] = readFileSync(join(appDirectory, path));
  }
  return zipSync(files, { level: 9, mtime: MODIFIED });
}
