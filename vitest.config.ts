import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./test/run/slowest-first.ts";

// Every process of a run keeps its compiled code there and starts in half the time from the second
// on: this one's workers, Azurite, the functions host, the commands. What tests cover is compiled by
// Vitest, past this cache, so that coverage stays exact.
const COMPILED_CODE =
  process.env.NODE_COMPILE_CACHE ??
  fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));
process.env.NODE_COMPILE_CACHE = COMPILED_CODE;

// glibc gives freed memory back to the system and takes it again, page by page, with each buffer; in a
// virtual machine those page faults take a quarter of the processor time. The workers and what they start
// keep what they had.
process.env.MALLOC_MMAP_THRESHOLD_ ??= `${64 * 2 ** 20}`;
process.env.MALLOC_TRIM_THRESHOLD_ ??= `${512 * 2 ** 20}`;
process.env.MALLOC_TOP_PAD_ ??= `${16 * 2 ** 20}`;
// And what they take, they take in pages of 2 MiB where Linux has them: one page fault instead of 512.
process.env.GLIBC_TUNABLES ??= "glibc.malloc.hugetlb=1";

/** In every project. */
const COMPARED = { setupFiles: ["test/run/compare-bytes.ts"] };

/** What only calculates: many files share one thread, and nothing is loaded twice. */
const CALCULATES = {
  ...COMPARED,
  pool: "threads",
  isolate: false,
  maxWorkers: 2,
  sequence: { groupOrder: 0 },
};
/** What starts processes and mostly waits for them; it leaves the cores to those. */
const WAITS = {
  ...COMPARED,
  // A process for many files: each of its own would load the Azure libraries again, for a second.
  isolate: false,
  maxWorkers: 4,
  sequence: { groupOrder: 1 },
  // A machine of CI may stop a process for seconds; here a test that fails fails.
  retry: process.env.CI ? 2 : 0,
};
/** One group, which SlowestFirst orders: the one waits while the other keeps the cores busy. */
const SPREAD = { sequence: { groupOrder: 2 } };
/** Storage emulator and bundled host of the run, one for all projects. */
const WORLD = { globalSetup: ["test/storage/setup.ts", "test/storage/bundle-host.ts"] };

/** Where tests call what is deployed themselves, in the process that collects its coverage. */
const COVERED = { env: { COLLECT_COVERAGE: "true" } };
/** Where they do not: coverage changes nothing about their processes. */
const UNCOVERED = {
  env: { COMPILED_CODE },
  setupFiles: [...COMPARED.setupFiles, "test/run/keep-compiled.ts"],
};

/** Unit tests that replace what all files of a process share: globals, environment, module mocks. */
const ALONE = [
  "test/unit/functions/index.test.ts",
  "test/unit/functions/compose.test.ts",
  "test/unit/functions/load-telemetry.test.ts",
  "test/unit/shared/opentelemetry/**/*.test.ts",
];
/** Processes, sockets and files are their subject. */
const PARTS = [
  "test/unit/local/**/*.test.ts",
  "test/unit/cli/*.test.ts",
  "test/unit/shared/disk/format/printed-commands.test.ts",
];

export default defineConfig({
  test: {
    sequence: { sequencer: SlowestFirst },
    coverage: {
      provider: "custom",
      customProviderModule: "test/run/coverage.ts",
      include: ["functions/**/*.ts", "shared/**/*.ts"],
      thresholds: { lines: 95, branches: 94 },
      reporter: ["text-summary", "json-summary"],
    },
    projects: [
      {
        test: {
          ...CALCULATES,
          ...COVERED,
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          exclude: [...ALONE, ...PARTS],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          ...WAITS,
          ...WORLD,
          ...UNCOVERED,
          name: "parts",
          include: PARTS,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...WAITS,
          ...WORLD,
          isolate: true,
          ...COVERED,
          name: "alone",
          include: ALONE,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...CALCULATES,
          ...UNCOVERED,
          name: "project",
          include: ["test/project/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...WAITS,
          ...WORLD,
          ...COVERED,
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...WAITS,
          ...WORLD,
          ...UNCOVERED,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          ...SPREAD,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxConcurrency: 20,
        },
      },
      {
        test: {
          ...WAITS,
          ...WORLD,
          ...UNCOVERED,
          globalSetup: [...WORLD.globalSetup, "test/run/build-command.ts"],
          name: "full",
          include: ["test/full/**/*.test.ts"],
          ...SPREAD,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
