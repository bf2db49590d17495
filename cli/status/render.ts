import type { StatusView } from "../../shared/http/status-view.ts";
import type { RequestState } from "../../shared/record/states.ts";
import { cut, type Paint, printable, type Tone, wrap } from "../terminal.ts";
import { outputsOf } from "./outputs.ts";

/** A mark and a colour for each state; the word is always there too. */
const MARKS: Readonly<Record<string, { readonly mark: string; readonly tone: Tone }>> = {
  succeeded: { mark: "✓", tone: "good" },
  failed: { mark: "✗", tone: "bad" },
  canceled: { mark: "✗", tone: "bad" },
};
const OPEN = { mark: "●", tone: "busy" } as const;

/** The state of a request with its mark. */
export function renderState(state: RequestState, paint: Paint, width = 0): string {
  const { mark, tone } = MARKS[state] ?? OPEN;
  return paint(tone, `${mark} ${state}`.padEnd(width));
}

const GAP = "  ";
const STATE_WIDTH = 12;
const ID_WIDTH = 20;
const TIME_WIDTH = 20;
const MIN_NAME_WIDTH = 8;
const NARROW = 80;

/**
 * The list of requests, one a line below a line of headings. No line is wider than `columns`: names
 * are cut, and below 80 columns the image's name and the time are left out.
 * @param columns null where the width is unlimited
 */
export function renderList(
  statuses: readonly StatusView[],
  paint: Paint,
  columns: number | null,
): readonly string[] {
  const isNarrow = columns !== null && columns < NARROW;
  const rows = statuses.map((status) => ({
    status,
    source: printable(status.source),
    image: printable(status.image?.name ?? "-"),
  }));
  const fixed =
    STATE_WIDTH + ID_WIDTH + 2 * GAP.length + (isNarrow ? 0 : TIME_WIDTH + 2 * GAP.length);
  const names = (columns ?? Number.POSITIVE_INFINITY) - fixed;
  const room = Math.max(MIN_NAME_WIDTH, Math.floor(isNarrow ? names : names / 2));
  const source = Math.min(room, widest(["SOURCE", ...rows.map((row) => row.source)]));
  const image = Math.min(room, widest(["IMAGE", ...rows.map((row) => row.image)]));
  const line = (state: string, id: string, from: string, to: string, time: string): string =>
    [
      state,
      id.padEnd(ID_WIDTH),
      cut(from, source).padEnd(source),
      ...(isNarrow ? [] : [cut(to, image).padEnd(image), time]),
    ]
      .join(GAP)
      .trimEnd();
  return [
    paint("quiet", line("STATE".padEnd(STATE_WIDTH), "ID", "SOURCE", "IMAGE", "UPDATED")),
    ...rows.map(({ status, source: from, image: to }) =>
      line(
        renderState(status.state, paint, STATE_WIDTH),
        status.requestId,
        from,
        to,
        `${status.updatedAt.slice(0, 19)}Z`,
      ),
    ),
  ];
}

/** One request, a fact a line; long texts are broken at the width. */
export function renderDetail(
  status: StatusView,
  paint: Paint,
  columns: number | null,
): readonly string[] {
  const label = 10;
  const width = Math.max(20, (columns ?? Number.POSITIVE_INFINITY) - label);
  const fact = (name: string, text: string): readonly string[] =>
    text === ""
      ? []
      : text
          .split("\n")
          // A line that is indented is a command, and stays whole so that it can be pasted.
          .flatMap((line) =>
            line.startsWith("  ") ? [printable(line)] : wrap(printable(line), width),
          )
          .map(
            (line, index) => `${paint("quiet", (index === 0 ? name : "").padEnd(label))}${line}`,
          );
  const { error, retrying } = status;
  return [
    ...fact("request", status.requestId),
    ...fact("source", status.source),
    `${paint("quiet", "state".padEnd(label))}${renderState(status.state, paint)}`,
    ...outputsOf(status).flatMap(({ id, kind }) => (id === null ? [] : fact(shortKind(kind), id))),
    ...status.disks.flatMap((disk) => {
      const name = disk.blob ?? disk.resource ?? "?";
      const role = disk.role === "os" ? "OS disk" : `lun ${disk.lun ?? "?"}`;
      return fact(
        "disk",
        `${name} (${role}, ${disk.state})${disk.detail ? `: ${disk.detail}` : ""}`,
      );
    }),
    ...status.warnings.flatMap((warning) => fact("warning", warning)),
    ...(retrying === null ? [] : fact("retrying", `${retrying.code}: ${retrying.message}`)),
    ...(error === null ? [] : fact("error", `${error.code}: ${error.message}`)),
    ...(error?.details ?? []).flatMap(({ message }) => fact("", `- ${message}`)),
    ...(error?.fix ? fact("to do", error.fix) : []),
  ];
}

/** What changed last, in one line. */
export function describeProgress(status: StatusView): string {
  const waiting = status.disks.find(({ detail }) => detail !== null);
  const name = waiting?.blob ?? waiting?.resource;
  const message = status.events?.at(-1)?.message ?? "";
  const detail = waiting === undefined ? message : `${name}: ${waiting.detail}`;
  return printable(detail);
}

function shortKind(kind: string): string {
  return kind === "galleryVersion" ? "version" : "image";
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}
