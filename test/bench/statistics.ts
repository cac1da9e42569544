/** The value below which `share` of the values lie; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export type Spread = { n: number; p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number };

export function spreadOf(valuesMs: readonly number[]): Spread {
  return {
    n: valuesMs.length,
    p50Ms: rounded(quantile(valuesMs, 0.5)),
    p95Ms: rounded(quantile(valuesMs, 0.95)),
    p99Ms: rounded(quantile(valuesMs, 0.99)),
    maxMs: rounded(quantile(valuesMs, 1)),
  };
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
