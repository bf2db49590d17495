import { defineConfig } from "vitest/config";

/** What only calculates: many files share one thread, and nothing is loaded twice. */
const CALCULATES = { pool: "threads", isolate: false, maxWorkers: 2, sequence: { groupOrder: 0 } };
/** What starts processes and mostly waits for them; it leaves the cores to those. */
const WAITS = {
  maxWorkers: 3,
  sequence: { groupOrder: 1 },
  // A machine of CI may stop a process for seconds; here a test that fails fails.
  retry: process.env.CI ? 2 : 0,
};
/** Storage emulator of the run, one for all projects. */
const STORAGE = { globalSetup: ["test/storage/setup.ts"] };

/** Unit tests that replace what all files of a thread share: globals, environment, module mocks. */
const ALONE = [
  "test/unit/functions/index.test.ts",
  "test/unit/functions/compose.test.ts",
  "test/unit/functions/load-telemetry.test.ts",
  "test/unit/shared/opentelemetry/**/*.test.ts",
];
/** Processes, sockets and files are their subject. */
const PARTS = ["test/unit/local/**/*.test.ts", "test/unit/cli/*.test.ts"];

export default defineConfig({
  test: {
    coverage: {
      provider: "v8",
      include: ["functions/**/*.ts", "shared/**/*.ts"],
      thresholds: { lines: 95, branches: 94 },
      reporter: ["text-summary", "json-summary"],
    },
    projects: [
      {
        test: {
          ...CALCULATES,
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          exclude: [...ALONE, ...PARTS],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          ...WAITS,
          ...STORAGE,
          name: "parts",
          include: [...ALONE, ...PARTS],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...CALCULATES,
          name: "project",
          include: ["test/project/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...WAITS,
          ...STORAGE,
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...WAITS,
          ...STORAGE,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxConcurrency: 20,
        },
      },
      {
        test: {
          ...WAITS,
          ...STORAGE,
          name: "full",
          include: ["test/full/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
