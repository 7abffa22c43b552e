import { describe, expect, test } from 'vitest';
import type { Requirement } from '../contract/requirements.ts';
import type { CaseResult } from './model.ts';
import { sampleCase, sampleRequirement, sampleRun } from './testing/samples.ts';
import { outdatedFailures, type KnownFailure, excuseKnown, type KnownCircumstances } from './known.ts';
import { makeReport } from './report.ts';
import { judge } from './verdict.ts';

const must = sampleRequirement;
const should: Requirement = { ...must, id: 'body/media-type', level: 'SHOULD' };
const excluded: Requirement = { ...must, id: 'body/size', excluded: 'no request can prove it' };

function result(
  id: string,
  outcome: 'met' | 'violated',
  about = must.id,
  members: Partial<CaseResult> = {},
): CaseResult {
  const violations = outcome === 'violated' ? [{ at: 'status', expected: '400', actual: '200' }] : [];
  const checks = [{ check: 'is refused', requirement: about, outcome, violations }];
  return sampleCase(outcome === 'violated' ? 'fail' : 'pass', { id, requirement: about, checks, ...members });
}

const unreached = (id: string) => result(id, 'met', must.id, { verdict: 'unreached', reason: 'no answer', checks: [] });

function reported(
  results: readonly CaseResult[],
  listed: readonly Partial<KnownFailure>[],
  circumstances: Partial<KnownCircumstances> = {},
) {
  const outcome = judge([must, should, excluded], results, { profiles: ['core'], strict: false, partial: false });
  const failures = listed.map((failure, index) => {
    return { id: 'x', reason: 'issue 12', line: index + 1, lastLine: index + 1, ...failure };
  });
  const ids = new Set([must.id, should.id, excluded.id, 'a', 'b', 'c', ...results.map(({ id }) => id)]);
  const held = { today: '2026-11-23', ids, incomplete: new Set<string>(), ...circumstances };
  const report = makeReport(excuseKnown(outcome, { file: 'known.yaml', failures }, held), sampleRun);
  return {
    report,
    verdict: [report.verdict, report.exitCode],
    requirement: report.requirements[0]?.outcome,
    findings: report.findings.map(({ outcome: word, requirements, differences }) => [
      word,
      ...requirements,
      ...differences.flatMap(({ cases }) => cases),
    ]),
    states: report.known?.failures.map(({ state }) => state),
    lines: outdatedFailures(report.known).map(({ advice }) => advice),
  };
}

const met = result('m', 'met', should.id);
const broken = [result('a', 'violated'), result('b', 'violated'), met];

describe('a known failure', () => {
  test('that names a requirement covers all its cases', () => {
    const { verdict, requirement, findings, states, report } = reported(broken, [{ id: must.id, until: '2026-11-23' }]);
    expect({ verdict, requirement, states }).toEqual({
      verdict: ['conforming', 0],
      requirement: 'known',
      states: ['known'],
    });
    expect(findings).toEqual([['known', must.id, 'a', 'b']]);
    expect(report.findings[0]?.known).toEqual({ id: must.id, reason: 'issue 12', until: '2026-11-23' });
    expect(report.requirements[0]?.reason).toBe('issue 12');
    expect(report.totals.requirements).toEqual({ known: 1, met: 1, excluded: 1 });
  });

  test('that names a case covers this one only', () => {
    const { verdict, requirement, findings } = reported(broken, [{ id: 'a' }]);
    expect({ verdict, requirement }).toEqual({ verdict: ['not conforming', 1], requirement: 'violated' });
    expect(findings).toEqual([
      ['violated', must.id, 'b'],
      ['known', must.id, 'a'],
    ]);
  });

  test('that names a case covers all requirements that this one breaks', () => {
    const both = [...result('a', 'violated').checks, ...result('a', 'violated', should.id).checks];
    const { verdict, findings } = reported([result('a', 'violated', must.id, { checks: both })], [{ id: 'a' }]);
    expect(verdict).toEqual(['conforming', 0]);
    expect(findings).toEqual([['known', must.id, should.id, 'a']]);
  });

  test('each of two that cover a requirement together gives its reason', () => {
    const listed = [{ id: 'a' }, { id: 'b', reason: 'issue 13' }];
    const { verdict, report, findings } = reported(broken, listed);
    expect(verdict).toEqual(['conforming', 0]);
    expect(report.requirements[0]?.reason).toBe('issue 12; issue 13');
    expect(findings).toHaveLength(2);
  });

  test('that is a broken recommendation is known, and warned of no more', () => {
    const results = [result('a', 'violated', should.id, { verdict: 'warn' }), result('b', 'met')];
    const { report, verdict } = reported(results, [{ id: should.id }]);
    expect(verdict).toEqual(['conforming', 0]);
    expect(report.totals.requirements).toEqual({ met: 1, known: 1, excluded: 1 });
  });

  test('does not hide that another requirement is unreached', () => {
    const { verdict } = reported([result('a', 'violated', should.id), unreached('b')], [{ id: 'a' }]);
    expect(verdict).toEqual(['incomplete', 3]);
  });
});

