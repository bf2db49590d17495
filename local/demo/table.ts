import type { Row, RowState } from "./board.ts";
import type { Paint, Tone } from "./style.ts";

const MARKS: Readonly<Record<RowState, { readonly mark: string; readonly tone: Tone }>> = {
  "to upload": { mark: "·", tone: "quiet" },
  uploading: { mark: "↑", tone: "busy" },
  uploaded: { mark: "↑", tone: "quiet" },
  received: { mark: "●", tone: "busy" },
  waiting: { mark: "◌", tone: "busy" },
  submitting: { mark: "●", tone: "busy" },
  creating: { mark: "●", tone: "busy" },
  succeeded: { mark: "✓", tone: "good" },
  failed: { mark: "✗", tone: "bad" },
  canceled: { mark: "✗", tone: "bad" },
};

const STATE_WIDTH = 12;
const TIME_WIDTH = 8;
const GAP = "  ";
const MIN_DETAIL_WIDTH = 12;

/**
 * Returns the table of all requests: a line of headings and one per request.
 *
 * @param columns width of the terminal; no line is wider
 */
export function renderTable(rows: readonly Row[], paint: Paint, columns: number): string[] {
  const source = widest(["UPLOAD", ...rows.map((row) => row.source)]);
  const title = widest(["IMAGE FROM", ...rows.map((row) => row.title)]);
  const fixed = 2 + source + title + STATE_WIDTH + TIME_WIDTH + 4 * GAP.length;
  const detail = Math.max(MIN_DETAIL_WIDTH, Math.min(56, columns - 1 - fixed));
  const head = [
    "UPLOAD".padEnd(source),
    "IMAGE FROM".padEnd(title),
    "STATE".padEnd(STATE_WIDTH),
    "WAITS FOR".padEnd(detail),
    "TIME".padStart(TIME_WIDTH),
  ].join(GAP);
  return [
    `  ${paint("quiet", head)}`,
    ...rows.map((row) => {
      const cells = [
        row.source.padEnd(source),
        paint("quiet", row.title.padEnd(title)),
        renderState(row.state, paint),
        paint("quiet", padOrCut(row.detail, detail)),
        formatSeconds(row.seconds).padStart(TIME_WIDTH),
      ];
      return `  ${cells.join(GAP)}`;
    }),
  ];
}

/** Returns one line about a request, for logs and pipes. */
export function renderChange(row: Row, paint: Paint): string {
  const time = formatSeconds(row.seconds).padStart(TIME_WIDTH);
  const line = [time, row.source.padEnd(16), renderState(row.state, paint), row.detail].join(GAP);
  return line.trimEnd();
}

function renderState(state: RowState, paint: Paint): string {
  const { mark, tone } = MARKS[state];
  return paint(tone, `${mark} ${state}`.padEnd(STATE_WIDTH));
}

/** Returns a duration as the demo shows it, for example `4.2 s`. */
export function formatSeconds(seconds: number | undefined): string {
  return seconds === undefined ? "" : `${seconds.toFixed(1)} s`;
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}

function padOrCut(text: string, width: number): string {
  return text.length <= width ? text.padEnd(width) : `${text.slice(0, width - 1)}…`;
}
