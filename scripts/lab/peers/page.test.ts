import { expect, test } from 'vitest';
import { comparisonPage, comparisonTable } from './page.ts';
import { tallyOf, type Judged } from './tally.ts';

const judged: readonly Judged[] = [
  { kind: 'fault', id: 'statuses/one', verdict: 'failed', duration: 1000, requests: 10 },
  { kind: 'fault', id: 'errors/two', verdict: 'timed out', duration: 3000, requests: 10 },
  { kind: 'control', id: 'answers/three', verdict: 'failed', duration: 1000, requests: 10 },
  { kind: 'control', id: 'answers/four', verdict: 'passed', duration: 1000, requests: 10 },
];
const tally = tallyOf({ name: 'Tool', version: '1.2.3', configuration: 'By its manual.' }, judged, 2);

test('a tool that did not end has found nothing', () => {
  expect(tally).toMatchObject({
    faults: 2,
    found: ['statuses/one'],
    controls: 2,
    falseAlarms: ['answers/three'],
    withoutVerdict: ['errors/two'],
    wallTime: 3000,
    requests: 40,
  });
});

test('the table has a row for each tool', () => {
  const [, , row] = comparisonTable([tally]).split('\n');
  expect(row?.split('|').map((cell) => cell.trim())).toEqual([
    '',
    'Tool',
    '1.2.3',
    '1 of 2',
    '1 of 2',
    '1',
    '0.1 min',
    '40',
    '',
  ]);
});

test('the page says whether it covers the whole catalogue', () => {
  const whole = comparisonPage({ available: { faults: 2, controls: 2 }, tallies: [tally] });
  expect(whole).toContain('the whole catalogue: 2 faults and 2 controls');
  const sample = comparisonPage({ available: { faults: 9, controls: 5 }, tallies: [tally] });
  expect(sample).toContain('2 of 9 faults, and 2 of 5 controls');
});
