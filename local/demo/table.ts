import type { Row, RowState } from "./board.ts";
import type { Paint, Tone } from "./style.ts";

const MARKS: Readonly<Record<RowState, { readonly mark: string; readonly tone: Tone }>> = {
  "to upload": { mark: "·", tone: "quiet" },
  uploading: { mark: "↑", tone: "busy" },
  uploaded: { mark: "↑", tone: "quiet" },
  received: { mark: "●", tone: "busy" },
  waiting: { mark: "◌", tone: "busy" },
  converting: { mark: "…", tone: "busy" },
  submitting: { mark: "●", tone: "busy" },
  creating: { mark: "●", tone: "busy" },
  succeeded: { mark: "✓", tone: "good" },
  failed: { mark: "✗", tone: "bad" },
  canceled: { mark: "✗", tone: "bad" },
};

const STATE_WIDTH = 12;
const TIME_WIDTH = 8;
const GAP = "  ";
const INDENT = "  ";
const MAX_DETAIL_WIDTH = 56;
const MIN_DETAIL_WIDTH = 12;

type Column = {
  readonly name: "source" | "title" | "state" | "detail" | "time";
  readonly heading: string;
};

const COLUMNS: readonly Column[] = [
  { name: "source", heading: "UPLOAD" },
  { name: "title", heading: "IMAGE FROM" },
  { name: "state", heading: "STATE" },
  { name: "detail", heading: "DETAIL" },
  { name: "time", heading: "TIME" },
];
/** What a narrow terminal does without, first to last. */
const DISPENSABLE: readonly Column["name"][] = ["title", "time", "detail"];

/**
 * Returns the table of all requests: a line of headings and one per request. No line is as wide as the
 * terminal: a narrow one gets fewer columns, and in the end shorter names.
 *
 * @param columns width of the terminal
 */
export function renderTable(rows: readonly Row[], paint: Paint, columns: number): string[] {
  const cells = rows.map((row) => cellsOf(row));
  const { names, widths } = layOut(cells, columns - 1);
  const line = (texts: Cells, toned: (name: Column["name"], text: string) => string): string =>
    INDENT + names.map((name) => toned(name, adjust(texts[name], widths[name], name))).join(GAP);
  const headings = Object.fromEntries(COLUMNS.map(({ name, heading }) => [name, heading])) as Cells;
  return [
    line(headings, (_, text) => paint("quiet", text)),
    ...rows.map((row, index) =>
      line(shorten(cells[index] ?? headings, row, widths.detail), (name, text) => {
        if (name === "state") return paint(MARKS[row.state].tone, text);
        return name === "title" || name === "detail" ? paint("quiet", text) : text;
      }),
    ),
  ];
}

type Cells = Readonly<Record<Column["name"], string>>;

function cellsOf(row: Row): Cells {
  return {
    source: row.source,
    title: row.title,
    state: `${MARKS[row.state].mark} ${row.state}`,
    detail: row.detail.text,
    time: formatSeconds(row.seconds),
  };
}

/** A detail that is too long for its column is replaced by its short form. */
function shorten(cells: Cells, { detail }: Row, width: number): Cells {
  return cells.detail.length <= width ? cells : { ...cells, detail: detail.brief };
}

function layOut(
  cells: readonly Cells[],
  columns: number,
): { names: readonly Column["name"][]; widths: Record<Column["name"], number> } {
  const widths = {
    source: widest(["UPLOAD", ...cells.map(({ source }) => source)]),
    title: widest(["IMAGE FROM", ...cells.map(({ title }) => title)]),
    state: STATE_WIDTH,
    detail: MIN_DETAIL_WIDTH,
    time: TIME_WIDTH,
  };
  let names = COLUMNS.map(({ name }) => name);
  const used = (): number =>
    INDENT.length +
    names.reduce((sum, name) => sum + widths[name], 0) +
    GAP.length * (names.length - 1);
  for (const name of DISPENSABLE) {
    if (used() <= columns) break;
    names = names.filter((other) => other !== name);
  }
  if (used() > columns) widths.source = Math.max(1, widths.source - (used() - columns));
  if (names.includes("detail")) {
    widths.detail = Math.min(MAX_DETAIL_WIDTH, widths.detail + columns - used());
  }
  return { names, widths };
}

function adjust(text: string, width: number, name: Column["name"]): string {
  if (text.length > width) return `${text.slice(0, width - 1)}…`;
  return name === "time" ? text.padStart(width) : text.padEnd(width);
}

/**
 * Returns one line about a request, for logs and pipes.
 * @param elapsed seconds on the clock that all lines of a run share
 */
export function renderChange(row: Row, paint: Paint, elapsed: number): string {
  const { mark, tone } = MARKS[row.state];
  const state = paint(tone, `${mark} ${row.state}`.padEnd(STATE_WIDTH));
  return `${renderClock(elapsed)}${[row.source.padEnd(16), state, row.detail.text].join(GAP)}`.trimEnd();
}

/** Returns the beginning of a line of a log: the time since the run began. */
export function renderClock(elapsed: number): string {
  return `${formatSeconds(elapsed).padStart(TIME_WIDTH)}${GAP}`;
}

/** Returns a duration as the demo shows it, for example `4.2 s`. */
export function formatSeconds(seconds: number | undefined): string {
  return seconds === undefined ? "" : `${seconds.toFixed(1)} s`;
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}
