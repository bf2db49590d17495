import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";

/** Something of the app that takes bytes of strangers, and what must hold for all of them. */
export interface FuzzTarget {
  readonly name: string;
  /** Runs so many cases and says what came of them. */
  run(options: FuzzOptions): Promise<FuzzOutcome>;
}

export interface FuzzOptions {
  readonly runs: number;
  /** The same seed gives the same cases. */
  readonly seed: number;
}

/** What became of the cases of one target. */
export interface FuzzOutcome {
  readonly target: string;
  readonly runs: number;
  readonly milliseconds: number;
  /** Of a single case. */
  readonly slowestMilliseconds: number;
  /** Memory still in use when all cases are done and garbage is collected; MiB more than before. */
  readonly heapGrowthMib: number;
  /** The smallest case that breaks a promise, and how; null when none does. */
  readonly finding: string | null;
}

/** A single case that works for longer counts as broken. Generous: a case takes a few milliseconds. */
export const CASE_LIMIT_MILLISECONDS = 2_000;
/** A case holds 256 KiB at most, and nothing of it may stay. The cases' generators keep a little. */
export const HEAP_LIMIT_MIB = 128;
const MIB = 1024 * 1024;
/** Of the error and of the case that are shown. */
const SHOWN_CHARACTERS = 2_000;

/** A target whose `check` throws for a case that breaks a promise. */
export function defineTarget<T>(
  name: string,
  cases: fc.Arbitrary<T>,
  check: (value: T) => void | Promise<void>,
): FuzzTarget {
  return {
    name,
    async run({ runs, seed }) {
      const meter = createMeter();
      const property = fc.asyncProperty(cases, (value) => meter.measure(() => check(value)));
      const rejections = watchRejections();
      const details = await fc.check(property, { numRuns: runs, seed, maxSkipsPerRun: 100 });
      // A promise that nobody waits for is reported when the tasks of this turn are done.
      await new Promise((resolve) => setImmediate(resolve));
      const stray = rejections.stop();
      const figures = meter.read();
      const finding = describeFailure(details) ?? stray ?? findLeak(figures);
      return {
        target: name,
        runs: details.numRuns,
        ...figures,
        finding: finding ?? null,
      };
    },
  };
}

function describeFailure<T>({ failed, errorInstance, ...details }: fc.RunDetails<T>) {
  if (!failed) return undefined;
  const error = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
  const shown = fc.stringify(details.counterexample).slice(0, SHOWN_CHARACTERS);
  return `${error?.slice(0, SHOWN_CHARACTERS)}\nsmallest case (path ${details.counterexamplePath}): ${shown}`;
}

type Figures = Pick<FuzzOutcome, "milliseconds" | "slowestMilliseconds" | "heapGrowthMib">;

interface Meter {
  measure(act: () => void | Promise<void>): Promise<void>;
  read(): Figures;
}

function createMeter(): Meter {
  const heapBefore = measureHeap();
  const startedAt = performance.now();
  let slowest = 0;
  return {
    async measure(act) {
      const before = cpuMilliseconds();
      await act();
      const milliseconds = cpuMilliseconds() - before;
      slowest = Math.max(slowest, milliseconds);
      if (milliseconds > CASE_LIMIT_MILLISECONDS) {
        throw new Error(`the case took ${Math.round(milliseconds)} ms`);
      }
    },
    read: () => ({
      milliseconds: Math.round(performance.now() - startedAt),
      slowestMilliseconds: Math.round(slowest),
      heapGrowthMib: Math.round((measureHeap() - heapBefore) / MIB),
    }),
  };
}

/** Time that this thread has worked, whatever else the machine does. */
function cpuMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function findLeak({ heapGrowthMib }: Figures): string | undefined {
  return heapGrowthMib > HEAP_LIMIT_MIB ? `memory grew by ${heapGrowthMib} MiB` : undefined;
}

/** Bytes of memory in use without garbage. */
function measureHeap(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

function watchRejections(): { stop(): string | undefined } {
  let first: string | undefined;
  const note = (reason: unknown): void => {
    first ??= `a promise was rejected that nobody waits for: ${String(reason)}`;
  };
  process.on("unhandledRejection", note);
  return {
    stop: () => {
      process.off("unhandledRejection", note);
      return first;
    },
  };
}
