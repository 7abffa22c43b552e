import { describe, expect, test } from 'vitest';
import { assess, explainWitnesses, summarize, type Witness } from './assessment.ts';
import type { Subject } from './catalogue.ts';
import { markSummary, readWitnesses, writePage } from './page.ts';
import type { Trial } from './trial.ts';

const start = () => Promise.reject(new Error('not started here'));
const says = 'It is | odd.';
const moves = 'effects/call-moves';

const fault: Subject = { kind: 'fault', id: 'effects/none', requirement: moves, says, start };
const mistake: Subject = { kind: 'fault', id: 'transfer/null', says, start };
const control: Subject = { kind: 'control', id: 'answers/links', implementation: 'plain', warns: ['a/b'], says, start };
const independent: Subject = { ...control, id: 'koa/plain', warns: [], isIndependent: true };

function describeTrial(
  { kind, id }: Subject,
  found: readonly string[],
  verdict: Trial['verdict'] = 'conforming',
): Trial {
  const findings = found.map((requirement) => ({ requirement, outcome: 'violated' as const, checks: ['it_moves'] }));
  return { kind, id, verdict, findings, errors: [], leaks: [], blamed: [] };
}

function assessed(faultFinds: readonly string[], controlFinds: readonly string[] = ['a/b']) {
  return assess(
    [fault, control],
    [describeTrial(fault, faultFinds, 'not conforming'), describeTrial(control, controlFinds)],
  );
}

function assessMistake(found: readonly string[]) {
  return assess([mistake], [{ ...describeTrial(mistake, found), expected: ['x/y'] }]);
}

function assessIndependent(named: Trial['verdict'], bare: Trial['verdict']) {
  return assess([independent], [describeTrial(independent, [], named), describeTrial(independent, ['c/d'], bare)]);
}

function explain(witness: Partial<Witness>, exceptions: readonly string[] = []): string {
  const equivalents = exceptions.map((requirement) => ({ requirement, why: 'It is.' }));
  const proven = { requirements: [{ id: moves, level: 'MUST' as const }], checks: [], equivalents };
  return explainWitnesses([{ requirement: moves, check: undefined, fault: undefined, ...witness }], proven).join('\n');
}

describe('nothing is to be mended', () => {
  test.each([
    ['each fault is found by its requirement, and each warning is given', assessed([moves, 'x/y'])],
    ['a requirement that a self-check names finds a wrong answer', assessMistake(['x/y', 'x/z'])],
    ['an independent server is incomplete with URL and token only', assessIndependent('conforming', 'incomplete')],
  ])('where %s', (_title, { problems }) => {
    expect(problems).toEqual([]);
  });

  test('where no fault can be found by the requirement alone', () => {
    expect(explain({}, [moves])).toBe('');
  });
});

describe('a problem is reported where', () => {
  test.each([
    ['a fault survives', assessed([]), 'fault effects/none: survives'],
    ['another requirement finds a fault', assessed(['x/y']), 'expected effects/call-moves to find it'],
    ['a self-check names another requirement', assessMistake(['x/z']), 'expected x/y to find it'],
    ['a control is not left in peace', assessed([moves], ['c/d']), 'false alarm'],
    ['a warning is not given', assessed([moves], []), 'expected a warning of a/b'],
    ['an independent server is blamed', assessIndependent('conforming', 'not conforming'), 'with URL and token only'],
    ['an independent server is incomplete', assessIndependent('incomplete', 'conforming'), 'incomplete'],
  ])('%s', (_title, { problems }, words) => {
    expect(problems.join('\n')).toContain(words);
  });

  test.each([
    ['no fault is found by a requirement alone', explain({}), 'found by it alone'],
    ['an exception is needless', explain({ fault: 'effects/none' }, [moves]), 'take it out of equivalents.yaml'],
    ['no fault is found by a check', explain({ check: 'it_moves' }), 'no fault is found by "it_moves" alone'],
  ])('%s', (_title, problem, words) => {
    expect(problem).toContain(words);
  });

  test.each([
    [{ errors: ['x/y: no such thing'] }, 'control answers/links and 0 more: error of the suite: x/y: no such thing'],
    [{ leaks: ['in base64'] }, 'control answers/links: the results show the token in base64'],
    [{ blamed: ['a/b: no id'] }, "control answers/links: Prism's proxy blames a/b: no id"],
  ])('a trial has %j', (more, problem) => {
    expect(assess([control], [{ ...describeTrial(control, ['a/b']), ...more }]).problems).toEqual([problem]);
  });
});

describe('the page', () => {
  const witnesses = [undefined, 'it_moves'].map((check) => ({ requirement: moves, check, fault: 'effects/none' }));
  const proven = { requirements: [{ id: moves, level: 'MUST' as const }], equivalents: [] };
  const write = (own = assessed([moves])) =>
    writePage({
      own,
      independent: assessIndependent('conforming', 'incomplete'),
      witnesses,
      proven,
      independentServers: 7,
    });

  test('shows the requirement that found a fault', () => {
    expect(write()).toContain(`| \`effects/none\` | It is \\| odd. | \`${moves}\` |`);
    expect(summarize(assessed([moves]))).toBe('faults found 1/1, false alarms 0/1');
  });

  test('shows the requirement that missed a fault', () => {
    expect(write(assessed(['x/y']))).toContain(`**missed by ${moves}**`);
  });

  test('names a fault for each requirement and each check', () => {
    expect(readWitnesses(write())).toEqual(witnesses);
  });

  test('counts the independent servers that were tried, and says of how many', () => {
    const page = write(assess([], []));
    expect(page).toContain('| `koa/plain` | It is \\| odd. | plain | conforming |');
    expect(page).toContain('a fixed sample: 1 of 7 servers');
    expect(page).toContain('**independent faults found 0/0, false alarms 0/1**');
    expect(page).toContain('**faults found 0/0, false alarms 0/0**');
  });
});

test('a summary is put between its markers, and nowhere else', () => {
  expect(markSummary('a <!-- proof -->old<!-- /proof --> b', 'new $1')).toBe('a <!-- proof -->new $1<!-- /proof --> b');
  expect(markSummary('no markers', 'new')).toBe('no markers');
});
