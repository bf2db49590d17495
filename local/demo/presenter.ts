import type { StatusView } from "../../shared/http/status-view.ts";
import type { Board, Row } from "./board.ts";
import { findAwaitedDisk } from "./detail.ts";
import type { PlannedUpload } from "./plan.ts";
import { renderProgress, renderUploaded, type UploadProgress } from "./progress-bar.ts";
import type { Screen } from "./screen.ts";
import type { Paint } from "./style.ts";
import { renderChange, renderClock, renderTable } from "./table.ts";
import type { UploadObserver } from "./upload-plan.ts";

/** Shows a board and the uploads that feed it. */
export type Presenter = UploadObserver & {
  /** Shows the present state: a redrawn table on a terminal, else a line for each change. */
  refresh(): void;
  /** Leaves the final table standing. */
  finish(): void;
};

/** A redraw for each chunk would only flicker. */
const REDRAW_MS = 80;

/**
 * Returns a presenter.
 * @param now a clock in milliseconds
 * @param elapsed seconds since the demo began: the clock of every line that is printed
 */
export function createPresenter(
  board: Board,
  screen: Screen,
  paint: Paint,
  now: () => number,
  elapsed: () => number,
): Presenter {
  const told = new Map<string, string>();
  let progressLine = "";
  let startedAt = 0;
  let drawnAt = 0;

  const refresh = (): void => {
    drawnAt = now();
    const rows = board.rows();
    const table = renderTable(rows, paint, screen.columns);
    screen.show(["", ...table, ...(progressLine === "" ? [] : ["", progressLine])]);
    if (!screen.isLive)
      printChanges(rows, told, (row) => screen.print(renderChange(row, paint, elapsed())));
  };
  return {
    refresh,
    started({ source }) {
      startedAt = now();
      board.uploadStarted(source);
      refresh();
    },
    progressed({ blob }, progress) {
      const seconds = (now() - startedAt) / 1000;
      progressLine = renderProgress(blob, progress, { seconds, columns: screen.columns, paint });
      if (now() - drawnAt >= REDRAW_MS) refresh();
    },
    ended(upload, progress) {
      board.uploadEnded(upload.source);
      progressLine = "";
      const seconds = (now() - startedAt) / 1000;
      if (!screen.isLive)
        screen.print(renderClock(elapsed()) + renderEnd(upload, progress, seconds));
      refresh();
    },
    finish() {
      progressLine = "";
      refresh();
      screen.release();
    },
  };
}

function renderEnd(
  { blob }: PlannedUpload,
  progress: UploadProgress | undefined,
  seconds: number,
): string {
  return progress === undefined ? `uploaded ${blob}` : renderUploaded(blob, progress, seconds);
}

/** Prints a line for each request whose state or progress, or the disk that it waits for, is a new one. */
function printChanges(
  rows: readonly Row[],
  told: Map<string, string>,
  print: (row: Row) => void,
): void {
  for (const row of rows) {
    if (row.status === undefined) continue;
    const key = `${row.state} ${identifyDetail(row, row.status)}`;
    if (told.get(row.source) === key) continue;
    told.set(row.source, key);
    print(row);
  }
}

/** Why a request waits changes every second; what it waits for does not. */
function identifyDetail({ state, detail }: Row, status: StatusView): string {
  if (state !== "waiting") return detail.text;
  const awaited = findAwaitedDisk(status);
  return `${awaited?.blob} ${awaited?.state}`;
}
