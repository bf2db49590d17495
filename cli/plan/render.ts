import type { ConversionView } from "../../shared/http/status-view.ts";
import type { PlanRefusal, PlanView, Verdict } from "../../shared/plan/plan-view.ts";
import { formatBytes } from "../convert/format.ts";
import { type Paint, printable, type Tone, wrap } from "../terminal.ts";

const MARKS: Readonly<Record<Verdict, { readonly mark: string; readonly tone: Tone }>> = {
  create: { mark: "✓", tone: "good" },
  exists: { mark: "✓", tone: "good" },
  follow: { mark: "●", tone: "busy" },
  wait: { mark: "●", tone: "busy" },
  canceled: { mark: "✗", tone: "bad" },
};
const LABEL_WIDTH = 10;

/**
 * A plan: the verdict, the disks, and every call with its body. Facts are broken at the width; URLs and
 * bodies stay whole, so that they can be copied.
 */
export function renderPlan(
  plan: PlanView,
  paint: Paint,
  columns: number | null,
): readonly string[] {
  const width = Math.max(20, (columns ?? Number.POSITIVE_INFINITY) - LABEL_WIDTH);
  const fact = (name: string, text: string): readonly string[] =>
    wrap(printable(text), width).map(
      (line, index) => `${paint("quiet", (index === 0 ? name : "").padEnd(LABEL_WIDTH))}${line}`,
    );
  const { mark, tone } = MARKS[plan.verdict];
  return [
    ...fact("source", plan.source),
    `${paint("quiet", "verdict".padEnd(LABEL_WIDTH))}${paint(tone, `${mark} ${plan.verdict}`)}`,
    ...fact("", plan.message),
    ...plan.disks.flatMap((disk) => {
      const { blob, resource, role, lun, state, detail, inspection, conversion } = disk;
      const what = role === "data" ? `lun ${lun ?? "?"}` : role === "os" ? "OS disk" : "machine";
      const found = [
        inspection?.format,
        inspection?.osType,
        inspection?.hyperVGeneration && `generation ${inspection.hyperVGeneration}`,
      ].filter(Boolean);
      const text = `${blob ?? resource ?? "?"} (${[what, state, ...found].join(", ")})`;
      return [
        ...fact("disk", detail === null ? text : `${text}: ${detail}`),
        ...(conversion === undefined ? [] : fact("convert", describeConversion(conversion))),
      ];
    }),
    ...plan.outputs.flatMap(({ kind, action, id, detail, error, requests }) => [
      ...fact("output", `${kind}: ${action}${id === null ? "" : ` ${id}`}`),
      ...(detail === null ? [] : fact("", detail)),
      ...(error === null ? [] : fact("", `${error.code}: ${error.message}`)),
      ...requests.flatMap(({ method, url, body }) => [
        paint("strong", printable(`${method} ${url}`)),
        // Line by line: the breaks are ours, every other control character is theirs.
        ...JSON.stringify(body, null, 2).split("\n").map(printable),
      ]),
    ]),
    ...plan.warnings.flatMap((warning) => fact("warning", warning)),
  ];
}

/** From what, to where, and what it takes: bytes, calls, minutes. */
function describeConversion(conversion: ConversionView): string {
  const { from, to, bytesTotal, calls, secondsLeft } = conversion;
  const minutes = Math.max(1, Math.ceil(secondsLeft / 60));
  const work = [
    `${formatBytes(bytesTotal)} of data`,
    ...(calls === undefined ? [] : [calls === 1 ? "1 call" : `${calls} calls`]),
    minutes === 1 ? "1 minute or less" : `about ${minutes} minutes`,
  ];
  return `from ${from} to ${to}: ${work.join(", ")}`;
}

/** Everything that is wrong, a mistake a line, with the place in the file; and what to do. */
export function renderRefusal(refusal: PlanRefusal, shown: string): readonly string[] {
  const { error, mistakes, disks } = refusal;
  const lines =
    mistakes.length > 0
      ? mistakes.map(
          ({ line, column, path, message }) => `${shown}:${line}:${column}: ${path}: ${message}`,
        )
      : [
          `${error.code}: ${error.message}`,
          ...(error.details.length > 1 ? error.details.map(({ message }) => `- ${message}`) : []),
          ...disks.flatMap(({ blob, detail }) => (detail === null ? [] : [`${blob}: ${detail}`])),
        ];
  const fix = error.fix?.split("\n") ?? [];
  return [...new Set(lines), ...fix].map(printable);
}
