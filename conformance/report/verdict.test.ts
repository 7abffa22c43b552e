import { describe, expect, test } from 'vitest';
import type { Requirement } from '../contract/requirements.ts';
import type { CaseResult, CheckResult, ReportRequirement, Verdict } from './model.ts';
import { sampleCase, sampleRequirement } from './testing/samples.ts';
import { exitCodes, judge, verdictText, type Judgement } from './verdict.ts';

const must = sampleRequirement;
const should: Requirement = { ...must, id: 'body/media-type', level: 'SHOULD' };
const judgement: Judgement = { profiles: ['core'], strict: false, partial: false };
const judgeAll = (requirements: Requirement[], results: CaseResult[], how: Partial<Judgement> = {}) =>
  judge(requirements, results, { ...judgement, ...how });

function checked(outcome: CheckResult['outcome'], { id }: Pick<Requirement, 'id'> = must): CheckResult {
  const violations = outcome === 'violated' ? [{ at: 'status', expected: '400', actual: '200' }] : [];
  return { check: 'is refused', requirement: id, outcome, violations };
}

function result(checks: readonly CheckResult[], members: Partial<CaseResult> = {}): CaseResult {
  const verdict = checks.some(({ outcome }) => outcome === 'violated') ? 'fail' : 'pass';
  const answers = ['400 number_invalid'];
  return sampleCase(verdict, { id: 'body/number/missing', checks, exchanges: [], answers, ...members });
}

const of = (outcome: CheckResult['outcome'], { id } = must) => result([checked(outcome, { id })], { requirement: id });
const unreached = result([], { verdict: 'unreached', reason: 'the fixture lacks --call', answers: [] });
const broken = result([], { verdict: 'error', reason: 'The request is not what it claims.', answers: [] });
const pointless = result([], { id: 'a/b', verdict: 'not applicable', reason: 'any token' });
const lacking = { ...unreached, requirement: should.id };
const noOccasion = 'no answer gave occasion to check it';

test.each<
  [
    outcome: string,
    reason: string | undefined,
    verdict: Verdict,
    requirement: Requirement,
    results: CaseResult[],
    how?: Partial<Judgement>,
  ]
>([
  ['met', undefined, 'conforming', must, [of('met')]],
  ['met', undefined, 'conforming', must, [of('not applicable'), of('met')]],
  ['violated', undefined, 'not conforming', must, [of('violated')]],
  ['violated', undefined, 'not conforming', must, [of('met'), of('violated')]],
  ['violated', undefined, 'not conforming', must, [of('violated'), broken]],
  ['violated', undefined, 'not conforming', must, [of('violated'), unreached]],
  ['warned', undefined, 'conforming', should, [of('violated', should)]],
  ['violated', undefined, 'not conforming', should, [of('violated', should)], { strict: true }],
  ['unreached', 'the fixture lacks --call', 'incomplete', must, [unreached]],
  ['unreached', 'the fixture lacks --call', 'conforming', should, [lacking, of('met')]],
  ['unreached', 'the fixture lacks --call', 'incomplete', should, [lacking]],
  ['unreached', 'no case was run', 'incomplete', must, [of('met', should)]],
  ['unreached', 'no case was run', 'nothing verified', must, [broken]],
  ['unreached', 'no case was run', 'nothing verified', must, []],
  ['met', undefined, 'nothing verified', must, [of('met'), broken]],
  ['not applicable', noOccasion, 'conforming', must, [of('not applicable')]],
  ['not applicable', 'any token', 'conforming', must, [pointless]],
  ['unreached', 'any token', 'incomplete', must, [pointless], { partial: true, only: ['a'] }],
  ['excluded', 'It cannot be seen.', 'conforming', { ...must, excluded: 'It cannot be seen.' }, [of('met', should)]],
])('a requirement is %s (%s), the target %s: %o %o', (outcome, reason, verdict, requirement, results, how) => {
  const judged = judgeAll([requirement], results, how);
  expect(judged.requirements.map((one) => [one.outcome, one.reason])).toEqual([[outcome, reason]]);
  expect(judged.verdict).toBe(verdict);
});

