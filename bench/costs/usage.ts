import { summarize } from "../statistics.ts";
import { OPERATION_CLASSES, type OperationClass } from "./operation-classes.ts";

/** What something used that costs money. Estimates may be fractions. */
export interface Usage {
  readonly operations: Readonly<Record<OperationClass, number>>;
  /** Bytes of blobs that were read. */
  readonly blobBytes: number;
  /** Calls to Resource Manager that read, and those that write. */
  readonly armReads: number;
  readonly armWrites: number;
  readonly executions: number;
  /** Seconds that the functions ran. */
  readonly seconds: number;
  /** Seconds that are billed if no two executions share an instance's time; see {@link billedSeconds}. */
  readonly billedSeconds: number;
}

export const NO_USAGE: Usage = {
  operations: mapClasses(() => 0),
  blobBytes: 0,
  armReads: 0,
  armWrites: 0,
  executions: 0,
  seconds: 0,
  billedSeconds: 0,
};

const MINIMUM_SECONDS = 1;
const ROUNDED_UP_TO_MS = 100;

/**
 * Seconds that the Flex Consumption plan bills for an execution that has an instance to itself: at
 * least one, above that rounded up to 0.1
 * (https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#billing).
 */
export function billedSeconds(durationMs: number): number {
  const rounded = (Math.ceil(durationMs / ROUNDED_UP_TO_MS) * ROUNDED_UP_TO_MS) / 1000;
  return Math.max(MINIMUM_SECONDS, rounded);
}

/** Gigabyte-seconds of so many seconds on an instance of this memory, in MB. */
export function gigabyteSeconds(seconds: number, memoryMb: number): number {
  return (seconds * memoryMb) / 1024;
}

/** The sum of all. */
export function addUsage(usages: readonly Usage[]): Usage {
  return usages.reduce((sum, one) => combine(sum, one, (a, b) => a + b), NO_USAGE);
}

/** So many times the same. */
export function scaleUsage(usage: Usage, factor: number): Usage {
  return combine(usage, NO_USAGE, (value) => value * factor);
}

/** The median of each figure by itself, of at least one usage. */
export function medianUsage(usages: readonly Usage[]): Usage {
  const median = (figure: (usage: Usage) => number): number => summarize(usages.map(figure)).median;
  return {
    operations: mapClasses((each) => median(({ operations }) => operations[each])),
    blobBytes: median(({ blobBytes }) => blobBytes),
    armReads: median(({ armReads }) => armReads),
    armWrites: median(({ armWrites }) => armWrites),
    executions: median(({ executions }) => executions),
    seconds: median(({ seconds }) => seconds),
    billedSeconds: median((usage) => usage.billedSeconds),
  };
}

/** All storage operations, of whatever class. */
export function countOperations({ operations }: Usage): number {
  return OPERATION_CLASSES.reduce((sum, each) => sum + operations[each], 0);
}

function combine(one: Usage, other: Usage, join: (a: number, b: number) => number): Usage {
  return {
    operations: mapClasses((each) => join(one.operations[each], other.operations[each])),
    blobBytes: join(one.blobBytes, other.blobBytes),
    armReads: join(one.armReads, other.armReads),
    armWrites: join(one.armWrites, other.armWrites),
    executions: join(one.executions, other.executions),
    seconds: join(one.seconds, other.seconds),
    billedSeconds: join(one.billedSeconds, other.billedSeconds),
  };
}

function mapClasses(value: (each: OperationClass) => number): Record<OperationClass, number> {
  const entries = OPERATION_CLASSES.map((each) => [each, value(each)] as const);
  return Object.fromEntries(entries) as Record<OperationClass, number>;
}
