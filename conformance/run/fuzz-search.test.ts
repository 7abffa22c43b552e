import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import { runFuzzCase } from './fuzz.ts';
import type { CaseResult, CaseVerdict } from './result.ts';

const own = 'body/number-invalid';

/** A result of one value, which violates some requirements. */
function resultOf(verdict: CaseVerdict, ...violated: string[]): CaseResult {
  const checks = [...new Set([own, ...violated])].map((requirement): CaseResult['checks'][number] => {
    return {
      check: requirement,
      requirement,
      outcome: violated.includes(requirement) ? 'violated' : 'met',
      violations: [],
    };
  });
  const base = { id: 'a', requirement: own, title: 'a', accepted: false, exchanges: [], duration: 1 };
  return { ...base, verdict, answers: [verdict], checks };
}

/** Searches the numbers up to 1000, each of which has a result, and tells how many were sent. */
async function search(resultFor: (value: number, sent: number) => CaseResult, count = 50) {
  let sent = 0;
  const recipes = fc.integer({ min: 0, max: 1000 }).map((value) => (() => [value]) as unknown as Case['send']);
  const batches = [{ seed: 1, count }];
  const fuzzCase = { id: 'a', requirement: own, title: 'a', seed: 7, batches, recipes } as unknown as FuzzCase;
  const result = await runFuzzCase(fuzzCase, async ({ send }) => {
    const [value] = (send as unknown as () => number[])();
    return { ...resultFor(value ?? 0, (sent += 1)), reason: String(value) };
  });
  return { ...result, sent };
}

const passed = resultOf('pass');
const failed = resultOf('fail', own);
const elsewhere = resultOf('fail', 'errors/body');

test.each<[what: string, resultFor: (value: number, sent: number) => CaseResult, expected: object]>([
  ['passes when all values do, with every answer once', () => passed, { verdict: 'pass', answers: ['pass'], sent: 50 }],
  [
    'takes the smallest value that fails',
    (value) => (value < 300 ? passed : failed),
    { verdict: 'fail', reason: '300' },
  ],
  [
    'does not take another fault for a smaller one',
    (value) => (value < 300 ? elsewhere : resultOf('fail', own, 'errors/media-type')),
    { verdict: 'fail', reason: '300' },
  ],
  ['prefers its requirement to another one', (value) => (value < 500 ? elsewhere : failed), { reason: '500' }],
  ['finds what breaks another requirement', (value) => (value < 300 ? passed : elsewhere), { reason: '300' }],
  ['prefers what fails to a warning', (value) => (value < 500 ? resultOf('warn', 'x') : elsewhere), { reason: '500' }],
  [
    'ends where nothing can be reached any more',
    (_, sent) => (sent < 5 ? passed : resultOf('unreached')),
    { verdict: 'unreached', sent: 5, fuzz: { seed: 7, tried: 4, steps: 0 } },
  ],
  [
    'keeps what failed before nothing could be reached any more',
    (_, sent) => (sent === 2 ? elsewhere : sent < 5 ? passed : resultOf('unreached')),
    { verdict: 'fail', sent: 5 },
  ],
  ['ends at an error of the suite', () => resultOf('error'), { verdict: 'error', fuzz: { tried: 1 } }],
])('a search %s', async (_, resultFor, expected) => {
  expect(await search(resultFor)).toMatchObject(expected);
});

test('a value is made smaller by a limited number of requests', async () => {
  const { sent, fuzz } = await search((_, count) => (count === 1 ? failed : passed));
  expect(sent).toBeLessThanOrEqual(151);
  expect(fuzz).toEqual({ seed: 7, tried: 1, steps: 0 });
});

test('a search without values is no pass', async () => {
  const reason = 'no value could be generated that may be sent';
  expect(await search(() => passed, 0)).toMatchObject({ verdict: 'not applicable', reason });
});
