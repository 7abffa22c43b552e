import fc from 'fast-check';
import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import { FuzzSearch } from './fuzz-search.ts';
import type { CaseResult } from './result.ts';

/** Runs one case. Never throws. */
type Attempt = (testCase: Case) => Promise<CaseResult>;

/** Tries the generated values of a case, and makes the one that fails as small as it can be and still fail so. */
export async function runFuzzCase(fuzzCase: FuzzCase, attempt: Attempt): Promise<CaseResult> {
  const started = performance.now();
  const { id, requirement, title, control, batches, seed, recipes } = fuzzCase;
  const search = new FuzzSearch(requirement);
  const send = (recipe: Case['send']) => attempt({ ...fuzzCase, send: recipe });
  const property = fc.asyncProperty(recipes, async (recipe) => {
    fc.pre(recipe !== undefined);
    return search.passes(() => send(recipe));
  });
  const checkAll = async () => {
    for (const { seed: own, count } of batches) {
      if (!search.isOver) await fc.check(property, { seed: own, numRuns: count });
    }
  };
  await checkAll();
  if (search.returnToFailure()) await checkAll();
  const fuzz = { seed, tried: search.tried, steps: search.steps };
  return { id, requirement, title, control, ...search.result, duration: performance.now() - started, fuzz };
}
