import { expect, test } from 'vitest';
import { formatRow, formatTable, median, putRows, reaches, type Comparison } from './ratio.ts';

const measure = () => Promise.resolve(1);
const comparison: Comparison = { says: 'one to the other', unit: 'ms', atMost: 2, measure, measureOther: measure };

test.each([
  [[9, 1, 5], 5],
  [[4, 1, 2, 100], 3],
])('the median of %j is %d', (samples, middle) => {
  expect(median(samples)).toBe(middle);
});

test('no samples have no median', () => {
  expect(() => median([])).toThrow('got none');
});

test('a ratio is made in each round, and its median must reach the goal', () => {
  const rounds = [
    [10, 5],
    [40, 10],
    [1234.5, 1000],
  ] as const;
  expect(reaches(comparison, rounds)).toBe(true);
  expect(reaches({ ...comparison, atMost: 1 }, rounds)).toBe(false);
  expect(reaches(comparison, [[Number.NaN, 1]])).toBe(false);
  expect(formatRow(comparison, rounds, 'today')).toEqual([
    'one to the other',
    '2 ± 0.766',
    '2',
    '40 ± 30 ms',
    '10 ± 5 ms',
    'today',
  ]);
  expect(formatRow({ ...comparison, atMost: 1 }, [[1234.5, 0.01234]], '')[2]).toBe('1, missed');
});

test('a measured row replaces the one with its first cell, and the others stay', () => {
  const page = `# Page\n\nHello.\n\n${formatTable([
    ['one', '1'],
    ['two', '2'],
  ])}\n`;
  expect(
    putRows(page, [
      ['two', '3'],
      ['three', '4'],
    ]),
  ).toBe(
    `# Page\n\nHello.\n\n${formatTable([
      ['one', '1'],
      ['two', '3'],
      ['three', '4'],
    ])}\n`,
  );
});
