import type { Paint } from "./style.ts";

export type UploadProgress = {
  /** Length of the blob. */
  readonly sizeBytes: number;
  /** Bytes that the source has to offer; for a sparse image fewer than the blob is long. */
  readonly totalBytes: number;
  /** Of these, what was dealt with: sent, or skipped because it is zero. */
  readonly doneBytes: number;
  /** Of these, what was sent. */
  readonly sentBytes: number;
};

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;
const MAX_BAR_WIDTH = 28;
const MIN_BAR_WIDTH = 8;
const NAME_WIDTH = 16;

export type ProgressView = {
  /** Seconds since the upload began. */
  readonly seconds: number;
  /** Width of the terminal. */
  readonly columns: number;
  readonly paint: Paint;
};

/**
 * Returns the line with the progress of one upload: bar, share, and as far as the terminal is wide
 * enough rate, time left and amount.
 */
export function renderProgress(blob: string, progress: UploadProgress, view: ProgressView): string {
  const { paint, columns, seconds } = view;
  const share = progress.totalBytes === 0 ? 1 : progress.doneBytes / progress.totalBytes;
  const name =
    blob.length > NAME_WIDTH ? `${blob.slice(0, NAME_WIDTH - 1)}…` : blob.padEnd(NAME_WIDTH);
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  const details = [
    ...renderSpeed(progress, seconds),
    `${formatBytes(progress.doneBytes)} of ${formatBytes(progress.totalBytes)}`,
  ];
  const fixed = 4 + NAME_WIDTH + 1 + 1 + percent.length;
  let rest = columns - 1 - fixed - MIN_BAR_WIDTH;
  const shown = details.filter((text) => {
    const fits = text.length + 2 <= rest;
    if (fits) rest -= text.length + 2;
    return fits;
  });
  const width = Math.min(MAX_BAR_WIDTH, MIN_BAR_WIDTH + Math.max(0, rest));
  const filled = Math.round(share * width);
  const bar = paint("good", "█".repeat(filled)) + paint("quiet", "░".repeat(width - filled));
  const tail = shown.map((text) => `  ${paint("quiet", text)}`).join("");
  return `  ↑ ${name} ${bar} ${percent}${tail}`;
}

/** Rate and time left, as soon as there is something to reckon with. */
function renderSpeed({ doneBytes, totalBytes }: UploadProgress, seconds: number): string[] {
  if (doneBytes === 0 || seconds < 0.5) return [];
  const rate = doneBytes / seconds;
  return [`${formatBytes(rate)}/s`, `${Math.ceil((totalBytes - doneBytes) / rate)} s left`];
}

/** Returns the line about an upload that is done. */
export function renderUploaded(blob: string, progress: UploadProgress, seconds: number): string {
  const { sizeBytes, sentBytes } = progress;
  const sent = sentBytes < sizeBytes ? `, ${formatBytes(sentBytes)} sent, zero ranges skipped` : "";
  return `uploaded ${blob}: ${formatBytes(sizeBytes)}${sent}, ${seconds.toFixed(1)} s`;
}

/** Returns a number of bytes in the largest unit of which there is at least one. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
