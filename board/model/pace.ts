/** The shortest and the longest pause between two requests of the same thing, in seconds. */
const SHORTEST = 2;
/** A new upload, or what someone else did, is shown after so long; it costs a 304 while nothing changes. */
const LONGEST = 10;
/** The longest pause while the app does not answer. */
const LONGEST_BACK_OFF = 60;

/**
 * Seconds until the app is asked again: as it says itself, within bounds; longer each time while it does
 * not answer or answers 5xx or 429.
 * @param failures answers in a row that failed
 */
export function pauseSeconds(retryAfter: number | null, failures: number): number {
  const within = (most: number): number => Math.max(SHORTEST, Math.min(most, retryAfter ?? most));
  if (failures === 0) return within(LONGEST);
  const backOff = Math.min(LONGEST_BACK_OFF, SHORTEST * 2 ** failures);
  return retryAfter === null ? backOff : Math.max(backOff, within(LONGEST_BACK_OFF));
}
