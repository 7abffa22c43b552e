import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import type { Run } from './execute.ts';
import type { CaseResult } from './result.ts';

/** Runs cases several at once, started in their order, and returns their results in that order. */
export async function runCases(
  run: Run,
  cases: readonly (Case | FuzzCase)[],
  concurrency: number,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const upcoming = cases.entries();
  const worker = async () => {
    for (const [index, testCase] of upcoming) results[index] = await run.execute(testCase);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}
