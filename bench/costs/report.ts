import { formatTable } from "../text-table.ts";
import type { Assumptions, Cost, Estimate } from "./estimate.ts";
import type { Label } from "./label-runs.ts";
import type { Measurement } from "./measure.ts";
import { OPERATION_CLASSES, type OperationClass } from "./operation-classes.ts";
import { countOperations, gigabyteSeconds, type Usage } from "./usage.ts";

/** What other settings would change. */
export interface Variant {
  readonly name: string;
  readonly memoryMb: number;
  readonly estimate: Estimate;
}

/** What `npm run bench:costs` measured, and what follows from it. */
export interface CostReport {
  readonly node: string;
  readonly machine: string;
  readonly uploadsOfEach: number;
  readonly assumptions: Assumptions;
  /** Of an instance, in MB. */
  readonly memoryMb: number;
  readonly steps: Readonly<Record<string, Measurement>>;
  readonly sweep: Measurement;
  readonly sweepPerBlob: Usage;
  readonly estimate: Estimate;
  readonly variants: readonly Variant[];
  /** All that the stand-in for the host sent; the estimate does not build on it. */
  readonly measuredHost: Usage;
}

const NAMES: Readonly<Record<OperationClass, string>> = {
  blobRead: "blob read",
  blobWrite: "blob write",
  blobList: "blob list",
  blobOther: "blob other",
  blobFree: "blob delete (free)",
  queueClass1: "queue class 1",
  queueClass2: "queue class 2",
  tableRead: "table read",
  tableQuery: "table query",
  tableWrite: "table write",
  tableBatch: "table batch",
};
const IMAGES = 1000;

/** The report as tables of text. */
export function formatCosts(report: CostReport): string {
  const { node, machine, uploadsOfEach, assumptions, estimate } = report;
  const { uploadSeconds, operationSeconds } = assumptions;
  return [
    `Node ${node}, ${machine}; ${uploadsOfEach} images of VHDs alone, ${uploadsOfEach} of manifests with a VHD`,
    "",
    "One run of a function, medians:",
    ...formatTable(describeSteps(report)),
    "",
    `Derived: uploads of ${uploadSeconds} s, Azure operations of ${operationSeconds} s, ${report.memoryMb} MB.`,
    ...formatTable([
      ["", "1,000 VHDs alone", "1,000 manifests with VHD", "idle hour"],
      ...describeCosts(estimate, report.memoryMb),
    ]),
    "",
    "With other settings:",
    ...formatTable(describeVariants(report)),
  ].join("\n");
}

function describeSteps({ steps, sweep, sweepPerBlob, estimate }: CostReport): string[][] {
  const measured = Object.entries(steps);
  const usages = [...measured.map(([, { usage }]) => usage), sweep.usage];
  const used = OPERATION_CLASSES.filter((each) => usages.some((one) => one.operations[each] > 0));
  const row = (label: string, counts: readonly string[], usage: Usage): string[] => [
    label,
    ...counts,
    formatMs(usage.seconds),
    ...used.map((each) => formatCount(usage.operations[each])),
    `${formatCount(usage.armReads)} + ${formatCount(usage.armWrites)}`,
    formatCount(usage.blobBytes),
  ];
  const counted = ({ runs, raced }: Measurement): string => `${runs} (${raced})`;
  return [
    [
      ...["run", "per image", "measured (raced)", "time"],
      ...used.map((each) => NAMES[each]),
      ...["calls (GET + PUT)", "bytes read"],
    ],
    ...measured.map(([label, step]) => {
      const perImage = estimate.runsPerImage.get(label as Label) ?? 0;
      return row(label, [formatCount(perImage), counted(step)], step.usage);
    }),
    row("sweep, empty container", ["", counted(sweep)], sweep.usage),
    row("  for each recent blob", ["", ""], sweepPerBlob),
  ];
}

function describeCosts({ vhd, manifest, idleHour }: Estimate, memoryMb: number): string[][] {
  const columns: readonly (readonly [Cost, number])[] = [
    [vhd, IMAGES],
    [manifest, IMAGES],
    [idleHour, 1],
  ];
  const row = (name: string, value: (cost: Cost) => number): string[] => [
    name,
    ...columns.map(([cost, factor]) => formatCount(value(cost) * factor)),
  ];
  const used = (who: "app" | "host"): readonly OperationClass[] =>
    OPERATION_CLASSES.filter((each) => columns.some(([cost]) => cost[who].operations[each] > 0));
  return [
    ...used("app").map((each) => row(`app: ${NAMES[each]}`, ({ app }) => app.operations[each])),
    ...used("host").map((each) => row(`host: ${NAMES[each]}`, ({ host }) => host.operations[each])),
    row("storage operations", countAll),
    row("bytes of blobs read", ({ app }) => app.blobBytes),
    row("Resource Manager reads", ({ app }) => app.armReads),
    row("Resource Manager writes", ({ app }) => app.armWrites),
    row("executions", ({ app }) => app.executions),
    row("function seconds", ({ app }) => app.seconds),
    row("seconds billed, at most", ({ app }) => app.billedSeconds),
    row("GB-seconds billed, at most", ({ app }) => gigabyteSeconds(app.billedSeconds, memoryMb)),
  ];
}

function describeVariants({ estimate, memoryMb, variants }: CostReport): string[][] {
  const all = [{ name: "as set", memoryMb, estimate }, ...variants];
  const cells = (cost: Cost, factor: number, memory: number): string[] =>
    [cost.app.executions, countAll(cost), gigabyteSeconds(cost.app.billedSeconds, memory)].map(
      (value) => formatCount(value * factor),
    );
  return [
    ["", "1,000 VHDs alone", "", "", "1,000 manifests", "", "", "idle hour", "", ""],
    ["", ...Array.from({ length: 3 }, () => ["executions", "operations", "GB-s"]).flat()],
    ...all.map((variant) => [
      variant.name,
      ...cells(variant.estimate.vhd, IMAGES, variant.memoryMb),
      ...cells(variant.estimate.manifest, IMAGES, variant.memoryMb),
      ...cells(variant.estimate.idleHour, 1, variant.memoryMb),
    ]),
  ];
}

function countAll({ app, host }: Cost): number {
  return countOperations(app) + countOperations(host);
}

function formatMs(seconds: number): string {
  return `${Math.round(seconds * 1000)} ms`;
}

/** Whole numbers in thousands; a mean that is not a whole number with its first decimal. */
function formatCount(value: number): string {
  const digits = value < 100 && !Number.isInteger(value) ? 1 : 0;
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}
