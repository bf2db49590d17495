/** Major, minor and patch of an image version. */
export type VersionNumber = readonly [number, number, number];

/** The service holds each of the three in 32 bits. */
export const MAX_VERSION_PART = 2 ** 31 - 1;

/** The number in a text such as `1.4.0`; null for anything else. */
export function parseVersionNumber(text: string): VersionNumber | null {
  if (text.length > 32) return null;
  const parts = text.split(".");
  const isNumber = (part: string): boolean =>
    /^(?:0|[1-9]\d{0,9})$/.test(part) && Number(part) <= MAX_VERSION_PART;
  const [major, minor, patch] = parts.map(Number);
  if (parts.length !== 3 || !parts.every(isNumber)) return null;
  return [major ?? 0, minor ?? 0, patch ?? 0];
}

/** A number as it is written: `1.4.0`. */
export function formatVersionNumber(version: VersionNumber): string {
  return version.join(".");
}

/** The leading numbers that a request for the next version fixes: `1.4.auto` gives 1 and 4. */
export function seriesOf(asked: string): readonly number[] {
  return asked
    .split(".")
    .filter((part) => part !== "auto")
    .map(Number);
}

/**
 * The next number for `1.4.auto`, `1.auto` or `auto`, above all that are known; null when the series is
 * at its end, for nothing is carried over into another one.
 */
export function nextVersion(asked: string, known: readonly VersionNumber[]): VersionNumber | null {
  const series = seriesOf(asked);
  const highest = highestOf(known.filter((version) => isInSeries(version, series)));
  const [major = 1, minor = 0] = series;
  if (highest === null) return [major, minor, 0];
  const isMinor = series.length === 1;
  const counted = isMinor ? highest[1] : highest[2];
  if (counted >= MAX_VERSION_PART) return null;
  return isMinor ? [highest[0], counted + 1, 0] : [highest[0], highest[1], counted + 1];
}

/** Whether a number begins with the given ones. */
export function isInSeries(version: VersionNumber, series: readonly number[]): boolean {
  return series.every((part, index) => version[index] === part);
}

/** The highest of some numbers, compared as numbers; null when there are none. */
export function highestOf(versions: readonly VersionNumber[]): VersionNumber | null {
  return versions.reduce<VersionNumber | null>(
    (highest, version) => (highest === null || isHigher(version, highest) ? version : highest),
    null,
  );
}

function isHigher(left: VersionNumber, right: VersionNumber): boolean {
  const index = left.findIndex((part, at) => part !== right[at]);
  return index >= 0 && (left[index] ?? 0) > (right[index] ?? 0);
}
