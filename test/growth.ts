/** What is still in proportion: twice the input may take this many times as long. Quadratic is four. */
export const LINEAR_GROWTH = 3;

/** Long enough for quadratic time to show; longer texts cost the collection of garbage on top. */
const SIZE = 2_000;
/** One doubling is too few: the engine treats long texts otherwise than short ones, at a step. */
const DOUBLINGS = 3;
const TIMES = 2 ** DOUBLINGS;
/** Both sides are measured in turns, each within about so many milliseconds at a time. */
const WINDOW = 1;
const MAX_ROUNDS = 2_000;
/** Turns until growth counts as more than linear: what a busy machine spoils proves nothing. */
const MIN_TURNS = 3;
const MAX_TURNS = 500;

/** Work of a size: what comes back is measured, how it was prepared is not. */
export type SizedWork = (size: number) => () => unknown;

/**
 * How many times as long work takes with each doubling of its input: about 2 when it is in proportion to
 * the input, 1 when it is bounded, 4 when it is quadratic. A ratio says the same on a fast and on a busy
 * machine: of both sides the fastest turn counts, until the growth is seen to be linear.
 */
export function growthOf(work: SizedWork, size = SIZE): number {
  const [single, multiple] = [work(size), work(size * TIMES)];
  const once = Math.max(0.0005, timeOf(single, 1));
  const rounds = Math.min(MAX_ROUNDS, Math.ceil(WINDOW / once));
  let growth = Number.POSITIVE_INFINITY;
  let [least, leastMultiple] = [growth, growth];
  for (let turn = 1; turn <= MAX_TURNS; turn++) {
    least = Math.min(least, timeOf(single, rounds));
    leastMultiple = Math.min(leastMultiple, timeOf(multiple, Math.ceil(rounds / TIMES)));
    growth = (leastMultiple / least) ** (1 / DOUBLINGS);
    if (turn >= MIN_TURNS && growth <= LINEAR_GROWTH) break;
  }
  return growth;
}

/** Milliseconds of one run, in the mean of some. */
function timeOf(run: () => unknown, rounds: number): number {
  const before = performance.now();
  for (let round = 0; round < rounds; round++) run();
  return (performance.now() - before) / rounds;
}
