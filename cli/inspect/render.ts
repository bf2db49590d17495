import type { DiskFinding, PartitionFinding } from "../../shared/disk/finding.ts";
import { nameFix } from "../../shared/disk/format/name-fix.ts";
import { printable } from "../terminal.ts";
import type { BlobTypeProblem } from "./blob-type.ts";

/** A finding together with what is wrong with the blob itself. */
export type InspectResult = Omit<DiskFinding, "problem"> & {
  readonly problem: DiskFinding["problem"] | BlobTypeProblem;
};

const MIB = 1024 * 1024;
const NAMES = { gpt: "GPT", mbr: "MBR", none: "none" } as const;

/** Returns a finding as a table for people, one fact a line. */
export function renderFinding(name: string, finding: InspectResult): string {
  const { certainty, problem } = finding;
  const generation =
    finding.hyperVGeneration === "both" ? "V1 and V2" : (finding.hyperVGeneration ?? "unknown");
  const rows: readonly (readonly [label: string, value: string])[] = [
    ["disk", printable(name)],
    ["format", finding.format],
    ["virtual size", finding.virtualSize === null ? "unknown" : formatSize(finding.virtualSize)],
    ["partition table", NAMES[finding.partitionTable]],
    ["generation", `${generation} (confidence ${certainty.hyperVGeneration.confidence})`],
    ["system", `${finding.osType ?? "unknown"} (confidence ${certainty.osType.confidence})`],
    ["architecture", finding.architecture ?? "unknown"],
    ...finding.reasons.map((reason) => ["because", reason] as const),
    ...finding.warnings.map((warning) => ["warning", warning] as const),
    ["Azure", problem === null ? "would accept it" : `would reject it: it ${problem.message}`],
    ...(problem === null ? [] : [["what to do", indent(nameFix(problem.fix, name))] as const]),
  ];
  const lines = rows.map(([label, value]) => `${label.padEnd(17)}${value}`);
  return `${[...lines, ...renderPartitions(finding.partitions)].join("\n")}\n`;
}

function renderPartitions(partitions: readonly PartitionFinding[]): readonly string[] {
  if (partitions.length === 0) return [];
  const cells = partitions.map(({ type, size, fileSystem, label }, index) => [
    String(index + 1),
    type,
    formatSize(size),
    fileSystem ?? "-",
    label ?? "",
  ]);
  const table = [["#", "PARTITION", "SIZE", "FILE SYSTEM", "LABEL"], ...cells];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...table.map((row) => (row[column] ?? "").length)),
  );
  const render = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return ["", ...table.map(render)];
}

/** Lines under the first one, in its column. */
function indent(text: string): string {
  return text.replaceAll("\n", `\n${" ".repeat(17)}`);
}

function formatSize(bytes: number): string {
  const mib = bytes / MIB;
  return mib < 1024 ? `${Number(mib.toFixed(1))} MiB` : `${Number((mib / 1024).toFixed(1))} GiB`;
}