test('a requirement is proved by the checks of every case, whatever the case is about', () => {
  const passing = result([checked('met', should), checked('violated')], { requirement: should.id });
  const { requirements } = judgeAll([must, should], [passing]);
  expect(requirements.map(({ outcome, cases }) => [outcome, cases])).toEqual([
    ['violated', [passing.id]],
    ['met', [passing.id]],
  ]);
});

test.each<[line: string, results: CaseResult[]]>([
  ['conforming; not verified: case a/b', [{ ...unreached, id: 'a/b' }, of('met'), of('met', should)]],
  [`conforming; not verified: ${should.id}`, [of('met')]],
  ['incomplete; not verified: all 2 requirements', [unreached]],
  [
    'conforming; body not verified: calls cannot be read',
    [
      { ...of('not applicable'), verdict: 'not applicable', reason: 'calls cannot be read back: 501' },
      of('met', should),
    ],
  ],
])('the verdict line is: %s', (line, results) => {
  const { verdict, requirements, cases } = judgeAll([must, should], results);
  const rows = requirements.map(({ requirement, ...one }) => ({ ...requirement, ...one }));
  expect(verdictText({ verdict, requirements: rows as ReportRequirement[], cases })).toBe(line);
});

describe('a refusal', () => {
  const control = result([], { id: 'transfer/plain', requirement: 'success/status', accepted: true, answers: ['200'] });
  const refused = { accepted: false, answers: ['400 number_invalid'] };
  const unread = { ...refused, answers: ['501 no'], checks: [checked('not applicable', { id: control.requirement })] };

  const refusedToo = 'its control transfer/plain was answered 400 number_invalid, so that a refusal proves nothing';
  const unreachedToo = 'its control transfer/plain was unreached, so that a refusal proves nothing';
  const isRight = { checks: [checked('met')] };
  const isWrong: Partial<CaseResult> = { checks: [checked('violated')], verdict: 'fail' };
  const isUnsound: Partial<CaseResult> = { checks: [], verdict: 'error', reason: 'unsound' };
  const notReached: Partial<CaseResult> = { accepted: false, answers: [], verdict: 'unreached' };
  const unreadable = 'calls cannot be read back: it was answered 501 no';

  test.each<[what: string, own: object, control: object, verdict: string, outcome: string, reason?: string]>([
    ['proves what it shows where its control was accepted', isRight, {}, 'pass', 'met'],
    ['may be wrong', isWrong, {}, 'fail', 'violated'],
    ['proves nothing where its control was refused too', isRight, refused, 'unreached', 'unreached', refusedToo],
    ['proves nothing by the same answer, though wrong', isWrong, refused, 'unreached', 'unreached', refusedToo],
    ['is wrong where no fault was noticed', { ...isWrong, answers: ['200'] }, refused, 'fail', 'violated'],
    ['has no object where calls are unreadable', isRight, unread, 'not applicable', 'not applicable', unreadable],
    ['proves nothing without its control', isRight, notReached, 'unreached', 'unreached', unreachedToo],
    ['stays an error of the suite', isUnsound, refused, 'error', 'unreached', 'unsound'],
  ])('%s', (_, own, ofControl, verdict, outcome, reason) => {
    const judged = judgeAll([must], [result([], { control: control.id, ...own }), { ...control, ...ofControl }]);
    expect(judged.cases[0]?.verdict).toBe(verdict);
    expect(judged.requirements[0]?.outcome).toBe(outcome);
    expect(judged.cases[0]?.reason).toBe(reason);
  });
});

test('a run is judged by the requirements of its profiles, and one of some cases by those that they are about', () => {
  const bulk = { ...must, id: 'bulk/all', profile: 'bulk' };
  const ids = (results: CaseResult[], how: Partial<Judgement>) =>
    judgeAll([must, should, bulk], results, how).requirements.map(({ requirement }) => requirement.id);
  expect(ids([], { profiles: ['core'] })).toEqual([must.id, should.id]);
  expect(ids([], { profiles: ['core', 'bulk'] })).toEqual([must.id, should.id, bulk.id]);
  expect(ids([of('met')], { partial: true })).toEqual([must.id]);
});

test('each verdict has an exit code', () => {
  expect(exitCodes).toEqual({ conforming: 0, 'not conforming': 1, 'nothing verified': 2, incomplete: 3 });
});
