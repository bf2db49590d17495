/** Characters that control a terminal or turn the direction of a text. */
const HIDDEN = /[\p{Cc}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** A text from outside on one line, in which nothing is hidden: each such character becomes `�`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, "\ufffd");
}

/** As {@link visible}, but lines stay lines. */
export function visibleLines(text: string): string {
  return text.split(/\r?\n/).map(visible).join("\n");
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A number of bytes with three significant digits, such as `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10);
  const unit = Math.min(power, UNITS.length - 1);
  const value = bytes / 1024 ** unit;
  const digits = value >= 100 || unit === 0 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits))} ${UNITS[unit]}`;
}

/** A duration in its two largest units, such as `2 h 5 min`; below a minute in seconds. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(hours, "h", minutes % 60, "min");
  return join(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** How long ago a point in time was; what is not one is shown as it is. */
export function formatAge(timestamp: string, now: number): string {
  const time = Date.parse(timestamp);
  return Number.isNaN(time) ? visible(timestamp) : formatDuration(now - time);
}

function join(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}

/** A whole percentage from 0 to 100; 100 only when everything is done. */
export function percent(done: number, total: number): number {
  if (total <= 0) return 0;
  return Math.max(0, Math.min(100, Math.floor((done / total) * 100)));
}

/** A point in time as the reader writes it; what is not one is shown as it is. */
export function formatTime(timestamp: string): string {
  const time = new Date(timestamp);
  return Number.isNaN(time.getTime())
    ? visible(timestamp)
    : time.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

/** Time of day of a point in time. */
export function formatClock(timestamp: string): string {
  const time = new Date(timestamp);
  return Number.isNaN(time.getTime()) ? visible(timestamp) : time.toLocaleTimeString();
}
