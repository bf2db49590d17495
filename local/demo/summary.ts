import { isTerminal } from "../../shared/record/states.ts";
import { endedAsExpected, type Row } from "./board.ts";
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
  return [
    `${paint("good", "✓")} ${status?.image?.name ?? source}`,
    `  ${paint("quiet", status?.image?.id ?? "")}`,
    ...renderInspection(status).map((line) => `  ${paint("quiet", line)}`),
  ];
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
    `  ${paint("quiet", "cause")}  ${error?.message ?? "not reported"}`,
    `  ${paint("quiet", "fix")}    ${error?.fix ?? "not reported"}`,
  ];
}

function renderVerdict(rows: readonly Row[], seconds: number, paint: Paint): string {
  const wrong = rows.filter((row) => !endedAsExpected(row));
  const time = formatSeconds(seconds);
  if (wrong.length === 0) {
    return `  ${paint("good", "✓")} All ${rows.length} requests ended as expected, in ${time}.`;
  }
  const endings = wrong.map(
    ({ source, state, expected, status }) =>
      `    ${source} ${describeEnd(state, status)}; expected: ${expected}`,
  );
  return [`  ${paint("bad", "✗")} Unexpected result after ${time}:`, ...endings].join("\n");
}

function describeEnd(state: Row["state"], status: Row["status"]): string {
  if (status === undefined) return `was never detected by the app (${state})`;
  if (!isTerminal(status.state)) return `is still ${state}`;
  return status.error === null ? `ended ${state}` : `ended ${state} with ${status.error.code}`;
}
