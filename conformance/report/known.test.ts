import { describe, expect, test } from 'vitest';
import type { Requirement } from '../contract/requirements.ts';
import type { CaseResult } from './model.ts';
import { sampleCase, sampleRequirement, sampleRun } from './testing/samples.ts';
import { excuseKnown, outdatedFailures, parseKnownFailures, readKnownFile, type KnownFailure } from './known.ts';
import { makeReport } from './report.ts';
import { judge } from './verdict.ts';

const must = sampleRequirement;
const should: Requirement = { ...must, id: 'body/media-type', level: 'SHOULD' };
const excluded: Requirement = { ...must, id: 'body/size', excluded: 'no request can prove it' };

function result(id: string, outcome: 'met' | 'violated', members: Partial<CaseResult> = {}): CaseResult {
  const { requirement = must.id } = members;
  const violations = outcome === 'violated' ? [{ at: 'status', expected: '400', actual: '200' }] : [];
  const checks = [{ check: 'is refused', requirement, outcome, violations }];
  return sampleCase(outcome === 'violated' ? 'fail' : 'pass', { id, requirement, checks, ...members });
}

/** Makes the report of results and of a list, of whose requirements some may have cases that were not run. */
function report(results: readonly CaseResult[], listed: readonly Partial<KnownFailure>[], incomplete: string[] = []) {
  const outcome = judge([must, should, excluded], results, { profiles: ['core'], strict: false, partial: false });
  const failures = listed.map((failure, index) => {
    return { id: 'x', reason: 'issue 12', line: index + 1, lastLine: index + 1, ...failure };
  });
  const ids = new Set([must.id, should.id, excluded.id, 'a', 'b', 'c', ...results.map(({ id }) => id)]);
  const circumstances = { today: '2026-11-23', ids, incomplete: new Set(incomplete) };
  const made = makeReport(excuseKnown(outcome, { file: 'known.yaml', failures }, circumstances), sampleRun);
  return {
    verdict: `${made.verdict} ${made.exitCode}`,
    reason: made.requirements[0]?.reason,
    findings: made.findings.map(({ outcome: word, requirements, differences }) =>
      [word, ...requirements, ...differences.flatMap(({ cases }) => cases)].join(' '),
    ),
    states: made.known?.failures.map(({ state }) => state),
    lines: outdatedFailures(made.known).map(({ advice }) => advice.replace('known.yaml:', '')),
  };
}

const met = result('m', 'met', { requirement: should.id });
const unreached = (id: string) => result(id, 'met', { verdict: 'unreached', reason: 'no answer', checks: [] });
const broken = [result('a', 'violated'), result('b', 'violated'), met];
const fine = [result('a', 'met'), result('b', 'met'), met] as const;
const ofBoth = result('a', 'violated', {
  checks: [...result('a', 'violated').checks, ...result('a', 'violated', { requirement: should.id }).checks],
});
const warned = result('a', 'violated', { requirement: should.id, verdict: 'warn' });
const erroneous = result('a', 'met', { verdict: 'error', checks: [] });
const lasting = { id: must.id, until: '2026-11-23' };
const over = { id: must.id, until: '2026-11-22' };

test.each<
  [what: string, results: CaseResult[], listed: Partial<KnownFailure>[], verdict: string, ...findings: string[]]
>([
  ['covers all cases of its requirement', broken, [lasting], 'conforming 0', `known ${must.id} a b`],
  ['covers one case', broken, [{ id: 'a' }], 'not conforming 1', `violated ${must.id} b`, `known ${must.id} a`],
  ['covers all that its case breaks', [ofBoth], [{ id: 'a' }], 'conforming 0', `known ${must.id} ${should.id} a`],
  ['may be a recommendation', [warned, fine[1]], [{ id: should.id }], 'conforming 0', `known ${should.id} a`],
  ['does not hide what is unreached', [warned, unreached('b')], [{ id: 'a' }], 'incomplete 3', `known ${should.id} a`],
  ['counts again when its day is over', broken, [over], 'not conforming 1', `violated ${must.id} a b`],
  ['does not matter where nothing was verified', [erroneous, met], [{ id: 'nothing' }], 'nothing verified 2'],
])('a known failure %s', (_, results, listed, verdict, ...findings) => {
  expect(report(results, listed)).toMatchObject({ verdict, findings });
});

test('a requirement gives the reasons of all known failures that cover it', () => {
  const { verdict, reason, findings } = report(broken, [{ id: 'a' }, { id: 'b', reason: 'issue 13' }]);
  expect({ verdict, reason }).toEqual({ verdict: 'conforming 0', reason: 'issue 12; issue 13' });
  expect(findings).toEqual([`known ${must.id} a`, `known ${must.id} b`]);
});

