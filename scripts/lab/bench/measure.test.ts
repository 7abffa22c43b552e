import { expect, test } from 'vitest';
import { deviation, divide, formatPart, median, reaches, replacePart, round } from './measure.ts';
import { slopes } from './suite.ts';

test.each([
  [[9, 1, 5], 5, 4],
  [[4, 1, 2, 100], 3, 1.5],
  [[10, 11, 12, 13, 1000], 12, 1],
])('%j has a median and a median absolute deviation', (samples, middle, distance) => {
  expect([median(samples), deviation(samples)]).toEqual([middle, distance]);
});

test('no samples have no median', () => {
  expect(() => median([])).toThrow('got none');
});

test('ratios and slopes are made round by round', () => {
  const rounds = {
    one: [
      { wall: 10, requests: 5 },
      { wall: 40, requests: 5 },
    ],
    other: [
      { wall: 5, requests: 10 },
      { wall: 10, requests: 20 },
    ],
  };
  expect(divide(rounds, 'wall', 'one', 'other')).toEqual([2, 4]);
  expect(slopes(rounds, 'wall', 'one', 'other')).toEqual([-1, -2]);
});

test('a goal is a most or a least; a ratio without figures misses it', () => {
  expect(reaches({ says: '', values: [1.5] })).toBe(true);
  expect(reaches({ says: '', values: [1.5], goal: { atLeast: 1.5 } })).toBe(true);
  expect(reaches({ says: '', values: [1.5], goal: { atMost: 1.4 } })).toBe(false);
  expect(reaches({ says: '', values: [Number.NaN], goal: { atMost: 1.4 } })).toBe(false);
});

test('a part shows its ratios with their goals, and its figures with their units', () => {
  const rounds = { own: [{ wall: 1234.5, requests: 7 }] };
  const ratios = [
    { says: 'own to floor', values: [2.345], goal: { atMost: 2 } },
    { says: 'another', values: [0.5] },
  ];
  const lines = formatPart({ title: 'Start', method: 'Whole processes.', rounds, ratios }, 'One round.').split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '| own to floor | 2.35 ± 0 | at most 2 | no |',
      '| another | 0.5 ± 0 |  |  |',
      '| own | wall | 1,235 ± 0 ms |',
      '| own | requests | 7 ± 0  |',
      'One round.',
    ]),
  );
});

test('a measured part replaces the one with its title and leaves the others', () => {
  const page = '# Benchmark\n\nHello.\n\n## One\n\n1\n\n## Two\n\n2\n';
  expect(replacePart(page, '## One\n\nnew\n')).toBe('# Benchmark\n\nHello.\n\n## One\n\nnew\n\n## Two\n\n2');
  expect(replacePart(page, '## Three\n\n3')).toBe(`${page}\n## Three\n\n3`);
});

test('numbers keep three digits that mean something', () => {
  expect([0.01234, 1.005, 99.96, 123.4, 24_300.2].map(round)).toEqual(['0.0123', '1', '100', '123', '24,300']);
});
