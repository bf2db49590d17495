/** The shortest and the longest pause between two requests of the same thing, in seconds. */
const SHORTEST = 2;
const LONGEST = 60;
/** Where the app does not say when to ask again: nothing is expected to change soon. */
const DEFAULT = 60;

/**
 * Seconds until the app is asked again: as it says itself, within bounds; longer each time while it does
 * not answer or answers 5xx or 429.
 * @param failures answers in a row that failed
 */
export function pauseSeconds(retryAfter: number | null, failures: number): number {
  const wanted = Math.max(SHORTEST, Math.min(LONGEST, retryAfter ?? DEFAULT));
  if (failures === 0) return wanted;
  const backOff = Math.min(LONGEST, SHORTEST * 2 ** failures);
  return retryAfter === null ? backOff : Math.max(backOff, wanted);
}