test.each<[what: string, failure: Partial<KnownFailure>, line: string]>([
  ['a requirement passes', { id: must.id }, `1: ${must.id} passes now: delete this line`],
  ['a case passes', { id: 'a', lastLine: 3 }, '1: a passes now: delete lines 1 to 3'],
  [
    'its day is over',
    { id: 'a', until: '2026-11-22' },
    '1: a was known to fail until 2026-11-22: mend it, or delete this line',
  ],
  ['it names nothing', { id: 'body/nonsense' }, '1: body/nonsense is no case and no requirement: delete this line'],
  ['nothing can fail', { id: excluded.id }, `1: ${excluded.id} is excluded and cannot fail: delete this line`],
])('a list says which line to delete, with exit code 1, where %s', (_, failure, line) => {
  expect(report(fine, [failure])).toMatchObject({ verdict: 'conforming 1', lines: [line] });
});

test.each<[what: string, results: CaseResult[], id: string, incomplete?: string[]]>([
  ['its case was not reached', [unreached('a'), result('b', 'met'), met], 'a'],
  ['its requirement was not reached', [unreached('a'), met], must.id],
  ['a case of its requirement was not reached', [unreached('a'), result('b', 'met'), met], must.id],
  ['a case of its requirement was not run', [result('a', 'met')], must.id, [must.id]],
  ['its case was not run', [result('b', 'met'), met], 'c'],
  ['its values were not generated', [result('b', 'met'), met], 'fuzz/body/number/1-50'],
  ['its case had no occasion', [result('a', 'met', { verdict: 'not applicable', checks: [] })], 'a'],
])('a run does not tell whether a known failure passes, where %s', (_, results, id, incomplete) => {
  expect(report(results, [{ id }], incomplete)).toMatchObject({ states: ['unreached'], lines: [] });
});

describe('a list is read', () => {
  test('with an id, a reason, perhaps a last day, and the lines it stands on', () => {
    const yaml = `# What we know.
- id: body/sendCallTo/missing
  reason: >
    The gateway answers 422,
    issue 12.
  until: 2026-12-31

- { id: success/media-type, reason: 'text/json' }
`;
    const reason = 'The gateway answers 422, issue 12.';
    expect(parseKnownFailures(yaml, 'known.yaml')).toEqual([
      { id: 'body/sendCallTo/missing', reason, until: '2026-12-31', line: 2, lastLine: 6 },
      { id: 'success/media-type', reason: 'text/json', line: 8, lastLine: 8 },
    ]);
  });

  test.each(['', '# nothing is known\n', '[]\n'])('though it is empty: %j', (yaml) => {
    expect(parseKnownFailures(yaml, 'known.yaml')).toEqual([]);
  });

  test.each([
    ['- id: "a\n', /^k:2:1: this is not YAML: Missing closing/],
    ['id: a\n', 'k:1:1: expected a list, whose items begin with - id: …'],
    ['- a\n', 'k:1:3: expected a mapping with id and reason'],
    ['-\n', /^k:\d+:\d+: expected a mapping with id and reason$/],
    ['- reason: r\n', 'k:1:3: an item has no id of a case or a requirement'],
    ['- id: a\n', 'k:1:3: an item has no reason: say why it may fail for now'],
    ["- id: a\n  reason: ''\n", 'k:2:11: reason is not a text'],
    ['- id: a\n  reason:\n', /^k:\d+:\d+: reason is not a text$/],
    ['- id: 17\n  reason: r\n', 'k:1:7: id is not a text'],
    ['- id: a\n  reasn: r\n', 'k:2:3: unknown member reasn: expected id, reason, until'],
    ['- id: a\n  id: b\n  reason: r\n', /^k:2:3: this is not YAML: .*unique/],
    ['- id: a\n  reason: r\n  until: 31.12.2026\n', 'k:3:10: until is 31.12.2026: expected a day, as YYYY-MM-DD'],
    ['- id: a\n  reason: r\n  until: 2026-02-30\n', 'k:3:10: until is 2026-02-30: expected a day, as YYYY-MM-DD'],
    ['- id: a\n  reason: r\n- id: a\n  reason: s\n', 'k:3:7: a is listed twice: line 1 has it'],
  ])('or refused in one line that names the place: %j', (yaml, message) => {
    expect(() => parseKnownFailures(yaml, 'k')).toThrow(message);
  });

  test('or refused if its file cannot be read', () => {
    expect(() => readKnownFile('/nowhere/known.yaml')).toThrow(
      /^The list of known failures \/nowhere\/known\.yaml cannot be read: ENOENT/,
    );
  });
});
