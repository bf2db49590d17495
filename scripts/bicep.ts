import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BicepCompiler } from "./bicep-compiler.ts";
import { ROOT } from "./bundle.ts";
import { BICEP_VERSION, fetchBicep, findBicep } from "./find-bicep.ts";

/**
 * `npm run bicep`: compiles every template of `infra/` and fails on any error, warning, or line that is
 * not formatted; `-- --write` formats instead. Without a compiler nothing is checked, which is said plainly.
 */
const mayWrite = process.argv.includes("--write");
const path = findBicep() ?? fetchBicep();
if (path === null) {
  console.log(
    `NOT CHECKED: there is no Bicep compiler on this machine. Install bicep ${BICEP_VERSION} or newer ('az bicep install'), or dotnet to have it fetched.`,
  );
} else process.exitCode = (await check(path)) ? 0 : 1;

async function check(executable: string): Promise<boolean> {
  await using compiler = new BicepCompiler(executable);
  const problems: string[] = [];
  const files = readdirSync(join(ROOT, "infra"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".bicep"))
    .map((file) => join("infra", file))
    .sort();
  for (const file of files) {
    const full = join(ROOT, file);
    const { diagnostics } = await compiler.compile(full);
    for (const { level, code, message, range } of diagnostics)
      problems.push(`${file}:${range.start.line + 1}: ${level} ${code}: ${message}`);
    const formatted = await compiler.format(full);
    if (formatted === readFileSync(full, "utf8")) continue;
    if (mayWrite) writeFileSync(full, formatted);
    else problems.push(`${file}: not formatted; 'npm run bicep -- --write' formats it`);
  }
  for (const problem of problems) console.error(problem);
  console.log(
    `${files.length} templates, ${problems.length} problems (Bicep ${await compiler.readVersion()}, ${executable})`,
  );
  return problems.length === 0;
}
