import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/**
 * What only calculates takes every core. What starts processes and waits for them leaves some to those:
 * it comes afterwards, in half as many files at a time.
 */
const CORES = availableParallelism();
const CALCULATES = { maxWorkers: CORES, sequence: { groupOrder: 0 } };
const STARTS_PROCESSES = {
  maxWorkers: Math.max(1, Math.floor(CORES / 2)),
  sequence: { groupOrder: 1 },
};

export default defineConfig({
  test: {
    coverage: {
      provider: "v8",
      include: ["functions/**/*.ts", "shared/**/*.ts"],
      thresholds: { lines: 95, branches: 95 },
      reporter: ["text-summary", "json-summary"],
    },
    projects: [
      {
        test: {
          ...CALCULATES,
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          ...CALCULATES,
          name: "project",
          include: ["test/project/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          ...CALCULATES,
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...STARTS_PROCESSES,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxConcurrency: 20,
        },
      },
    ],
  },
});
