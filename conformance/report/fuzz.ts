import type { CaseResult } from '../run/result.ts';

/** What was generated in a run, all in all. */
export interface FuzzTotals {
  readonly seed: number;
  readonly values: number;
}

/** How many values were tried, and the seed that makes them again; undefined if none were generated. */
export function fuzzTotals(cases: readonly CaseResult[]): FuzzTotals | undefined {
  const results = cases.flatMap(({ fuzz }) => fuzz ?? []);
  if (results[0] === undefined) return undefined;
  return { seed: results[0].seed, values: results.reduce((sum, { tried }) => sum + tried, 0) };
}

/** The totals as a line, if anything was generated. */
export function fuzzLine(cases: readonly CaseResult[]): string[] {
  const totals = fuzzTotals(cases);
  return totals === undefined ? [] : [`Fuzz: ${totals.values.toLocaleString('en')} values, seed ${totals.seed}`];
}

/** How a failing value was found, and what makes it again. */
export function foundBy({ id, fuzz }: CaseResult): string[] {
  if (fuzz === undefined) return [];
  const { seed, tried, steps } = fuzz;
  const last = id.split('-').at(-1) ?? '';
  const found = `in ${tried} ${tried === 1 ? 'value' : 'values'}, made smaller in ${steps} ${steps === 1 ? 'step' : 'steps'}`;
  return [`${found}; again with --fuzz ${last} --seed ${seed} --only '${id}'`];
}
