import { describe, expect, test } from 'vitest';
import type { Requirement } from '../contract/requirements.ts';
import type { CaseResult, CheckResult, ReportRequirement } from './model.ts';
import { sampleCase, sampleRequirement } from './testing/samples.ts';
import { exitCodes, judge, verdictText, type Judgement } from './verdict.ts';

const must = sampleRequirement;
const should: Requirement = { ...must, id: 'body/media-type', level: 'SHOULD' };
const judgement: Judgement = { profiles: ['core'], strict: false, partial: false };

function checked(outcome: CheckResult['outcome'], requirement = must.id): CheckResult {
  const violations = outcome === 'violated' ? [{ at: 'status', expected: '400', actual: '200' }] : [];
  return { check: 'is refused', requirement, outcome, violations };
}

function result(checks: readonly CheckResult[], members: Partial<CaseResult> = {}): CaseResult {
  const verdict = checks.some(({ outcome }) => outcome === 'violated') ? 'fail' : 'pass';
  return sampleCase(verdict, {
    id: 'body/number/missing',
    checks,
    exchanges: [],
    answers: ['400 number_invalid'],
    ...members,
  });
}

const unreached = result([], { verdict: 'unreached', reason: 'the fixture lacks --call', answers: [] });
const broken = result([], { verdict: 'error', reason: 'The request is not what it claims.', answers: [] });

describe('a requirement is', () => {
  const outcomes = (requirement: Requirement, results: CaseResult[], how: Partial<Judgement> = {}) => {
    const { requirements, verdict } = judge([requirement], results, { ...judgement, ...how });
    return [requirements[0]?.outcome, requirements[0]?.reason, verdict];
  };
  const of = (requirement: Requirement, outcome: CheckResult['outcome']) =>
    result([checked(outcome, requirement.id)], { requirement: requirement.id });

  test.each<[string, Requirement, CaseResult[], Partial<Judgement>, [string, string | undefined, string]]>([
    ['met', must, [of(must, 'met')], {}, ['met', undefined, 'conforming']],
    ['met by one of two', must, [of(must, 'not applicable'), of(must, 'met')], {}, ['met', undefined, 'conforming']],
    ['violated', must, [of(must, 'violated')], {}, ['violated', undefined, 'not conforming']],
    [
      'violated, though met elsewhere',
      must,
      [of(must, 'met'), of(must, 'violated')],
      {},
      ['violated', undefined, 'not conforming'],
    ],
    ['warned of', should, [of(should, 'violated')], {}, ['warned', undefined, 'conforming']],
    [
      'violated in a strict run',
      should,
      [of(should, 'violated')],
      { strict: true },
      ['violated', undefined, 'not conforming'],
    ],
    ['unreached', must, [unreached], {}, ['unreached', 'the fixture lacks --call', 'incomplete']],
    ['unreached without a case', must, [of(should, 'met')], {}, ['unreached', 'no case was run', 'incomplete']],
    ['unreached, and the suite at fault', must, [broken], {}, ['unreached', 'no case was run', 'nothing verified']],
    [
      'not applicable',
      must,
      [of(must, 'not applicable')],
      {},
      ['not applicable', 'no answer gave occasion to check it', 'conforming'],
    ],
    [
      'excluded',
      { ...must, excluded: 'It cannot be seen.' },
      [of(should, 'met')],
      {},
      ['excluded', 'It cannot be seen.', 'conforming'],
    ],
  ])('%s', (_, requirement, results, how, expected) => {
    expect(outcomes(requirement, results, how)).toEqual(expected);
  });

  test.each([
    ['is as good as conforming where another is met', [of(must, 'met')], 'conforming'],
    ['leaves nothing verified where it is all that was run', [], 'incomplete'],
  ])('unreached for the sake of a SHOULD: %s', (_, others, verdict) => {
    const lacking = { ...unreached, requirement: should.id };
    expect(outcomes(should, [lacking, ...others])).toEqual(['unreached', 'the fixture lacks --call', verdict]);
  });

  test('unreached where it was asked for and its case has no object', () => {
    const pointless = result([], { id: 'a/b', verdict: 'not applicable', reason: 'any token', exchanges: [] });
    const asked = { ...judgement, partial: true, only: ['a'] };
    const judged = judge([must], [pointless, of(must, 'met')], asked);
    expect(judged.cases[0]).toMatchObject({ verdict: 'unreached', reason: 'any token' });
    expect(judge([must], [pointless], asked).verdict).toBe('incomplete');
  });

  test('named in the verdict line if it is unreached, as its unreached cases are if it is not', () => {
    const lacking = { ...unreached, id: 'a/b', requirement: must.id };
    const read = (results: CaseResult[]) => {
      const { verdict, requirements, cases } = judge([must, should], results, judgement);
      const rows = requirements.map(({ requirement, ...one }) => ({ ...requirement, ...one }));
      return verdictText({ verdict, requirements: rows as ReportRequirement[], cases });
    };
    expect(read([lacking, of(must, 'met'), of(should, 'met')])).toBe('conforming; not verified: case a/b');
    expect(read([of(must, 'met')])).toBe(`conforming; not verified: ${should.id}`);
    expect(read([lacking])).toBe('incomplete; not verified: all 2 requirements');
    const unread = {
      ...of(must, 'not applicable'),
      verdict: 'not applicable',
      reason: 'calls cannot be read back: 501',
    } as const;
    expect(read([unread, of(should, 'met')])).toBe('conforming; body not verified: calls cannot be read');
  });

  test('not applicable where its case has no object, for the reason of the case', () => {
    const pointless = result([], { verdict: 'not applicable', reason: 'the target may take any token' });
    expect(outcomes(must, [pointless])).toEqual(['not applicable', 'the target may take any token', 'conforming']);
  });

  test('proved by the checks of every case, whatever the case is about', () => {
    const passing = result([checked('met', should.id), checked('violated', must.id)], { requirement: should.id });
    const { requirements } = judge([must, should], [passing], judgement);
    expect(requirements.map(({ outcome, cases }) => [outcome, cases])).toEqual([
      ['violated', [passing.id]],
      ['met', [passing.id]],
    ]);
  });
});

