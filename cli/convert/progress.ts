import { formatBytes } from "./format.ts";

/** Where progress is written. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** Bytes so far, of the step's total. */
  update(doneBytes: number): void;
  /** The step has ended. */
  end(): void;
}

const TTY_INTERVAL_MS = 100;
const LINE_INTERVAL_MS = 5_000;

/**
 * Shows the progress of a step: on a terminal in one line that is rewritten, elsewhere as a line every
 * five seconds.
 */
export function startProgress(
  verb: string,
  totalBytes: number,
  stream: ProgressStream,
  now: () => number,
): Progress {
  const startedAt = now();
  const isTty = stream.isTTY === true;
  let lastAt = startedAt;
  return {
    update(doneBytes) {
      const at = now();
      if (at - lastAt < (isTty ? TTY_INTERVAL_MS : LINE_INTERVAL_MS)) return;
      lastAt = at;
      const line = renderProgress(verb, doneBytes, totalBytes, (at - startedAt) / 1000);
      stream.write(isTty ? `\r\x1b[K${line}` : `${line}\n`);
    },
    end: () => {
      if (isTty) stream.write("\r\x1b[K");
    },
  };
}

/** One line: percent, bytes, rate, time left. */
export function renderProgress(
  verb: string,
  doneBytes: number,
  totalBytes: number,
  seconds: number,
): string {
  const percent = totalBytes === 0 ? 100 : Math.floor((doneBytes / totalBytes) * 100);
  const rate = seconds > 0 ? doneBytes / seconds : 0;
  const left = rate > 0 ? `${formatSeconds((totalBytes - doneBytes) / rate)} left` : "…";
  return `${verb} ${percent} %, ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}, ${formatBytes(rate)}/s, ${left}`;
}

function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