describe('a list says which line to delete, with exit code 1, where', () => {
  const fine = [result('a', 'met'), result('b', 'met'), met];

  test.each<[string, Partial<KnownFailure>, string]>([
    ['a requirement passes', { id: must.id }, `known.yaml:1: ${must.id} passes now: delete this line`],
    ['a case passes', { id: 'a', lastLine: 3 }, 'known.yaml:1: a passes now: delete lines 1 to 3'],
    [
      'its day is over',
      { id: 'a', until: '2026-11-22' },
      'known.yaml:1: a was known to fail until 2026-11-22: mend it, or delete this line',
    ],
    [
      'it names nothing',
      { id: 'body/nonsense' },
      'known.yaml:1: body/nonsense is no case and no requirement: delete this line',
    ],
    [
      'nothing can fail',
      { id: excluded.id },
      `known.yaml:1: ${excluded.id} is excluded and cannot fail: delete this line`,
    ],
  ])('%s', (_, failure, line) => {
    const { verdict, lines } = reported(fine, [failure]);
    expect({ verdict, lines }).toEqual({ verdict: ['conforming', 1], lines: [line] });
  });

  test('a failure whose day is over still fails: it is a violation again', () => {
    const { verdict, findings, states } = reported(broken, [{ id: must.id, until: '2026-11-22' }]);
    expect({ verdict, states }).toEqual({ verdict: ['not conforming', 1], states: ['expired'] });
    expect(findings).toEqual([['violated', must.id, 'a', 'b']]);
  });

  test('a run that verified nothing says so first', () => {
    const error = result('a', 'met', must.id, { verdict: 'error', reason: 'unsound', checks: [] });
    expect(reported([error, met], [{ id: 'nothing' }]).verdict).toEqual(['nothing verified', 2]);
  });
});

describe('a run does not tell whether a known failure passes, where', () => {
  const neither = { states: ['unreached'], lines: [] };

  test.each<[string, CaseResult[], Partial<KnownFailure>]>([
    ['its case was not reached', [unreached('a'), result('b', 'met'), met], { id: 'a' }],
    ['its requirement was not reached', [unreached('a'), met], { id: must.id }],
    ['a case of its requirement was not reached', [unreached('a'), result('b', 'met'), met], { id: must.id }],
    ['its case was not run', [result('b', 'met'), met], { id: 'c' }],
    ['its values were not generated', [result('b', 'met'), met], { id: 'fuzz/body/number/1-50' }],
    ['its case had no occasion', [result('a', 'met', must.id, { verdict: 'not applicable', checks: [] })], { id: 'a' }],
  ])('%s', (_, results, failure) => {
    const { states, lines } = reported(results, [failure]);
    expect({ states, lines }).toEqual(neither);
  });

  test('only some cases were run, and the others may break the requirement', () => {
    const { states, lines } = reported([result('a', 'met')], [{ id: must.id }], {
      incomplete: new Set([must.id]),
    });
    expect({ states, lines }).toEqual(neither);
  });
});

test('a run without a list knows no failure', () => {
  const outcome = judge([must], [result('a', 'violated')], { profiles: ['core'], strict: false, partial: false });
  expect(makeReport(outcome, sampleRun)).toMatchObject({ known: undefined, exitCode: 1, verdict: 'not conforming' });
});
