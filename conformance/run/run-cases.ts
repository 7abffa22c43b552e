import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import type { Run } from './execute.ts';
import type { CaseResult } from './result.ts';
import { Slots } from './slots.ts';

/** Runs cases several at once, started in their order, and returns their results in that order. */
export function runCases(run: Run, cases: readonly (Case | FuzzCase)[], concurrency: number): Promise<CaseResult[]> {
  const slots = new Slots(concurrency);
  return Promise.all(cases.map((testCase) => slots.use(() => run.execute(testCase))));
}
