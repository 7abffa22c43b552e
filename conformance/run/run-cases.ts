import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import type { Run } from './execute.ts';
import type { CaseResult } from './result.ts';
import { Slots } from './slots.ts';

/** More than requests under way at once, since cases wait for their turn and for each other's readings. */
export const casesAtOnce = 64;

/** Cases that are under way. */
export interface StartedCases {
  /** What becomes of each, in the order of the cases. */
  readonly results: ReadonlyMap<Case | FuzzCase, Promise<CaseResult>>;
  /** Until all have ended that keep the call where it is. */
  readonly allKept: Promise<void>;
}

/**
 * Starts cases in their order, several at once. Whatever does not keep the call where it is begins once all that do
 * have ended: one that goes on with another request would find that the call was moved, or used up.
 */
export function startCases(run: Run, cases: readonly (Case | FuzzCase)[], concurrency: number): StartedCases {
  const slots = new Slots(concurrency);
  const start = (testCase: Case | FuzzCase) => slots.use(() => run.execute(testCase));
  const keeping = cases.filter(({ effect }) => effect === 'keeps');
  const kept = new Map(keeping.map((testCase) => [testCase, start(testCase)]));
  const allKept = Promise.all(kept.values()).then(() => undefined);
  const results = cases.map(
    (testCase) => [testCase, kept.get(testCase) ?? allKept.then(() => start(testCase))] as const,
  );
  return { results: new Map(results), allKept };
}

/** Runs cases as {@link startCases} does, and returns their results in their order. */
export function runCases(run: Run, cases: readonly (Case | FuzzCase)[], concurrency: number): Promise<CaseResult[]> {
  return Promise.all(startCases(run, cases, concurrency).results.values());
}
