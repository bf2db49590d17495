import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";

/**
 * Left out by Core Tools whatever `.funcignore` says.
 * https://github.com/Azure/azure-functions-core-tools
 */
const NEVER_PUBLISHED = [".git", ".vscode", ".funcignore", ".gitignore", "local.settings.json"];

/**
 * The files that `func azure functionapp publish` would publish: all of a folder but those that its
 * `.funcignore` excludes, in the language of `.gitignore`. Sorted, with forward slashes.
 *
 * Core Tools read that language in a way of their own, in which an exception holds whatever follows it;
 * a test sees to it that both ways come to the same files.
 */
export function listPackageFiles(appDirectory: string): readonly string[] {
  const rules = ignore()
    .add(readFileSync(join(appDirectory, ".funcignore"), "utf8"))
    .add(NEVER_PUBLISHED);
  return [...walk(appDirectory, "", rules)].sort();
}

function* walk(root: string, folder: string, rules: Ignore): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}${entry.name}`;
    // As in Git, nothing below an excluded folder comes back; there is no need to look into it.
    if (entry.isDirectory() && !rules.ignores(`${path}/`)) yield* walk(root, `${path}/`, rules);
    else if (entry.isFile() && !rules.ignores(path)) yield path;
  }
}
