import { formatBytes } from "../convert/format.ts";
import { createPaint, cut, type Environment, type OutputStream, printable } from "../terminal.ts";
import type { TransferProgress } from "./transfer.ts";

/** Shows how an upload goes, on the error stream. */
export interface ProgressDisplay {
  update(progress: TransferProgress): void;
  /** Removes a bar; nothing is written after it. */
  end(): void;
}

const BAR_WIDTH = 24;
const BAR_INTERVAL_MS = 100;
const LINE_INTERVAL_MS = 30_000;
const LINE_STEP_PERCENT = 10;
const CLEAR_LINE = "\r\u001b[K";

/**
 * On a terminal a bar that is rewritten; elsewhere a line for every ten percent, and at least every
 * 30 seconds. With rate and time left.
 */
export function startProgress(
  name: string,
  totalBytes: number,
  stream: OutputStream,
  environment: Environment,
  now: () => number,
): ProgressDisplay {
  const isLive = stream.isTTY === true && environment.TERM !== "dumb";
  const paint = createPaint(stream, environment);
  const startedAt = now();
  let shownAt = Number.NEGATIVE_INFINITY;
  let shownPercent = 0;
  return {
    update(progress) {
      const seconds = (now() - startedAt) / 1000;
      const done = doneBytes(progress);
      const percent = totalBytes === 0 ? 100 : Math.floor((done / totalBytes) * 100);
      const sinceShown = now() - shownAt;
      const isDue = isLive
        ? sinceShown >= BAR_INTERVAL_MS || done === totalBytes
        : percent >= shownPercent + LINE_STEP_PERCENT || sinceShown >= LINE_INTERVAL_MS;
      if (!isDue) return;
      shownAt = now();
      shownPercent = percent - (percent % LINE_STEP_PERCENT);
      const text = describeTransfer(progress, totalBytes, seconds);
      if (!isLive) {
        stream.write(`${printable(name)}: ${percent} %, ${text}\n`);
        return;
      }
      const filled = Math.round((percent / 100) * BAR_WIDTH);
      const columns = (stream.columns ?? 80) - 1;
      const head = `${cut(printable(name), 20)} `;
      const tail = ` ${String(percent).padStart(3)} %  ${text}`;
      const room = columns - head.length - BAR_WIDTH;
      // Too narrow for a bar: the figures say more.
      const bar = `${paint("good", "█".repeat(filled))}${paint("quiet", "░".repeat(BAR_WIDTH - filled))}`;
      const line =
        room >= tail.length ? `${head}${bar}${tail}` : cut(`${head}${tail.trim()}`, columns);
      stream.write(`${CLEAR_LINE}${line}`);
    },
    end() {
      if (isLive) stream.write(CLEAR_LINE);
    },
  };
}

/** Bytes dealt with so far, whichever way. */
export function doneBytes({ sentBytes, zeroBytes, keptBytes }: TransferProgress): number {
  return sentBytes + zeroBytes + keptBytes;
}

/** Bytes, rate and time left. What an earlier run sent says nothing of the rate. */
function describeTransfer(progress: TransferProgress, totalBytes: number, seconds: number): string {
  const done = doneBytes(progress);
  const rate = seconds > 0 ? progress.sentBytes / seconds : 0;
  const pace = seconds > 0 ? (done - progress.keptBytes) / seconds : 0;
  const left =
    pace > 0 && done < totalBytes ? `, ${formatTime((totalBytes - done) / pace)} left` : "";
  return `${formatBytes(done)} of ${formatBytes(totalBytes)}, ${formatBytes(rate)}/s${left}`;
}

/** A duration as people say it. */
export function formatTime(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
