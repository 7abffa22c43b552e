/** The middle of samples, and how far they lie from it in the middle: neither is moved by a few samples far off. */
export interface Summary {
  readonly median: number;
  /** The median absolute deviation. */
  readonly deviation: number;
}

/** Summarises samples, of which there has to be one at least. */
export function summaryOf(samples: readonly number[]): Summary {
  const median = medianOf(samples);
  return { median, deviation: medianOf(samples.map((sample) => Math.abs(sample - median))) };
}

/** The ratios of samples that were taken side by side: what disturbed a round disturbed both. */
export function ratiosOf(numerators: readonly number[], denominators: readonly number[]): number[] {
  if (numerators.length !== denominators.length) {
    throw new Error(`Expected as many samples on both sides, got ${numerators.length} and ${denominators.length}.`);
  }
  return numerators.map((numerator, index) => numerator / (denominators[index] ?? Number.NaN));
}

function medianOf(samples: readonly number[]): number {
  if (samples.length === 0) throw new Error('Expected samples, got none: there is no median of nothing.');
  const sorted = samples.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
