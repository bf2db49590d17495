import { formatBytes, formatDuration, percent, visible } from "./format.ts";
import {
  type Conversion,
  type Disk,
  isEnd,
  nameOfDisk,
  type Output,
  type Status,
} from "./status.ts";

/** So long without a change, a request may be stuck, in milliseconds. */
export const STUCK_AFTER = 15 * 60_000;

/** What an open request is doing, and what it waits for; empty for one that has ended. */
export function listReasons(status: Status, now: number): readonly string[] {
  if (isEnd(status.state)) return [];
  const { retrying } = status;
  const reasons = [
    ...(retrying === null
      ? []
      : [
          `Azure answered ${retrying.code}: ${visible(retrying.message)} The app retries; attempts so far: ${retrying.attempts}.`,
        ]),
    ...status.disks.flatMap(explainDisk),
    ...(status.outputs ?? []).flatMap(explainOutput),
  ];
  const fallback = FALLBACKS[status.state];
  if (reasons.length === 0 && fallback !== undefined) reasons.push(fallback);
  const idle = now - Date.parse(status.updatedAt);
  if (idle >= STUCK_AFTER) {
    reasons.push(
      `Nothing has changed for ${formatDuration(idle)}. ${STUCK_HINTS[status.state] ?? OTHER_HINT}`,
    );
  }
  return reasons;
}

/** A request in which nothing happens, and why. */
export interface StuckRequest {
  readonly requestId: string;
  readonly source: string;
  readonly why: string;
}

/** Open requests that have not changed for long, those that wait longest first. */
export function listStuck(items: readonly Status[], now: number): readonly StuckRequest[] {
  return items
    .filter(({ state, updatedAt }) => !isEnd(state) && now - Date.parse(updatedAt) >= STUCK_AFTER)
    .toSorted((one, other) => Date.parse(one.updatedAt) - Date.parse(other.updatedAt))
    .map((status) => {
      const { requestId, source } = status;
      return { requestId, source, why: listReasons(status, now).join(" ") };
    });
}

const FALLBACKS: Readonly<Record<string, string>> = {
  received: "The app has seen the upload and reads it next.",
  waiting: "The app checks the disks.",
  converting: "The app converts a disk to a fixed VHD.",
  submitting: "The app requests the image from Azure.",
  creating: "Azure is creating the image.",
};

const STUCK_HINTS: Readonly<Record<string, string>> = {
  waiting: "Finish the upload of the disks that are missing, or cancel the request.",
  creating: "Large disks take Azure an hour or more; the app follows it until its deadline.",
};
const OTHER_HINT = "Check the health of the app and its log.";

const WAITS: Readonly<Record<string, (disk: Disk) => string>> = {
  missing: () => "does not exist yet. Upload it, or correct its name in the manifest.",
  uploading: ({ detail }) => `is being uploaded${inParentheses(detail)}.`,
  copying: ({ detail }) => `is being copied${inParentheses(detail)}.`,
  converting: ({ conversion, detail }) =>
    `is being converted${conversion ? `: ${describeConversion(conversion)}` : inParentheses(detail)}.`,
};

function explainDisk(disk: Disk): readonly string[] {
  const explain = WAITS[disk.state];
  return explain === undefined ? [] : [`${visible(nameOfDisk(disk))} ${explain(disk)}`];
}

function explainOutput(output: Output): readonly string[] {
  const regions = output.replication?.regions ?? [];
  const open = regions.filter(({ state }) => state !== "Completed");
  if (isEnd(output.state) || open.length === 0) return [];
  const names = open.map(({ region, progress }) => `${visible(region)} (${progress ?? 0} %)`);
  return [`Azure copies version ${output.version ?? ""} to ${names.join(", ")}.`];
}

/** How far a conversion is, in words. */
export function describeConversion(conversion: Conversion): string {
  const { from, bytesDone, bytesTotal, calls, secondsLeft = 0 } = conversion;
  const share = percent(bytesDone, bytesTotal);
  const parts = [
    visible(from),
    `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}, ${share} %`,
    ...(calls === undefined ? [] : [`${calls} calls in all`]),
    ...(secondsLeft > 0 ? [`about ${formatDuration(secondsLeft * 1000)} left`] : []),
  ];
  return parts.join(", ");
}

function inParentheses(detail: string | null): string {
  return detail ? ` (${visible(detail)})` : "";
}
