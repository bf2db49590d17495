import type { DiskFinding } from "../../shared/disk/finding.ts";
import { nameFix } from "../../shared/disk/format/name-fix.ts";
import type { DiskMap, MapSurvey } from "../../shared/disk/maps/extent.ts";
import type { Refusal } from "../../shared/disk/maps/refusal.ts";
import { SOURCE_FORMATS } from "../../shared/disk/maps/source-format.ts";
import { formatBytes, printable } from "./format.ts";

/** What is known of a disk before it is converted. */
export interface DiskFacts {
  readonly name: string;
  /** What wraps the file ("gzip"), null for none. */
  readonly wrapper: string | null;
  /** Name of the disk in an archive (OVA). */
  readonly member: string | null;
  readonly map: DiskMap;
  readonly survey: MapSurvey;
  /** Of the disk as it will be. */
  readonly finding: DiskFinding;
}

/** The facts as a table, one a line. */
export function renderFacts({ name, wrapper, member, map, survey, finding }: DiskFacts): string {
  const { virtualBytes, paddedBytes } = map;
  const padding = paddedBytes - virtualBytes;
  const { problem } = finding;
  const rows: readonly (readonly [label: string, value: string])[] = [
    ["disk", printable(name)],
    ["format", describeFormat(map, wrapper, member)],
    ["virtual size", `${formatBytes(virtualBytes)} (${virtualBytes} bytes)`],
    ["VHD", `${formatBytes(paddedBytes)}${padding > 0 ? `, padded by ${padding} bytes` : ""}`],
    ["copied", `${formatBytes(survey.copyBytes)} in ${survey.copyExtents} extents`],
    ["decompressed", `${formatBytes(survey.unpackedBytes)} in ${survey.compressedExtents} blocks`],
    ["zero", formatBytes(survey.zeroBytes)],
    ...finding.reasons.map((reason) => ["because", reason] as const),
    ...finding.warnings.map((warning) => ["warning", warning] as const),
    [
      "Azure",
      problem === null ? "accepts the result" : `rejects the result: it ${problem.message}`,
    ],
    ...(problem === null ? [] : [["fix", problem.fix] as const]),
  ];
  // Further lines of a value are indented to its column.
  const lines = rows.map(
    ([label, value]) => `${label.padEnd(14)}${value.replaceAll("\n", `\n${" ".repeat(14)}`)}`,
  );
  return `${lines.join("\n")}\n`;
}

function describeFormat(map: DiskMap, wrapper: string | null, member: string | null): string {
  const outer = [
    ...(wrapper === null ? [] : [`, packed by ${wrapper}`]),
    ...(member === null ? [] : [`, ${printable(member)} of an archive`]),
  ];
  return `${SOURCE_FORMATS[map.format].what.replace(/^an? /, "")}${outer.join("")}`;
}

/** Why a file is not converted: what, where, and what to do. `path` takes the place of SOURCE. */
export function renderRefusal(path: string, { message, offset, fix }: Refusal): string {
  const place = offset === null ? "" : ` (byte ${offset} of the file)`;
  return `${printable(path)} ${message}${place}.\n${nameFix(fix, printable(path))}\n`;
}
