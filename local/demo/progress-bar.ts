import type { UploadProgress } from "../upload/index.ts";
import type { Paint } from "./style.ts";

const BAR_WIDTH = 28;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Returns the line with the progress of one upload. */
export function renderProgress(blob: string, progress: UploadProgress, paint: Paint): string {
  const share = progress.totalBytes === 0 ? 1 : progress.doneBytes / progress.totalBytes;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = paint("good", "█".repeat(filled)) + paint("quiet", "░".repeat(BAR_WIDTH - filled));
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  const sizes = [progress.doneBytes, progress.totalBytes, progress.sizeBytes].map(formatBytes);
  const amount = `${sizes[0]} of ${sizes[1]}, a disk of ${sizes[2]}`;
  return `  ↑ ${blob.padEnd(16)} ${bar} ${percent}  ${paint("quiet", amount)}`;
}

/** Returns the line about an upload that is done. */
export function renderUploaded(blob: string, progress: UploadProgress, seconds: number): string {
  const sent = `${formatBytes(progress.sentBytes)} sent, the rest is zero`;
  return `uploaded ${blob}: ${formatBytes(progress.sizeBytes)}, ${sent}, ${seconds.toFixed(1)} s`;
}

/** Returns a number of bytes in the largest unit of which there is at least one. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}
