import { describe, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { selectedCases } from './cases.ts';
import { casesOfShard, isInEach } from './shard.ts';
import { suiteOf } from './suite.ts';

const suite = suiteOf(readContract(), readRequirements());
const selection = { profiles: ['core', 'bulk'], only: [], fuzz: undefined };
const all = await selectedCases(suite, {}, selection);

describe.each([1, 2, 4, 7])('of %i shards', (count) => {
  const shards = Array.from({ length: count }, (_, place) => casesOfShard(all, { index: place + 1, count }));

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
  const selected = await selectedCases(suite, {}, { ...selection, shard });
  expect(selected.map(({ id }) => id)).toEqual(casesOfShard(all, shard).map(({ id }) => id));
});

test('only what watches the call is in each shard beside the control', () => {
  expect(all.filter(isInEach).map(({ id }) => id)).toEqual(['effects/after-refusals', 'transfer/plain']);
});

test('a shard of cases without a control has none', async () => {
  const reading = await selectedCases(suite, {}, { ...selection, only: ['read-back/*'] });
  const ids = casesOfShard(reading, { index: 1, count: 2 }).map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.includes('transfer/plain')).toBe(reading.some(({ id }) => id === 'transfer/plain'));
});
