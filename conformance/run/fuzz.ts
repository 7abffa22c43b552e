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
  const { id, requirement, title, control, count, seed, recipes } = fuzzCase;
  const search = new FuzzSearch(requirement);
  const send = (recipe: Case['send']) => attempt({ ...fuzzCase, send: recipe });
  const property = fc.asyncProperty(recipes, async (recipe) => {
    fc.pre(recipe !== undefined);
    return search.passes(() => send(recipe));
  });
  const parameters = { seed: seed.own, numRuns: count };
  await fc.check(property, parameters);
  if (search.returnToFailure()) await fc.check(property, parameters);
  const fuzz = { seed: seed.run, tried: search.tried, steps: search.steps };
  return { id, requirement, title, control, ...search.result, duration: performance.now() - started, fuzz };
}
