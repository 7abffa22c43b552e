import { describe, expect, test } from 'vitest';
import { assess, summarize } from './assessment.ts';
import { markSummary, readWitnesses, writePage } from './page.ts';
import type { Subject } from './subjects.ts';
import type { Trial } from './trial.ts';

const start = () => Promise.reject(new Error('not started here'));
const says = 'It is | odd.';
const moves = 'effects/call-moves';

const fault: Subject = { kind: 'fault', id: 'effects/none', requirement: moves, says, start };
const mistake: Subject = { kind: 'fault', id: 'transfer/null', says, start };
const foundMistake = { ...describeTrial(mistake, ['x/y', 'x/z']), expected: ['x/y'] };
const missedMistake = { ...describeTrial(mistake, ['x/z']), expected: ['x/y'] };
const control: Subject = { kind: 'control', id: 'answers/links', implementation: 'plain', warns: ['a/b'], says, start };

function describeTrial(
  { kind, id }: Subject,
  found: readonly string[],
  verdict: Trial['verdict'] = 'conforming',
): Trial {
  const findings = found.map((requirement) => ({ requirement, outcome: 'violated' as const, checks: ['it_moves'] }));
  return { kind, id, verdict, findings, errors: [], leaks: [], requests: 1, duration: 1 };
}

function assessed(faultFinds: readonly string[], controlFinds: readonly string[] = ['a/b'], exceptions: string[] = []) {
  const trials = [describeTrial(fault, faultFinds, 'not conforming'), describeTrial(control, controlFinds)];
  const equivalents = exceptions.map((requirement) => ({ requirement, why: 'It is.' }));
  const checks = [{ requirement: moves, name: 'it_moves' }];
  return assess([fault, control], trials, { requirements: [{ id: moves, level: 'MUST' }], checks, equivalents });
}

describe('nothing is to be mended', () => {
  test('where each fault is found by its requirement alone, and each warning is given', () => {
    const assessment = assessed([moves]);
    expect(assessment.problems).toEqual([]);
    expect(assessment.requirements).toMatchObject([{ faults: 1, alone: 1 }]);
    expect(summarize(assessment)).toBe('faults found 1/1, false alarms 0/1');
  });

  test('where no fault can be found by the requirement alone', () => {
    expect(assessed([moves, 'x/y'], ['a/b'], [moves]).problems).toEqual([]);
  });

  test('where a requirement that a self-check names finds a wrong answer', () => {
    expect(assess([mistake], [foundMistake]).problems).toEqual([]);
  });
});

describe('a problem is reported where', () => {
  test.each([
    ['a fault survives', assessed([]), 'fault effects/none: survives'],
    ['another requirement finds a fault', assessed(['x/y']), 'but only x/y did'],
    ['a self-check names another requirement', assess([mistake], [missedMistake]), 'expected x/y to find it'],
    ['a control is not left in peace', assessed([moves], ['c/d']), 'false alarm'],
    ['a warning is not given', assessed([moves], []), 'expected a warning of a/b'],
    ['no fault is found by a requirement alone', assessed([moves, 'x/y']), 'found by it alone'],
    ['an exception is needless', assessed([moves], ['a/b'], [moves]), 'take it out of equivalents.yaml'],
    ['no fault is found by a check', assessed([]), 'no fault is found by "it_moves" alone'],
  ])('%s', (_title, { problems }, words) => {
    expect(problems.join('\n')).toContain(words);
  });

  test('the suite itself has an error', () => {
    const trial = { ...describeTrial(control, ['a/b']), errors: ['body/action/null: no such thing'] };
    expect(assess([control], [trial]).problems).toEqual([
      'control answers/links and 0 more: error of the suite: body/action/null: no such thing',
    ]);
  });

  test('the results show the token', () => {
    const trial = { ...describeTrial(control, ['a/b']), leaks: ['in base64'] };
    expect(assess([control], [trial]).problems).toEqual([
      'control answers/links: the results show the token in base64',
    ]);
  });
});

describe('the page', () => {
  const write = (assessment: ReturnType<typeof assessed>) => writePage(assessment, { equivalents: [] });

  test('shows the requirements that found a fault', () => {
    expect(write(assessed([moves, 'x/y']))).toContain(`| \`effects/none\` | It is \\| odd. | \`${moves}\`, \`x/y\` |`);
  });

  test('shows the requirement that missed a fault', () => {
    expect(write(assessed(['x/y']))).toContain(`**missed by ${moves}**, \`x/y\``);
  });

  test('names a fault for each check', () => {
    expect(readWitnesses(write(assessed([moves])))).toEqual([
      { requirement: moves, check: 'it_moves', fault: 'effects/none' },
    ]);
  });
});

test('a summary is put between its markers, and nowhere else', () => {
  expect(markSummary('a <!-- proof -->old<!-- /proof --> b', 'new $1')).toBe('a <!-- proof -->new $1<!-- /proof --> b');
  expect(markSummary('no markers', 'new')).toBe('no markers');
});
