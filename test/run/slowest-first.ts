import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Seconds that the slowest files take in a run of all tests on two cores, as its reporter says, slowest
 * first. A file that is not listed takes less than ten.
 */
const SECONDS: Readonly<Record<string, number>> = {
  "test/full/azure-cli.test.ts": 142,
  "test/full/chaos.test.ts": 112,
  "test/full/completion-matrix.test.ts": 105,
  "test/full/first-steps.test.ts": 92,
  "test/full/conversion.test.ts": 89,
  "test/full/board.test.ts": 84,
  "test/full/hostile-input.test.ts": 61,
  "test/full/trigger-faults.test.ts": 58,
  "test/e2e/recovery.test.ts": 58,
  "test/full/demo.test.ts": 52,
  "test/full/local-world.test.ts": 48,
  "test/full/gallery-errors.test.ts": 46,
  "test/e2e/telemetry.test.ts": 44,
  "test/full/package.test.ts": 44,
  "test/e2e/galleries.test.ts": 40,
  "test/full/conversions.test.ts": 38,
  "test/full/killed-upload.test.ts": 37,
  "test/full/functions-host.test.ts": 36,
  "test/full/uploaders.test.ts": 36,
  "test/e2e/actions.test.ts": 36,
  "test/e2e/service-answers.test.ts": 36,
  "test/e2e/security.test.ts": 35,
  "test/e2e/uploads.test.ts": 35,
  "test/full/remade-disks.test.ts": 34,
  "test/full/conversion-formats.test.ts": 33,
  "test/full/service-faults.test.ts": 32,
  "test/full/commands.test.ts": 31,
  "test/unit/cli/upload.test.ts": 28,
  "test/full/infra-compiled.test.ts": 28,
  "test/full/command-line.test.ts": 26,
  "test/full/world.test.ts": 24,
  "test/full/board-of-app.test.ts": 22,
  "test/full/big-disk.test.ts": 20,
  "test/full/fuzz.test.ts": 20,
  "test/full/secrets.test.ts": 18,
  "test/unit/shared/disk/format/printed-commands.test.ts": 18,
  "test/full/command-package.test.ts": 18,
  "test/e2e/http.test.ts": 16,
  "test/e2e/inspection.test.ts": 16,
  "test/e2e/sources.test.ts": 16,
  "test/unit/cli/upload-formats.test.ts": 14,
  "test/unit/local/chaos/arena.test.ts": 11,
  "test/contract/gallery-errors.test.ts": 10,
  "test/unit/local/arm-simulator/blobs.test.ts": 10,
};

/** The projects of one group: the files of the first mostly wait, those of the second keep the cores busy. */
const WAITING = "e2e";
const BUSY = "full";
/** So many files of the second start for one of the first. */
const BUSY_FOR_ONE = 3;

/**
 * Starts the slowest files of each project first, so that none is left over at the end while a core
 * idles. The runner's own order does the same from the second run on, by what it remembers; a fresh
 * checkout has only the sizes of the files, which say nothing about how long a test waits.
 */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = new Map<string, TestSpecification[]>();
    for (const file of sorted) {
      const { name } = file.project;
      projects.set(name, [...(projects.get(name) ?? []), file]);
    }
    const secondsOf = ({ moduleId }: TestSpecification): number =>
      SECONDS[relative(this.ctx.config.root, moduleId)] ?? 0;
    const slowest = (project: string): TestSpecification[] =>
      (projects.get(project) ?? []).toSorted((a, b) => secondsOf(b) - secondsOf(a));
    const others = [...projects.keys()].filter((name) => name !== WAITING && name !== BUSY);
    return [...others.flatMap(slowest), ...spread(slowest(WAITING), slowest(BUSY))];
  }
}

/** Both in their order, so that some of the first run beside the second from the start to the end. */
function spread<T>(some: readonly T[], many: readonly T[]): T[] {
  const left = [...some];
  const spreadOut = many.flatMap((file, index) =>
    index % BUSY_FOR_ONE === 0 ? [...left.splice(0, 1), file] : [file],
  );
  return [...spreadOut, ...left];
}
