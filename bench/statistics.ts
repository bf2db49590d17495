/** The middle and the upper end of some measurements, in their unit. */
export interface Summary {
  readonly median: number;
  readonly p95: number;
}

/** Summary of at least one measurement. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    if (value === undefined) throw new RangeError("there is nothing to summarize");
    return value;
  };
  return { median: at(0.5), p95: at(0.95) };
}
