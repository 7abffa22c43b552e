import { expect, test } from 'vitest';
import { reaches, ratioOf, type MeasuredPart } from './result.ts';
import { partTable, rounded } from './table.ts';

const part: MeasuredPart = {
  title: 'Start',
  method: 'Whole processes.',
  rounds: 5,
  load: { before: 1.5, after: 2 },
  figures: [{ subject: 'own', quantity: 'wall', unit: 'ms', median: 1234.5, deviation: 12.34 }],
  ratios: [
    { says: 'own to floor', median: 2.345, deviation: 0.1, goal: { atMost: 2 } },
    { says: 'memory', unit: 'bytes', median: 1500, deviation: 20, goal: { atMost: 2000 } },
    { says: 'beside', median: 0.5, deviation: 0 },
  ],
};

test('a ratio stands beside its goal, and whether it is reached', () => {
  const cells = partTable(part)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(cells).toContainEqual(['own to floor', '2.35 ± 0.1', 'at most 2', 'no']);
  expect(cells).toContainEqual(['memory', '1,500 bytes ± 20', 'at most 2,000 bytes', 'yes']);
  expect(cells).toContainEqual(['beside', '0.5 ± 0', '', '']);
  expect(cells).toContainEqual(['own', 'wall', '1,235 ms', '12.3']);
});

test('rounds and load are told', () => {
  expect(partTable(part)).toContain(
    'Medians of 5 rounds, ± median absolute deviation; load average 1.5 before, 2 after.',
  );
});

test('a goal may be a most or a least', () => {
  const ratio = ratioOf('rates', 'rate', [[{ rate: 30 }], [{ rate: 20 }]], { atLeast: 1.5 });
  expect(ratio.median).toBe(1.5);
  expect(reaches(ratio)).toBe(true);
  expect(reaches({ ...ratio, median: 1.49 })).toBe(false);
  expect(reaches({ ...ratio, goal: { atMost: 1.4 } })).toBe(false);
});

test('a quantity that was not measured is named', () => {
  expect(() => ratioOf('rates', 'rate', [[{ wall: 30 }], [{ rate: 20 }]])).toThrow('no rate, only wall');
});

test('numbers keep three digits that mean something', () => {
  expect([0.01234, 1.005, 99.96, 123.4, 24_300.2].map(rounded)).toEqual(['0.0123', '1', '100', '123', '24,300']);
});
