import { isTerminal } from "../../shared/record/states.ts";
import type { Row } from "./board.ts";
import { findConversion } from "./detail.ts";
import { findImageVersion, isInRegions } from "./image-version.ts";

/** Whether a request ended as the plan says: {@link findShortcoming} finds nothing. */
export function endedAsExpected(row: Row): boolean {
  return findShortcoming(row) === null;
}

/**
 * Returns what a request lacks of the end that the plan says; null when nothing. A request that
 * succeeds has an image, or an image version in all of its regions, and a conversion that is done
 * where the plan has one. One that is refused has a cause and a fix.
 */
export function findShortcoming(row: Row): string | null {
  const { expected, state, status } = row;
  if (status === undefined) return `was never detected by the app (${state})`;
  if (!isTerminal(status.state)) return `is still ${state}`;
  if (state !== expected) {
    return status.error === null ? `ended ${state}` : `ended ${state} with ${status.error.code}`;
  }
  if (expected === "succeeded") return findMissingResult(row);
  return status.error?.code && status.error.fix ? null : `ended ${state} without a cause and a fix`;
}

function findMissingResult({ status, regions, convertedFrom }: Row): string | null {
  if (status === undefined) return null;
  const version = findImageVersion(status);
  if (regions === undefined) {
    if (!status.image?.id) return "ended succeeded without an image";
  } else {
    if (!version?.id) return "ended succeeded without an image version";
    if (!isInRegions(version, regions)) return `ended succeeded but not in ${regions} regions`;
  }
  if (convertedFrom === undefined) return null;
  const conversion = findConversion(status);
  const isDone = conversion?.from === convertedFrom && conversion.percent === 100;
  return isDone ? null : `ended succeeded but not converted from ${convertedFrom}`;
}
