import { describe, expect, test } from 'vitest';
import { FuzzSearch } from './fuzz.ts';
import type { CaseResult, CaseVerdict } from './result.ts';

const own = 'body/number-invalid';

/** A result of one value, which violates some requirements. */
function resultOf(verdict: CaseVerdict, ...violated: string[]): CaseResult {
  const requirements = [...new Set([own, ...violated])];
  const checks = requirements.map((requirement): CaseResult['checks'][number] => {
    const outcome = violated.includes(requirement) ? 'violated' : 'met';
    return { check: requirement, requirement, outcome, violations: [] };
  });
  const answers = [`${verdict} ${violated.join()}`.trim()];
  const base = {
    id: 'a',
    requirement: own,
    title: 'a',
    control: undefined,
    accepted: false,
    exchanges: [],
    duration: 1,
  };
  return { ...base, verdict, reason: undefined, answers, checks };
}

const passed = resultOf('pass');
const failed = resultOf('fail', own);
const failedBeside = resultOf('fail', 'errors/body');

/** A search that was shown results, and whether each was taken for a pass. */
async function searchOf(...results: CaseResult[]): Promise<[search: FuzzSearch, passes: boolean[]]> {
  const search = new FuzzSearch(own);
  const passes: boolean[] = [];
  for (const result of results) passes.push(await search.passes(async () => result));
  return [search, passes];
}

describe('a search', () => {
  test('passes when all values do, with every answer once', async () => {
    const [search, passes] = await searchOf(passed, passed);
    expect(passes).toEqual([true, true]);
    expect(search).toMatchObject({ tried: 2, steps: 0, result: { verdict: 'pass', answers: ['pass'], exchanges: [] } });
    expect(search.returnToFailure()).toBe(false);
  });

  test('stops at the first failure, and takes smaller ones in its place', async () => {
    const smaller = { ...failed, answers: ['smaller'] };
    const [search, passes] = await searchOf(passed, failed, passed, smaller);
    expect(passes).toEqual([true, false, true, false]);
    expect(search).toMatchObject({ tried: 2, steps: 1, result: { verdict: 'fail', answers: ['smaller'] } });
  });

  test('does not take another fault for a smaller one', async () => {
    const [search, passes] = await searchOf(resultOf('fail', own, 'errors/body'), failed, failedBeside);
    expect(passes).toEqual([false, true, true]);
    expect(search.steps).toBe(0);
  });

  test('prefers its own requirement to another one', async () => {
    const [search, passes] = await searchOf(failedBeside, passed, failed);
    expect(passes).toEqual([true, true, false]);
    expect(search.result.answers).toEqual(failed.answers);
    expect(search.returnToFailure()).toBe(false);
  });

  test('returns to what broke another requirement, without sending what came before', async () => {
    const [search] = await searchOf(passed, resultOf('warn', 'success/link'), failedBeside, passed);
    expect(search.returnToFailure()).toBe(true);
    const never = () => Promise.reject(new Error('nothing was to be sent'));
    expect([await search.passes(never), await search.passes(never), await search.passes(never)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await search.passes(async () => failedBeside)).toBe(false);
    expect(search).toMatchObject({ tried: 4, steps: 1, result: { verdict: 'fail' } });
  });

  test('ends where nothing can be reached any more', async () => {
    const [search] = await searchOf(passed, { ...resultOf('unreached'), reason: 'the target is silent' });
    expect(await search.passes(() => Promise.reject(new Error('nothing was to be sent')))).toBe(true);
    expect(search).toMatchObject({ tried: 1, result: { verdict: 'unreached', reason: 'the target is silent' } });
  });

  test('ends at an error of the suite', async () => {
    const [search, passes] = await searchOf({ ...resultOf('error'), reason: 'unsound' });
    expect(passes).toEqual([false]);
    expect(search.result).toMatchObject({ verdict: 'error', reason: 'unsound' });
  });

  test('makes a value smaller by a limited number of requests', async () => {
    const [search] = await searchOf(failed, ...Array<CaseResult>(150).fill(passed));
    expect(await search.passes(() => Promise.reject(new Error('nothing was to be sent')))).toBe(true);
  });

  test('without values is no pass', () => {
    const reason = 'no value could be generated that may be sent';
    expect(new FuzzSearch(own).result).toMatchObject({ verdict: 'not applicable', reason });
  });
});
