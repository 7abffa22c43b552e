import { describe, expect, test } from 'vitest';
import type { Requirement } from '../contract/requirements.ts';
import type { CaseResult, CaseViolation } from './model.ts';
import { groupFindings } from './findings.ts';
import { sampleCase, sampleRequirement } from './testing/samples.ts';
import { judge } from './verdict.ts';

const requirement = (id: string, level: Requirement['level'] = 'MUST'): Requirement => {
  return { ...sampleRequirement, id, level };
};

function failing(id: string, about: string, violation: Partial<CaseViolation>, body = '{}'): CaseResult {
  const violations = [{ at: 'status', expected: '400 pc_action_invalid', actual: '200', ...violation }];
  return sampleCase('fail', {
    id,
    requirement: about,
    checks: [{ check: 'is refused', requirement: about, outcome: 'violated', violations }],
    exchanges: [{ request: { method: 'PUT', path: '/', headers: {}, body } }],
  });
}

const findingsIn = (requirements: Requirement[], results: CaseResult[]) =>
  groupFindings(judge(requirements, results, { profiles: ['core'], strict: false, partial: false }));

const codes = ['pc_action_invalid', 'pc_from_invalid', 'pc_number_invalid', 'pc_to_invalid'];
const groups = codes.map((_, index) => `body/${index}`);

describe('four requirements', () => {
  const alike = (actual: (code: string) => string) =>
    findingsIn(
      groups.map((id) => requirement(id)),
      codes.map((code, index) =>
        failing(`case/${index}`, groups[index] ?? '', { expected: `400 ${code}`, actual: actual(code) }),
      ),
    );

  test('that are broken alike are one finding, whatever code each expects', () => {
    const findings = alike((code) => `422 ${code}`);
    expect(findings).toMatchObject([
      { outcome: 'violated', requirements: groups, differences: [{ cases: ['case/0', 'case/1', 'case/2', 'case/3'] }] },
    ]);
  });

  test('that are broken each in its way are four findings', () => {
    expect(alike((code) => `400 ${code.replace('pc', 'own')}`)).toHaveLength(4);
  });
});

test('three requirements that are broken alike stay three findings, each with its sentence', () => {
  const results = groups.slice(0, 3).map((id) => failing(`${id}/missing`, id, {}));
  expect(
    findingsIn(
      groups.slice(0, 3).map((id) => requirement(id)),
      results,
    ),
  ).toHaveLength(3);
});

test('a requirement has a difference for each way in which it is broken, the most frequent first', () => {
  const results = [
    failing('one', 'body/0', { actual: '500' }),
    failing('two', 'body/0', { actual: '200' }),
    failing('three', 'body/0', { actual: '200' }),
  ];
  const [finding, ...others] = findingsIn([requirement('body/0')], results);
  expect(others).toEqual([]);
  expect(finding?.differences.map(({ cases }) => cases)).toEqual([['two', 'three'], ['one']]);
});

test('telephone numbers make no difference, whatever their form and count', () => {
  const at = 'call';
  const results = ['1', '0003*100', '+13', '1 or 0003*100'].map((number, index) =>
    failing(String(index), 'body/0', { at, expected: `a destination ${number}`, actual: 'destination 0003*024' }),
  );
  expect(findingsIn([requirement('body/0')], results)[0]?.differences).toHaveLength(1);
});

test('numbers that differ from case to case make no difference, but a status does', () => {
  const at = '/error/code';
  const results = [
    failing('one', 'body/0', { at, expected: 'text', actual: '17' }),
    failing('two', 'body/0', { at, expected: 'text', actual: '18' }),
  ];
  expect(findingsIn([requirement('body/0')], results)[0]?.differences).toHaveLength(1);
  const statuses = [failing('one', 'body/0', { actual: '500' }), failing('two', 'body/0', { actual: '502' })];
  expect(findingsIn([requirement('body/0')], statuses)[0]?.differences).toHaveLength(2);
});

test('a request with several faults is broken alike whichever of them are named', () => {
  const some = { expected: '400 pc_a_invalid, or 400 pc_b_invalid', actual: '422 pc_a_invalid' };
  const all = { expected: '400 pc_a_invalid, or 400 pc_b_invalid, or 400 pc_c_invalid', actual: '422 pc_c_invalid' };
  const results = [failing('some', 'body/0', some), failing('all', 'body/0', all)];
  expect(findingsIn([requirement('body/0')], results)[0]?.differences).toHaveLength(1);
});

test('the shortest request is the example of its difference', () => {
  const results = [failing('long', 'body/0', {}, '{"action":"Transfer"}'), failing('short', 'body/0', {}, '{}')];
  expect(findingsIn([requirement('body/0')], results)[0]?.differences[0]?.example.case).toBe('short');
});

test('the control of other cases is the example, however long it is', () => {
  const results = [
    { ...failing('short', 'body/0', {}), control: 'control' },
    failing('control', 'body/0', {}, '{"action":"Transfer"}'),
  ];
  expect(findingsIn([requirement('body/0')], results)[0]?.differences[0]?.example.case).toBe('control');
});

test('the request that moved a call is the example, rather than a shorter reading that shows it', () => {
  const moved = { at: 'call', expected: 'still destination 1', actual: 'destination 2' };
  const reading = failing('read', 'body/0', moved, '');
  const asGet = reading.exchanges.map((one) => ({ ...one, request: { ...one.request, method: 'GET' } }));
  const results = [{ ...reading, exchanges: asGet }, failing('put', 'body/0', moved, '{"action":"Transfer"}')];
  expect(findingsIn([requirement('body/0')], results)[0]?.differences[0]).toMatchObject({
    cases: ['read', 'put'],
    example: { case: 'put' },
  });
});

test('what is violated stands before what is warned of, and the most cases first', () => {
  const requirements = [requirement('a/should', 'SHOULD'), requirement('b/once'), requirement('c/twice')];
  const results = [
    ...['1', '2', '3'].map((id) => failing(id, 'a/should', { actual: '501' })),
    failing('4', 'b/once', {}),
    ...['5', '6'].map((id) => failing(id, 'c/twice', {})),
  ];
  expect(findingsIn(requirements, results).map((finding) => finding.requirements[0])).toEqual([
    'c/twice',
    'b/once',
    'a/should',
  ]);
});

test('a server that is right has no findings', () => {
  expect(findingsIn([requirement('body/0')], [])).toEqual([]);
});
