/** Numbers from 0 (inclusive) to 1 (exclusive); the same seed gives the same ones. */
export type Random = () => number;

/** Returns a linear congruential generator modulo 2³² (Knuth's multiplier): order is all it is for. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  next(); // the first numbers of neighbouring seeds are alike
  return next;
}

/** A number from `low` (inclusive) to `high` (exclusive). */
export function between(low: number, high: number, random: Random): number {
  return low + random() * (high - low);
}
