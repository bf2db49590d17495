import type { Row } from "./board.ts";
import { findConversion } from "./detail.ts";
import { findShortcoming } from "./expectation.ts";
import { findImageVersion, renderRegions } from "./image-version.ts";
import { formatBytes } from "./progress-bar.ts";
import type { Paint } from "./style.ts";
import { formatSeconds } from "./table.ts";

/** Returns what came of it: images with their ids, refusals with cause and fix, and the verdict. */
export function renderSummary(rows: readonly Row[], seconds: number, paint: Paint): string[] {
  const images = rows.filter(({ state }) => state === "succeeded");
  const refused = rows.filter(({ state }) => state === "failed" || state === "canceled");
  const open = rows.filter((row) => !images.includes(row) && !refused.includes(row));
  return [
    "",
    ...section("Images", images, (row) => renderImage(row, paint), paint),
    ...section("Refused", refused, (row) => renderRefusal(row, paint), paint),
    ...section("Still running", open, (row) => [`  ${row.source}: ${row.state}`], paint),
    renderVerdict(rows, seconds, paint),
    "",
  ];
}

function section(
  heading: string,
  rows: readonly Row[],
  render: (row: Row) => string[],
  paint: Paint,
): string[] {
  if (rows.length === 0) return [];
  return [`  ${paint("strong", heading)}`, ...rows.flatMap(render).map((line) => `  ${line}`), ""];
}

function renderImage({ source, status }: Row, paint: Paint): string[] {
  const version = status && findImageVersion(status);
  const name = version?.version ? `${source}, version ${version.version}` : source;
  const details = [
    version?.id ?? status?.image?.id ?? "",
    ...(version === undefined ? [] : [`in its regions: ${renderRegions(version)}`]),
    ...renderConversion(status),
    ...renderInspection(status),
  ];
  return [
    `${paint("good", "✓")} ${status?.image?.name ?? name}`,
    ...details.map((line) => `  ${paint("quiet", line)}`),
  ];
}

/** From what the disk was converted, where it was. */
function renderConversion(status: Row["status"]): string[] {
  const conversion = status && findConversion(status);
  if (conversion === undefined) return [];
  const { from, to, bytesTotal } = conversion;
  return [`converted from ${from}: ${formatBytes(bytesTotal)} of data, to ${to}`];
}

/** What was read from the OS disk, where it was read. */
function renderInspection(status: Row["status"]): string[] {
  const found = status?.disks.find(({ role }) => role === "os")?.inspection ?? null;
  if (found === null) return [];
  const { osType, hyperVGeneration, partitionTable, reasons } = found;
  const kind = [osType, hyperVGeneration, partitionTable].filter((part) => part !== null);
  return [`on the disk: ${kind.join(", ")} (${reasons[0] ?? "nothing else"})`];
}

function renderRefusal({ source, status }: Row, paint: Paint): string[] {
  const error = status?.error;
  return [
    `${paint("bad", "✗")} ${source}  ${paint("bad", error?.code ?? "")}`,
    ...renderFact("cause", error?.message, paint),
    ...renderFact("fix", error?.fix, paint),
  ];
}

const LABEL_WIDTH = 7;

/** A fact; its further lines are indented to the column of the first. */
function renderFact(name: string, text: string | null | undefined, paint: Paint): string[] {
  return (text ?? "not reported")
    .split("\n")
    .map((line, at) => `  ${paint("quiet", (at === 0 ? name : "").padEnd(LABEL_WIDTH))}${line}`);
}

function renderVerdict(rows: readonly Row[], seconds: number, paint: Paint): string {
  const wrong = rows.flatMap((row) => {
    const shortcoming = findShortcoming(row);
    return shortcoming === null
      ? []
      : [`    ${row.source} ${shortcoming}; expected: ${row.expected}`];
  });
  const time = formatSeconds(seconds);
  if (wrong.length === 0) {
    return `  ${paint("good", "✓")} All ${rows.length} requests ended as expected, in ${time}.`;
  }
  return [`  ${paint("bad", "✗")} Unexpected result after ${time}:`, ...wrong].join("\n");
}
