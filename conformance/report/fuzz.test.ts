import { expect, test } from 'vitest';
import type { CaseResult } from '../run/result.ts';
import { foundBy, fuzzLine, fuzzTotals } from './fuzz.ts';

const ordinary: CaseResult = {
  id: 'transfer/plain',
  requirement: 'success/status',
  title: 'transfers a call',
  verdict: 'pass',
  reason: undefined,
  control: undefined,
  answers: ['200'],
  accepted: true,
  checks: [],
  exchanges: [],
  duration: 1,
};
const generated = (tried: number, steps = 0): CaseResult => {
  return { ...ordinary, id: 'fuzz/body/sendCallTo/51-100', fuzz: { seed: 42, tried, steps } };
};

test('the totals count the values of all cases', () => {
  const cases = [ordinary, generated(1200), generated(50)];
  expect(fuzzTotals(cases)).toEqual({ seed: 42, values: 1250 });
  expect(fuzzLine(cases)).toEqual(['Fuzz: 1,250 values, seed 42']);
});

test('nothing is said where nothing was generated', () => {
  expect(fuzzTotals([ordinary])).toBeUndefined();
  expect([...fuzzLine([ordinary]), ...foundBy(ordinary)]).toEqual([]);
});

test('what was found says how to find it again', () => {
  const again = "again with --fuzz 100 --seed 42 --only 'fuzz/body/sendCallTo/51-100'";
  expect(foundBy(generated(29, 9))).toEqual([`in 29 values, made smaller in 9 steps; ${again}`]);
  expect(foundBy(generated(1, 1))).toEqual([`in 1 value, made smaller in 1 step; ${again}`]);
});
