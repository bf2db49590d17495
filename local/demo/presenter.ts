import type { UploadProgress } from "../upload/index.ts";
import { type Board, findAwaitedDisk, type Row } from "./board.ts";
import type { PlannedUpload } from "./plan.ts";
import { renderProgress, renderUploaded } from "./progress-bar.ts";
import type { Screen } from "./screen.ts";
import type { Paint } from "./style.ts";
import { renderChange, renderTable } from "./table.ts";
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

/** Returns a presenter. @param now a clock in milliseconds */
export function createPresenter(
  board: Board,
  screen: Screen,
  paint: Paint,
  now: () => number,
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
    if (!screen.isLive) printChanges(rows, told, screen, paint);
  };
  return {
    refresh,
    started({ source }) {
      startedAt = now();
      board.uploadStarted(source);
      refresh();
    },
    progressed({ blob }, progress) {
      progressLine = renderProgress(blob, progress, paint);
      if (now() - drawnAt >= REDRAW_MS) refresh();
    },
    ended(upload, progress) {
      board.uploadEnded(upload.source);
      progressLine = "";
      if (!screen.isLive) screen.print(renderEnd(upload, progress, (now() - startedAt) / 1000));
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
  const text =
    progress === undefined ? `uploaded ${blob}` : renderUploaded(blob, progress, seconds);
  return `${" ".repeat(10)}${text}`;
}

/** Prints a line for each request whose state, or the disk that it waits for, is a new one. */
function printChanges(
  rows: readonly Row[],
  told: Map<string, string>,
  screen: Screen,
  paint: Paint,
): void {
  for (const row of rows) {
    if (row.status === undefined) continue;
    const awaited = findAwaitedDisk(row.status);
    const key = `${row.state} ${awaited?.blob} ${awaited?.state}`;
    if (told.get(row.source) === key) continue;
    told.set(row.source, key);
    screen.print(renderChange(row, paint));
  }
}
