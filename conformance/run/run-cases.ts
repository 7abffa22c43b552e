import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import type { Run } from './execute.ts';
import type { CaseResult } from './result.ts';
import { Slots } from './slots.ts';

/** More than requests under way at once, since cases wait for their turn and for each other's readings. */
export const casesAtOnce = 64;

/** What becomes of cases. */
export type Results<Some extends Case | FuzzCase> = ReadonlyMap<Some, Promise<CaseResult>>;

/**
 * Starts cases in their order, several at once. Whatever does not keep the call where it is begins once all that do
 * have ended: one that goes on with another request would find that the call was moved, or used up.
 *
 * @returns What becomes of each, in that order.
 */
export function startCases<Some extends Case | FuzzCase>(
  run: Run,
  cases: readonly Some[],
  concurrency: number,
): Results<Some> {
  const slots = new Slots(concurrency);
  const start = (testCase: Some) => slots.use(() => run.execute(testCase));
  const kept = new Map(cases.filter(isKeeping).map((testCase) => [testCase, start(testCase)]));
  const allKept = Promise.all(kept.values());
  return new Map(
    cases.map((testCase) => [testCase, kept.get(testCase) ?? allKept.then(() => start(testCase))] as const),
  );
}

/** Whether a case leaves the call where it is, as far as it is up to it. */
export function isKeeping({ effect }: Pick<Case, 'effect'>): boolean {
  return effect === 'keeps';
}

/** Runs cases as {@link startCases} does, and returns their results in their order. */
export function runCases(run: Run, cases: readonly (Case | FuzzCase)[], concurrency: number): Promise<CaseResult[]> {
  return Promise.all(startCases(run, cases, concurrency).values());
}
