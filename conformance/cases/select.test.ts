import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { isInEveryShard, parsePattern, selectCases, selectShard } from './select.ts';
import { createSuite } from './suite.ts';

const suite = createSuite(readContract(), readRequirements());
const selection = { profiles: ['core', 'bulk'] };
const all = selectCases(suite, {}, selection);

describe.each([1, 2, 4, 7])('of %i shards', (count) => {
  const shards = Array.from({ length: count }, (_, place) => selectShard(all, { index: place + 1, count }));

  test('each case is in one, and what is told of the others in all', () => {
    const inEach = ['effects/after-refusals', 'transfer/plain'];
    const times = Map.groupBy(shards.flat(), ({ id }) => id);
    const wrong = [...times].filter(([id, cases]) => cases.length !== (inEach.includes(id) ? count : 1));
    expect(wrong).toEqual([]);
    expect(times.size).toBe(all.length);
  });

  test('none has more than one case more than another', () => {
    const lengths = shards.map((cases) => cases.length);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
  });

  test('cases keep their order', () => {
    const places = shards.map((cases) => cases.map((testCase) => all.indexOf(testCase)));
    expect(places).toEqual(places.map((shard) => shard.toSorted((one, other) => one - other)));
  });
});

test('a selection has the cases of its shard only', async () => {
  const shard = { index: 2, count: 4 };
  const selected = selectCases(suite, {}, { ...selection, shard: '2/4' });
  expect(selected.map(({ id }) => id)).toEqual(selectShard(all, shard).map(({ id }) => id));
});

test('only what watches the call is in each shard beside the control', () => {
  expect(all.filter(isInEveryShard).map(({ id }) => id)).toEqual(['effects/after-refusals', 'transfer/plain']);
});

test('a shard of cases without a control has none', async () => {
  const reading = selectCases(suite, {}, { ...selection, only: ['read-back/*'] });
  const ids = selectShard(reading, { index: 1, count: 2 }).map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.includes('transfer/plain')).toBe(reading.some(({ id }) => id === 'transfer/plain'));
});

describe('a pattern', () => {
  test.each([
    ['body', 'body'],
    ['body', 'body/sendCallTo/missing'],
    ['body/*/missing', 'body/sendCallTo/missing'],
    ['body/*/missing', 'body/sendCallTo/missing/twice'],
    ['*', 'body'],
    ['**', 'body'],
    ['b**y', 'body'],
    ['*missing', 'body/sendCallTo/missing'],
    ['b*d*y/*', 'body/sendCallTo'],
    ['*a*a*', 'aa'],
  ])('%s matches %s', (pattern, id) => {
    expect(parsePattern(pattern).test(id)).toBe(true);
  });

  test.each([
    ['body', 'bodyguard'],
    ['body/', 'body'],
    ['body/*', 'body'],
    ['.ody', 'body'],
    ['', 'body'],
    ['aba*ba', 'aba'],
    ['*a*a*', 'a'],
    ['*missing', 'body/missings'],
  ])('%s matches no %s', (pattern, id) => {
    expect(parsePattern(pattern).test(id)).toBe(false);
  });

  test('matches what a regular expression would', () => {
    const words = (letters: string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 7 }).map((word) => word.join(''));
    fc.assert(
      fc.property(words(['a', 'b', '/', '*']), words(['a', 'b', '/']), (text, id) => {
        const expression = new RegExp(`^${text.replaceAll('*', '.*')}(?:/.*)?$`);
        expect(parsePattern(text).test(id)).toBe(expression.test(id));
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  test.each([
    ['stars in a row', `${'*'.repeat(50_000)}x`],
    ['stars between letters', `${'*a'.repeat(30)}*x`],
  ])('with many %s is held against an id at once', (_, text) => {
    expect(parsePattern(text).test('a'.repeat(200))).toBe(false);
  });
});
