import v8 from "@vitest/coverage-v8";

/**
 * The coverage of V8, collected where tests call the code themselves. In the other projects the app runs
 * in processes of its own, of which nothing is seen from here: collecting costs a quarter of their time
 * and adds nothing.
 */
const isCollected = (): boolean => process.env.COLLECT_COVERAGE === "true";

type Hook = ((options: never) => unknown) | undefined;
const unlessSkipped =
  <T extends Hook>(hook: T) =>
  (options: never): unknown =>
    isCollected() ? hook?.call(v8, options) : undefined;

export default {
  ...v8,
  startCoverage: unlessSkipped(v8.startCoverage),
  takeCoverage: unlessSkipped(v8.takeCoverage),
  stopCoverage: unlessSkipped(v8.stopCoverage),
};
