import { describe, expect, test } from 'vitest';
import type { SelfCheck } from '../model.ts';
import { makeReport } from '../report.ts';
import { jsonReport } from '../report-files.ts';
import { sampleRun } from '../testing/samples.ts';
import { terminalReport } from './terminal.ts';

const caught = {
  id: 'transfer/status-201',
  says: 'A transfer is answered with 201.',
  exchanges: 3,
  caughtBy: ['success/status'],
  warnsOnly: false,
  reason: undefined,
};
const warned = { ...caught, id: 'transfer/link-missing', caughtBy: ['success/link'], warnsOnly: true };
const escaped = {
  ...caught,
  id: 'effects/nothing-moves-any',
  says: 'Every transfer is accepted, but moves nothing.',
  caughtBy: [],
  reason: 'no check of this run sees it: it takes several numbers',
};
const selfCheck: Omit<SelfCheck, 'totals'> = {
  tried: [caught, warned, escaped],
  notApplicable: [
    { id: 'effects/other-call-moves', needs: 'another call' },
    { id: 'reading/in-array', needs: 'a call that can be read back' },
    { id: 'reading/null', needs: 'a call that can be read back' },
  ],
};

const outcome = { verdict: 'conforming', requirements: [], cases: [] } as const;
const makeSelfChecked = (result: Omit<SelfCheck, 'totals'>) => makeReport(outcome, { ...sampleRun, selfCheck: result });

/** Returns the lines of a report between its first line about the self-check and its totals. */
function selfCheckLines(result: Omit<SelfCheck, 'totals'>): string[] {
  const lines = terminalReport(makeSelfChecked(result)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('Self-check: '));
  return lines.slice(
    start,
    lines.findIndex((line) => line.startsWith('Requirements:')),
  );
}

test('tells the share, what escapes and what would reach it, and what was not tried', () => {
  expect(selfCheckLines(selfCheck)).toEqual([
    'Self-check: 2 of 3 wrong answers would have been caught (66.6 %), 1 of them as a warning',
    '  not caught: no check of this run sees it: it takes several numbers',
    '    - Every transfer is accepted, but moves nothing.',
    '  not tried, since no answer gave occasion: 3',
    '    - 2 for want of a call that can be read back',
    '    - 1 for want of another call',
  ]);
});

test('is short where all were tried and caught', () => {
  expect(selfCheckLines({ tried: [caught], notApplicable: [] })).toEqual([
    'Self-check: 1 of 1 wrong answers would have been caught (100.0 %)',
  ]);
});

test('does not round up to everything', () => {
  const many = Array.from({ length: 1999 }, () => caught);
  expect(selfCheckLines({ tried: [...many, escaped], notApplicable: [] })[0]).toContain('(99.9 %)');
});

test('says so if no wrong answer could be tried', () => {
  expect(selfCheckLines({ tried: [], notApplicable: selfCheck.notApplicable })).toEqual([
    'Self-check: no wrong answer could be tried, since no case was run to its end',
  ]);
});

describe('a report', () => {
  const withSelfCheck = makeSelfChecked(selfCheck);
  const without = makeReport(outcome, sampleRun);

  test('shows it before the verdict, which stays the last line', () => {
    const lines = terminalReport(withSelfCheck).split('\n');
    const at = lines.findIndex((line) => line.startsWith('Self-check: '));
    expect(at).toBeGreaterThan(0);
    expect(lines.slice(at).at(-1)).toBe('Verdict: conforming');
  });

  test('has it for programs, with its totals', () => {
    const report = JSON.parse(jsonReport(withSelfCheck)) as { selfCheck: unknown };
    expect(report.selfCheck).toMatchObject({
      totals: { tried: 3, caught: 2, warned: 1, notApplicable: 3, share: 2 / 3 },
      tried: [{ id: 'transfer/status-201', caughtBy: ['success/status'] }, { warnsOnly: true }, { caughtBy: [] }],
    });
  });

  test('has none where it was not asked for', () => {
    expect(terminalReport(without)).not.toContain('Self-check');
    expect(JSON.parse(jsonReport(without))).not.toHaveProperty('selfCheck');
  });
});
