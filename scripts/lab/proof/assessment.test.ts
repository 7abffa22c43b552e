import { describe, expect, test } from 'vitest';
import type { Requirement } from '../../../conformance/contract/requirements.ts';
import { assess } from './assessment.ts';
import { withSummary } from './files.ts';
import { matrixPage } from './matrix.ts';
import type { Subject } from './subjects.ts';
import { summaryLine } from './summary.ts';
import type { Trial } from './trial.ts';

const start = () => Promise.reject(new Error('not started here'));
const says = 'It is | odd.';

const fault: Subject = { kind: 'fault', id: 'effects/none', requirement: 'effects/call-moves', says, start };
const control: Subject = { kind: 'control', id: 'answers/links', implementation: 'plain', warns: ['a/b'], says, start };
const requirement: Requirement = {
  id: 'effects/call-moves',
  level: 'MUST',
  profile: 'core',
  says,
  source: 'page',
  at: '/paths',
};

function trialOf({ kind, id }: Subject, found: readonly string[], verdict: Trial['verdict'] = 'conforming'): Trial {
  const findings = found.map((name) => ({ requirement: name, outcome: 'violated' as const, checks: ['a check'] }));
  return { kind, id, verdict, findings, errors: [], leaks: [], duration: 1 };
}

function assessed(faultFinds: readonly string[], controlFinds: readonly string[] = ['a/b'], exceptions: string[] = []) {
  const trials = [trialOf(fault, faultFinds, 'not conforming'), trialOf(control, controlFinds)];
  const equivalents = exceptions.map((id) => ({ requirement: id, why: 'It is.' }));
  return assess([fault, control], trials, [requirement], equivalents);
}

describe('nothing is to be mended', () => {
  test('where each fault is found by its requirement alone, and controls warn as they should', () => {
    const assessment = assessed(['effects/call-moves'], ['a/b']);
    expect(assessment.problems).toEqual([]);
    expect(assessment.proofs).toMatchObject([{ faults: 1, alone: 1 }]);
    expect(summaryLine(assessment)).toBe('faults found 1/1, false alarms 0/1');
  });

  test('where no fault can be found by the requirement alone', () => {
    expect(assessed(['effects/call-moves', 'x/y'], ['a/b'], ['effects/call-moves']).problems).toEqual([]);
  });
});

describe('it is told that', () => {
  test.each([
    ['a fault survives', assessed([]), 'survives'],
    ['another requirement finds a fault', assessed(['x/y']), 'but only x/y did'],
    ['a control is not left in peace', assessed(['effects/call-moves'], ['c/d']), 'false alarm'],
    ['a control is not warned', assessed(['effects/call-moves'], []), 'expected a warning of a/b'],
    ['no fault is found by a requirement alone', assessed(['effects/call-moves', 'x/y']), 'found by it alone'],
    ['an exception is needless', assessed(['effects/call-moves'], ['a/b'], ['effects/call-moves']), 'without need'],
  ])('%s', (_title, { problems }, words) => {
    expect(problems.join('\n')).toContain(words);
  });

  test('the suite itself has an error', () => {
    const trial = { ...trialOf(control, ['a/b']), errors: ['body/action/null: no such thing'] };
    expect(assess([control], [trial], [], []).problems).toEqual([
      'control answers/links and 0 more: error of the suite: body/action/null: no such thing',
    ]);
  });
});

test('the page shows what found a fault, and what missed it', () => {
  expect(matrixPage(assessed(['effects/call-moves', 'x/y']), [])).toContain(
    '| `effects/none` | It is \\| odd. | `effects/call-moves` | `x/y` |',
  );
  expect(matrixPage(assessed(['x/y']), [])).toContain('`effects/call-moves` **missed it**');
});

test('a summary is put between its markers, and nowhere else', () => {
  expect(withSummary('a <!-- proof -->old<!-- /proof --> b', 'new $1')).toBe('a <!-- proof -->new $1<!-- /proof --> b');
  expect(withSummary('no markers', 'new')).toBe('no markers');
});