describe('a refusal whose control', () => {
  const control = result([], { id: 'transfer/plain', requirement: 'success/status', accepted: true, answers: ['200'] });
  const refused = (checks: CheckResult[], members: Partial<CaseResult> = {}) =>
    result(checks, { control: control.id, ...members });
  const judged = (refusal: CaseResult, members: Partial<CaseResult>) => {
    const { cases, requirements } = judge([must], [refusal, { ...control, ...members }], judgement);
    return { verdict: cases[0]?.verdict, reason: cases[0]?.reason, outcome: requirements[0]?.outcome };
  };
  const refusal = { accepted: false, answers: ['400 number_invalid'] };

  test('was accepted proves what it shows', () => {
    expect(judged(refused([checked('met')]), {})).toEqual({ verdict: 'pass', reason: undefined, outcome: 'met' });
    expect(judged(refused([checked('violated')]), {}).outcome).toBe('violated');
  });

  test('was refused too proves nothing', () => {
    expect(judged(refused([checked('met')]), refusal)).toEqual({
      verdict: 'unreached',
      reason: 'its control transfer/plain was answered 400 number_invalid, so that a refusal proves nothing',
      outcome: 'unreached',
    });
  });

  test('was refused with the same answer, which is the wrong one, proves nothing either', () => {
    expect(judged(refused([checked('violated')]), refusal).outcome).toBe('unreached');
  });

  test('was refused, while the fault was not even noticed, proves that', () => {
    expect(judged(refused([checked('violated')], { answers: ['200'] }), refusal).outcome).toBe('violated');
  });

  test('is a reading of calls that cannot be read has no object', () => {
    const unread = {
      ...refusal,
      answers: ['501 not_implemented'],
      checks: [checked('not applicable', control.requirement)],
    };
    expect(judged(refused([checked('met')]), unread)).toEqual({
      verdict: 'not applicable',
      reason: 'calls cannot be read back: it was answered 501 not_implemented',
      outcome: 'not applicable',
    });
  });

  test('was not reached proves nothing', () => {
    const { reason, outcome } = judged(refused([checked('met')]), {
      accepted: false,
      answers: [],
      verdict: 'unreached',
    });
    expect(outcome).toBe('unreached');
    expect(reason).toContain('its control transfer/plain was answered unreached');
  });

  test('is itself an error of the suite stays one', () => {
    expect(judged(refused([], { verdict: 'error', reason: 'unsound' }), refusal)).toMatchObject({
      verdict: 'error',
      reason: 'unsound',
    });
  });
});

describe('a run', () => {
  const bulk = { ...must, id: 'bulk/all', profile: 'bulk' };

  test('is judged by the requirements of its profiles', () => {
    const ids = (profiles: string[]) =>
      judge([must, bulk], [], { ...judgement, profiles }).requirements.map(({ requirement }) => requirement.id);
    expect([ids(['core']), ids(['bulk']), ids(['core', 'bulk'])]).toEqual([[must.id], [bulk.id], [must.id, bulk.id]]);
  });

  test('of some cases is judged by the requirements that these are about', () => {
    const { requirements, verdict } = judge([must, should], [result([checked('met')])], {
      ...judgement,
      partial: true,
    });
    expect(requirements.map(({ requirement }) => requirement.id)).toEqual([must.id]);
    expect(verdict).toBe('conforming');
  });

  test('without a case verified nothing', () => {
    expect(judge([must], [], judgement).verdict).toBe('nothing verified');
  });

  test('with an error of the suite verified nothing, unless it found a violation all the same', () => {
    expect(judge([must], [result([checked('met')]), broken], judgement).verdict).toBe('nothing verified');
    expect(judge([must], [result([checked('violated')]), broken], judgement).verdict).toBe('not conforming');
  });

  test('that found a violation does not conform, however much was not reached', () => {
    const other = { ...must, id: 'body/other' };
    const results = [result([checked('violated')]), { ...unreached, requirement: other.id }];
    expect(judge([must, other], results, judgement).verdict).toBe('not conforming');
  });

  test('has an exit code for each verdict', () => {
    expect(exitCodes).toEqual({ conforming: 0, 'not conforming': 1, 'nothing verified': 2, incomplete: 3 });
  });
});
