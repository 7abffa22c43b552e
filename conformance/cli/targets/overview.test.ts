import { expect, test } from 'vitest';
import { overviewLine, overviewOf, overviewPage, resultLine } from './overview.ts';
import { withoutReport, type TargetResult } from './run-target.ts';

const right: TargetResult = {
  name: 'right',
  url: 'https://right.example',
  verdict: 'conforming',
  exitCode: 0,
  duration: 6100,
  totals: { requirements: { met: 54 }, cases: { pass: 344, 'not applicable': 1 } },
};
const faulty: TargetResult = {
  ...right,
  name: 'faulty',
  verdict: 'not conforming',
  exitCode: 1,
  totals: { requirements: { met: 50, violated: 3, unreached: 1 }, cases: { pass: 340, fail: 5 } },
};
const gone = withoutReport({ name: 'gone', url: 'https://gone.example' }, '<b>nobody</b> answers');
const short: TargetResult = { ...right, name: 'short', verdict: 'incomplete', exitCode: 3 };

test.each([
  [0, [right, right]],
  [3, [right, short]],
  [2, [short, gone, right]],
  [1, [gone, short, faulty, right]],
])('the exit code of all is %i', (exitCode, targets) => {
  expect(overviewOf(targets, 0, 0).exitCode).toBe(exitCode);
});

test('results are told in a line', () => {
  expect([right, faulty, gone].map(resultLine)).toEqual([
    'right: conforming; 345 cases in 6.1 s',
    'faulty: not conforming; 345 cases in 6.1 s, 3 violated, 1 unreached',
    'gone: nothing verified; <b>nobody</b> answers',
  ]);
  expect(resultLine({ ...right, exitCode: 1 })).toBe(
    'right: conforming; 345 cases in 6.1 s, its list of known failures is out of date',
  );
  expect(overviewLine(overviewOf([right, faulty, right], 0, 9000))).toBe(
    '3 targets in 9.0 s: 2 conforming, 1 not conforming',
  );
});

test('the page links to the reports that there are, the worst first, and lets nothing act', () => {
  const page = overviewPage(overviewOf([right, gone, faulty], Date.UTC(2026, 10, 23), 9000));
  const links = [...page.matchAll(/href="(?!data:)([^"#]+)"/g)].map(([, link]) => link);
  expect(links).toEqual(['faulty/report.html', 'right/report.html']);
  expect(page).toContain('&#60;b&#62;nobody');
});
