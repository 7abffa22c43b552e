import { describe, expect, test } from 'vitest';
import type { Requirement } from '../contract/requirements.ts';
import type { CaseResult, CaseViolation } from './model.ts';
import { groupFindings } from './findings.ts';
import { sampleCase, sampleRequirement } from './testing/samples.ts';
import { judge } from './verdict.ts';

const requirement = (id: string, level: Requirement['level'] = 'MUST') => ({ ...sampleRequirement, id, level });

function failing(
  id: string,
  violation: Partial<CaseViolation> = {},
  {
    about = 'body/0',
    body = '{}',
    method = 'PUT',
    control,
  }: Partial<Record<'about' | 'body' | 'method' | 'control', string>> = {},
): CaseResult {
  const violations = [{ at: 'status', expected: '400 pc_action_invalid', actual: '200', ...violation }];
  return sampleCase('fail', {
    id,
    requirement: about,
    control,
    checks: [{ check: 'is refused', requirement: about, outcome: 'violated', violations }],
    exchanges: [{ request: { method, path: '/', headers: {}, body } }],
  });
}

const findingsIn = (results: CaseResult[], requirements = [requirement('body/0')]) =>
  groupFindings(judge(requirements, results, { profiles: ['core'], strict: false, partial: false }));

describe('requirements that are broken alike', () => {
  const codes = ['pc_action_invalid', 'pc_from_invalid', 'pc_number_invalid', 'pc_to_invalid'];
  const find = (count: number, actual: (code: string) => string) =>
    findingsIn(
      codes
        .slice(0, count)
        .map((code, index) =>
          failing(`${index}`, { expected: `400 ${code}`, actual: actual(code) }, { about: `body/${index}` }),
        ),
      codes.slice(0, count).map((_, index) => requirement(`body/${index}`)),
    );

  test('are one finding from four on, whatever code each expects', () => {
    expect(find(4, (code) => `422 ${code}`)).toMatchObject([
      {
        outcome: 'violated',
        requirements: ['body/0', 'body/1', 'body/2', 'body/3'],
        differences: [{ cases: ['0', '1', '2', '3'] }],
      },
    ]);
    expect(find(3, (code) => `422 ${code}`)).toHaveLength(3);
  });

  test('are so only if they differ in the same way', () => {
    expect(find(4, (code) => `400 ${code.replace('pc', 'own')}`)).toHaveLength(4);
  });
});

const several = (...codes: string[]) => codes.map((code) => `400 pc_${code}_invalid`).join(', or ');
const status = (actual: string) => ({ actual });
const destination = (number: string) => ({
  at: 'call',
  expected: `a destination ${number}`,
  actual: 'destination 0003*024',
});

test.each<[what: string, violations: Partial<CaseViolation>[], cases: string[][]]>([
  [
    'ways in which a requirement is broken, the most frequent first',
    ['500', '200', '200'].map(status),
    [['1', '2'], ['0']],
  ],
  ['statuses', ['500', '502'].map(status), [['0'], ['1']]],
  [
    'telephone numbers of any form and count, which are alike',
    ['1', '0003*100', '+13', '1 or 0003*100'].map(destination),
    [['0', '1', '2', '3']],
  ],
  [
    'numbers, which are alike',
    ['17', '18'].map((actual) => ({ at: '/error/code', expected: 'text', actual })),
    [['0', '1']],
  ],
  [
    'several faults, which are alike whichever are named',
    [
      { expected: several('a', 'b'), actual: '422 pc_a_invalid' },
      { expected: several('a', 'b', 'c'), actual: '422 pc_c_invalid' },
    ],
    [['0', '1']],
  ],
])('the differences of a finding are its %s', (_, violations, cases) => {
  const [finding, ...others] = findingsIn(violations.map((violation, index) => failing(`${index}`, violation)));
  expect(others).toEqual([]);
  expect(finding?.differences.map((difference) => difference.cases)).toEqual(cases);
});

const moved = { at: 'call', expected: 'still destination 1', actual: 'destination 2' };
const long = '{"action":"Transfer"}';

test.each<[what: string, results: CaseResult[]]>([
  ['with the shortest request', [failing('long', {}, { body: long }), failing('example')]],
  [
    'with the shortest expectation',
    [failing('two', { expected: '400 pc_action_invalid, or 400 pc_action_invalid' }), failing('example')],
  ],
  [
    'that is the control of others, however long',
    [failing('short', {}, { control: 'example' }), failing('example', {}, { body: long })],
  ],
  [
    'that moved a call, rather than a reading that shows it',
    [failing('read', moved, { body: '', method: 'GET' }), failing('example', moved, { body: long })],
  ],
])('the example of a difference is the case %s', (_, results) => {
  expect(findingsIn(results)[0]?.differences[0]?.example.case).toBe('example');
});

test('what is violated stands before what is warned of, and the most cases first', () => {
  const about = (about: string, ...ids: string[]) => ids.map((id) => failing(id, { actual: about }, { about }));
  const results = [...about('a/should', '1', '2', '3'), ...about('b/once', '4'), ...about('c/twice', '5', '6')];
  const requirements = [requirement('a/should', 'SHOULD'), requirement('b/once'), requirement('c/twice')];
  expect(findingsIn(results, requirements).flatMap((finding) => finding.requirements)).toEqual([
    'c/twice',
    'b/once',
    'a/should',
  ]);
  expect(findingsIn([])).toEqual([]);
});
