import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Seconds that the slowest files take by themselves, as measured; they mostly wait. A file that is not
 * listed takes less than ten.
 */
const SECONDS: Readonly<Record<string, number>> = {
  "test/e2e/recovery.test.ts": 50,
  "test/e2e/actions.test.ts": 40,
  "test/full/commands.test.ts": 37,
  "test/e2e/security.test.ts": 36,
  "test/e2e/service-answers.test.ts": 35,
  "test/full/trigger-faults.test.ts": 35,
  "test/full/service-faults.test.ts": 28,
  "test/e2e/galleries.test.ts": 26,
  "test/e2e/uploads.test.ts": 25,
  "test/e2e/telemetry.test.ts": 22,
  "test/e2e/sources.test.ts": 20,
  "test/e2e/inspection.test.ts": 14,
  "test/full/functions-host.test.ts": 37,
  "test/full/world.test.ts": 26,
  "test/unit/cli/upload.test.ts": 25,
  "test/full/azurite.test.ts": 13,
  "test/unit/cli/upload-formats.test.ts": 10,
  "test/unit/concurrency.test.ts": 6,
  "test/unit/shared/stages/hostile-manifests.test.ts": 8,
  "test/unit/crash-points.test.ts": 6,
  "test/full/first-steps.test.ts": 65,
  "test/full/board.test.ts": 80,
  "test/full/remade-disks.test.ts": 40,
  "test/full/chaos.test.ts": 80,
  "test/full/conversion.test.ts": 75,
  "test/full/azure-cli.test.ts": 56,
  "test/full/conversions.test.ts": 55,
  "test/full/local-world.test.ts": 50,
  "test/full/killed-upload.test.ts": 39,
  "test/full/hostile-input.test.ts": 36,
  "test/full/demo.test.ts": 33,
  "test/full/conversion-formats.test.ts": 31,
  "test/full/completion-matrix.test.ts": 30,
  "test/full/uploaders.test.ts": 30,
};

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
    return [...projects.values()].flatMap((own) =>
      own.toSorted((a, b) => secondsOf(b) - secondsOf(a)),
    );
  }
}
