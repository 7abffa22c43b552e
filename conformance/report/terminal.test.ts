import { describe, expect, test } from 'vitest';
import type { Requirement } from '../contract/requirements.ts';
import type { CaseResult } from '../run/result.ts';
import { describedRun } from './described.ts';
import { reportOf } from './report.ts';
import { terminalReport } from './terminal.ts';
import { judge } from './verdict.ts';

const requirement: Requirement = {
  id: 'body/send-call-to-missing',
  level: 'MUST',
  profile: 'core',
  says: 'A request without sendCallTo is refused with 400 and pc_sendcallto_invalid.',
  source: 'page, Response, Failure',
  at: '/components/schemas/PhoneCallAction/properties/sendCallTo',
};
const recommendation: Requirement = { ...requirement, id: 'success/link', level: 'SHOULD', says: 'A call has a link.' };

function failing(id: string, about = requirement.id, actual = '200'): CaseResult {
  return {
    id,
    requirement: about,
    title: 'refuses a transfer whose sendCallTo is broken: missing',
    verdict: 'fail',
    reason: undefined,
    control: undefined,
    answers: ['200'],
    accepted: true,
    checks: [
      {
        check: 'is refused with 400 pc_sendcallto_invalid',
        requirement: about,
        outcome: 'violated',
        violations: [{ at: 'status', expected: '400 pc_sendcallto_invalid', actual }],
      },
      { check: 'carries JSON', requirement: 'http/json', outcome: 'met', violations: [] },
    ],
    exchanges: [
      {
        request: {
          method: 'PUT',
          path: '/uapi/phoneCalls/12/0003*210/b817',
          headers: {},
          body: '{"action":"Transfer"}',
        },
        response: undefined,
        failure: undefined,
      },
    ],
    duration: 1,
  };
}

function report(results: CaseResult[], requirements = [requirement, recommendation]): string[] {
  const outcome = judge(requirements, results, { profiles: ['core'], strict: false, partial: false });
  return terminalReport(reportOf(outcome, describedRun)).split('\n');
}

test('names the sentence, what was sent, expected and came, and how to send it again', () => {
  expect(report([failing('body/sendCallTo/missing')]).slice(0, 9)).toEqual([
    'VIOLATED body/send-call-to-missing (MUST)',
    '  A request without sendCallTo is refused with 400 and pc_sendcallto_invalid.',
    '  Source: page, Response, Failure. Contract: /components/schemas/PhoneCallAction/properties/sendCallTo',
    '  - body/sendCallTo/missing: refuses a transfer whose sendCallTo is broken: missing',
    '      sent      PUT /uapi/phoneCalls/12/0003*210/b817 {"action":"Transfer"}',
    '      expected  status: 400 pc_sendcallto_invalid',
    '      came      status: 200',
    expect.stringMatching(/^ {6}again {5}curl .+'https:\/\/pbx\.example\.com\/uapi\/phoneCalls\/12\/0003\*210\/b817'/),
    '',
  ]);
});

test('ends with counts and, as its last line, the verdict', () => {
  expect(report([failing('body/sendCallTo/missing')]).slice(-3)).toEqual([
    'https://pbx.example.com/api: 1 cases in 1.2 s; 1 fail',
    'Requirements: 1 violated, 1 unreached',
    'Verdict: not conforming',
  ]);
});

test('shows one case of those that fail alike, and names the others', () => {
  const ids = ['one', 'two', 'three', 'four', 'five'];
  const lines = report(ids.map((id) => failing(id)));
  expect(lines.filter((line) => line.startsWith('  - '))).toHaveLength(1);
  expect(lines).toContain('      alike     4 more: two, three, four, five');
});

test('heads a broken SHOULD as a warning, after what is violated', () => {
  const lines = report([failing('transfer/plain', recommendation.id), failing('body/sendCallTo/missing')]);
  const headings = lines.filter((line) => /^[A-Z]{2,}/.test(line));
  expect(headings).toEqual(['VIOLATED body/send-call-to-missing (MUST)', 'WARNING success/link (SHOULD)']);
});

test('leaves out what was not violated', () => {
  const passing: CaseResult = { ...failing('body/sendCallTo/missing'), verdict: 'pass', checks: [] };
  const met = {
    ...passing,
    checks: [{ check: 'is refused', requirement: requirement.id, outcome: 'met', violations: [] }],
  };
  const lines = report([met as CaseResult], [requirement]);
  expect(lines).toEqual([
    'body           1 met',
    '',
    'https://pbx.example.com/api: 1 cases in 1.2 s; 1 pass',
    'Requirements: 1 met',
    'Verdict: conforming',
  ]);
});

describe('tells', () => {
  const reached: CaseResult = { ...failing('body/sendCallTo/missing'), checks: [], exchanges: [] };

  test('once what was missing, and which requirements it kept from being reached', () => {
    const lines = report([
      { ...reached, verdict: 'unreached', reason: 'the fixture lacks --call' },
      { ...reached, requirement: recommendation.id, verdict: 'unreached', reason: 'the fixture lacks --call' },
    ]);
    expect(lines.slice(0, 4)).toEqual([
      'Unreached: the fixture lacks --call',
      '  body/send-call-to-missing (MUST)',
      '  success/link (SHOULD)',
      '',
    ]);
    expect(lines.at(-1)).toBe('Verdict: incomplete');
  });

  test('an error of the suite', () => {
    const lines = report([{ ...reached, verdict: 'error', reason: 'The request is not what it claims.' }]);
    expect(lines).toContain('ERROR of the suite in body/sendCallTo/missing: The request is not what it claims.');
    expect(lines.at(-1)).toBe('Verdict: nothing verified');
  });

  test('how long a body is that is too long to show', () => {
    const [exchange] = failing('').exchanges;
    const request = { method: 'PUT', path: '/', headers: {}, body: 'x'.repeat(5000) };
    const long = { ...failing('long'), exchanges: exchange === undefined ? [] : [{ ...exchange, request }] };
    expect(report([long])).toContain(`      sent      PUT / ${'x'.repeat(160)}… (5000 characters)`);
  });
});
