import { basename } from "node:path";
import { DiskReadError } from "../shared/disk/disk-reader.ts";
import { nameFix } from "../shared/disk/format/name-fix.ts";
import { inspectDisk } from "../shared/disk/inspect-disk.ts";
import { findBlobTypeProblem } from "./inspect/blob-type.ts";
import { InspectUsageError, readCommand, USAGE } from "./inspect/command-line.ts";
import { openSource, SourceError } from "./inspect/open-source.ts";
import { renderFinding } from "./inspect/render.ts";

/**
 * `npm run inspect -- FILE|URL`: prints what a disk is. Exit code 0 when the service would take it, 1
 * when not, 2 when it cannot be read or the command line is wrong.
 */
async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args);
  if (command.kind === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const source = await openSource(command.source, callerFolder());
  try {
    const { role, generation } = command;
    const finding = await inspectDisk(source.reader, { role, ...(generation && { generation }) });
    const problem = findBlobTypeProblem(source.blobType, role) ?? finding.problem;
    // As it was typed: the commands are to be run from there. A URL may hold a SAS.
    const isUrl = /^https?:/i.test(command.source);
    const file = isUrl ? basename(source.name) : command.source;
    const named = problem && { ...problem, fix: nameFix(problem.fix, file) };
    const result = { ...finding, problem: named };
    process.stdout.write(
      command.json ? `${JSON.stringify(result, null, 2)}\n` : renderFinding(source.name, result),
    );
    return problem === null ? 0 : 1;
  } finally {
    await source.close();
  }
}

/** Where a path on the command line starts: npm runs scripts in the project's folder. */
function callerFolder(): string {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return script === "inspect" && folder !== undefined ? folder : process.cwd();
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isExpected =
    error instanceof InspectUsageError ||
    error instanceof SourceError ||
    error instanceof DiskReadError;
  if (!isExpected) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
