import { describe, expect, test } from 'vitest';
import type { Requirement } from '../../contract/requirements.ts';
import type { CaseResult, SelfCheck } from '../model.ts';
import { sampleCase, sampleRun } from '../testing/samples.ts';
import { makeReport } from '../report.ts';
import { terminalReport, type TerminalSettings } from './terminal.ts';
import { judge } from '../verdict.ts';

const requirement: Requirement = {
  id: 'body/send-call-to-missing',
  level: 'MUST',
  profile: 'core',
  says: 'A request without sendCallTo is refused with 400 and pc_sendcallto_invalid.',
  source: 'page, Response, Failure',
  at: '/components/schemas/Number',
};
const recommendation: Requirement = { ...requirement, id: 'success/link', level: 'SHOULD', says: 'A call has a link.' };

function failing(id: string, about = requirement.id, actual = '200'): CaseResult {
  const violations = [{ at: 'status', expected: '400 pc_sendcallto_invalid', actual }];
  const request = {
    method: 'PUT',
    path: '/uapi/phoneCalls/12/0003*210/b817',
    headers: {},
    body: '{"action":"Transfer"}',
  };
  return sampleCase('fail', {
    id,
    requirement: about,
    title: 'refuses a transfer whose sendCallTo is broken: missing',
    accepted: true,
    checks: [
      { check: 'is refused with 400 pc_sendcallto_invalid', requirement: about, outcome: 'violated', violations },
      { check: 'carries JSON', requirement: 'http/json', outcome: 'met', violations: [] },
    ],
    exchanges: [{ request }],
  });
}

function report(
  results: CaseResult[],
  requirements = [requirement, recommendation],
  settings: TerminalSettings = {},
): string[] {
  const outcome = judge(requirements, results, { profiles: ['core'], strict: false, partial: false });
  return terminalReport(makeReport(outcome, sampleRun), settings).split('\n');
}

test('names the sentence, its place, what was sent, expected and came, and how to send it again', () => {
  expect(report([failing('body/sendCallTo/missing')]).slice(0, 15)).toEqual([
    'VIOLATED body/send-call-to-missing (MUST): 1 case',
    '  A request without sendCallTo is refused with 400 and pc_sendcallto_invalid.',
    '  source    page, Response, Failure',
    '  contract  spec/openapi.yaml:17',
    '            /components/schemas/Number',
    '',
    '  case      body/sendCallTo/missing: refuses a transfer whose sendCallTo is',
    '            broken: missing',
    '  sent      PUT /uapi/phoneCalls/12/0003*210/b817',
    '            {"action":"Transfer"}',
    '  expected  status: 400 pc_sendcallto_invalid',
    '  actual    status: 200',
    '  again',
    expect.stringMatching(/^curl .+'https:\/\/pbx\.example\.com\/uapi\/phoneCalls\/12\/0003\*210\/b817'/),
    '',
  ]);
});

test('names in what a request differs from its control, instead of the whole request', () => {
  const sent = (body: string) =>
    failing('x').exchanges.map((exchange) => ({ ...exchange, request: { ...exchange.request, body } }));
  const control = { ...failing('transfer/plain'), accepted: true, checks: [], exchanges: sent('{"to":"1"}') };
  const broken = { ...failing('to/newline'), control: control.id, exchanges: sent('{"to":"1\\n"}') };
  const lines = report([control, broken]);
  expect(lines).toContain('            a valid transfer, but with "to": "1\\n" in place of "1"');
  expect(lines.filter((line) => line.includes('{"to"') && !line.startsWith('curl '))).toEqual([]);
});

test('names in what a valid request that was refused differs from one that was accepted', () => {
  const response = {
    status: 400,
    headers: {},
    body: { length: 0, text: '', json: undefined, problem: undefined },
    duration: 1,
  };
  const to = (user: string) =>
    failing('x').exchanges.map((exchange) => ({
      ...exchange,
      response,
      request: { ...exchange.request, path: `/${user}` },
    }));
  const accepted = { ...failing('transfer/plain'), accepted: true, checks: [], exchanges: to('12') };
  const lines = report([accepted, { ...failing('transfer/me'), accepted: false, exchanges: to('@me') }]);
  expect(lines).toContain('            one that was accepted, but with @me in place of 12 in the path');
});

test('tells how all requests of a case are sent again, if there are several', () => {
  const several = failing('x').exchanges.flatMap((exchange) => [exchange, exchange]);
  expect(report([{ ...failing('at-once'), exchanges: several }])).toContain(
    "  again     this request alone; all 2 with --only 'at-once'",
  );
});

test('ends with counts and, as its last line, the verdict', () => {
  expect(report([failing('body/sendCallTo/missing')]).slice(-6)).toEqual([
    'body            1          .',
    'success         .          1',
    '',
    'https://pbx.example.com/api: 1 cases in 1.2 s; 1 fail',
    'Requirements: 1 violated, 1 unreached',
    'Verdict: not conforming; not verified: success/link',
  ]);
});

test('shows one case of those that fail alike, and names the others', () => {
  const ids = ['one', 'two', 'three', 'four', 'five'];
  const lines = report(ids.map((id) => failing(id)));
  expect(lines[0]).toBe('VIOLATED body/send-call-to-missing (MUST): 5 cases');
  expect(lines.filter((line) => line.startsWith('  case '))).toHaveLength(1);
  expect(lines).toContain('  alike     4 more: two, three, four, five');
});

test('names requirements that are broken alike together, with the sentence of one', () => {
  const ids = ['body/a', 'body/b', 'path/c', 'path/d'];
  const requirements = ids.map((id) => ({ ...requirement, id, says: `${id}.` }));
  const lines = report(
    ids.map((id) => failing(`${id}/case`, id)),
    requirements,
  );
  expect(lines.slice(0, 3)).toEqual([
    'VIOLATED 4 requirements alike: 4 cases',
    '  body/a, body/b, path/c, path/d. For example:',
    '  body/a (MUST): body/a.',
  ]);
});

test('heads a broken SHOULD as a warning, after what is violated', () => {
  const lines = report([failing('transfer/plain', recommendation.id), failing('body/sendCallTo/missing')]);
  const headings = lines.filter((line) => /^[A-Z]{2,}/.test(line));
  expect(headings).toEqual([
    'VIOLATED body/send-call-to-missing (MUST): 1 case',
    'WARNING success/link (SHOULD): 1 case',
  ]);
});

const passing: CaseResult = { ...failing('body/sendCallTo/missing'), verdict: 'pass', checks: [] };
const met = { check: 'is refused', requirement: requirement.id, outcome: 'met', violations: [] } as const;

test('leaves out what was not violated', () => {
  expect(report([{ ...passing, checks: [met] }], [requirement])).toEqual([
    '      met',
    'body    1',
    '',
    'https://pbx.example.com/api: 1 cases in 1.2 s; 1 pass',
    'Requirements: 1 met',
    'Verdict: conforming',
  ]);
});

describe('quiet', () => {
  test('says nothing but the verdict of a server that is right', () => {
    expect(report([{ ...passing, checks: [met] }], [requirement], { quiet: true })).toEqual(['Verdict: conforming']);
  });

  test('tells what is violated and unreached all the same, without totals', () => {
    const lines = report([failing('body/sendCallTo/missing')], undefined, { quiet: true });
    expect(lines[0]).toBe('VIOLATED body/send-call-to-missing (MUST): 1 case');
    expect(lines.slice(-4)).toEqual([
      'Unreached: no case was run',
      '  success/link',
      '',
      'Verdict: not conforming; not verified: success/link',
    ]);
  });
});

describe('tells', () => {
  const reached: CaseResult = { ...failing('body/sendCallTo/missing'), checks: [], exchanges: [], answers: [] };

  test('once what was missing, and which requirements it kept from being reached', () => {
    const lines = report(
      [
        { ...reached, verdict: 'unreached', reason: 'the fixture lacks --call' },
        { ...reached, requirement: recommendation.id, verdict: 'unreached', reason: 'the fixture lacks --call' },
        { ...passing, requirement: 'success/id', checks: [{ ...met, requirement: 'success/id' }] },
      ],
      [requirement, recommendation, { ...requirement, id: 'success/id' }],
    );
    const at = lines.indexOf('Unreached: the fixture lacks --call');
    expect(lines.slice(at, at + 3)).toEqual([
      'Unreached: the fixture lacks --call',
      '  body/send-call-to-missing; success/link',
      '',
    ]);
    expect(lines.at(-1)).toBe('Verdict: incomplete; not verified: body/send-call-to-missing, success/link');
  });

  test('what to give where nothing was sent', () => {
    const reason = 'the fixture lacks --call, --send-to: name a live call and where it may go';
    const lines = report([{ ...reached, verdict: 'unreached', reason }], [requirement]);
    expect(lines.slice(0, 2)).toEqual([
      'Nothing was sent. Name a live call, the parties, and where it may go:',
      'npx transfer-conformance https://pbx.example.com/api --call … --send-to …',
    ]);
  });

  test('that everything is unreached without naming it all', () => {
    const unreached = { ...reached, verdict: 'unreached', reason: 'the source of calls failed' } as const;
    const lines = report([unreached, { ...unreached, requirement: recommendation.id }]);
    expect(lines.slice(0, 2)).toEqual(['Unreached: the source of calls failed', '  all 2 requirements']);
  });

  test('an error of the suite', () => {
    const lines = report([{ ...reached, verdict: 'error', reason: 'The request is not what it claims.' }]);
    expect(lines.join(' ')).toContain(
      'ERROR of the suite in body/sendCallTo/missing: The request is not what it claims.',
    );
    expect(lines.at(-1)).toBe('Verdict: nothing verified');
  });

  test('how long a body is that is too long to show, and how to send it all the same', () => {
    const [exchange] = failing('').exchanges;
    const cut = `${'x'.repeat(4096)}… (5000 characters)`;
    const request = { method: 'PUT', path: '/', headers: {}, body: cut };
    const lines = report([{ ...failing('long'), exchanges: exchange === undefined ? [] : [{ ...exchange, request }] }]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.join('').replaceAll(/ +/g, ' ')).toMatch(/x… \(5000 ?characters\)/);
    expect(lines.join(' ')).toContain("--only 'long'");
  });
});

describe('what a server sent', () => {
  const wild = '\u001b[31m\u202e\u0007\r\n<b>';
  const response = {
    status: 400,
    headers: { 'content-type': wild },
    body: { length: 9, text: wild, json: undefined, problem: wild },
    duration: 1,
  };
  const exchanges = failing('x').exchanges.map((exchange) => ({ ...exchange, response }));
  const result = { ...failing('wild', requirement.id, wild), exchanges, answers: [wild] };

  test('cannot act on the terminal', () => {
    const text = report([result, { ...result, id: 'error', verdict: 'error', reason: wild }]).join('\n');
    expect(text).toMatch(/^[\x20-\x7e…\n]+$/);
    expect(text).toContain('\\u001b[31m\\u202e\\u0007\\r\\n<b>');
  });
});

const outcome = { verdict: 'conforming', requirements: [], cases: [] } as const;
const makeSelfChecked = (result: Omit<SelfCheck, 'totals'>) => makeReport(outcome, { ...sampleRun, selfCheck: result });

const caught = {
  id: 'transfer/status-201',
  says: 'A transfer is answered with 201.',
  exchanges: 3,
  caughtBy: ['success/status'],
  warnsOnly: false,
  reason: undefined,
};
const warned = { ...caught, id: 'transfer/link-missing', caughtBy: ['success/link'], warnsOnly: true };
const escaped = {
  ...caught,
  id: 'effects/nothing-moves-any',
  says: 'Every transfer is accepted, but moves nothing.',
  caughtBy: [],
  reason: 'no check of this run sees it: it takes several numbers',
};
const selfCheck: Omit<SelfCheck, 'totals'> = {
  tried: [caught, warned, escaped],
  notApplicable: [
    { id: 'effects/other-call-moves', needs: 'another call' },
    { id: 'reading/in-array', needs: 'a call that can be read back' },
    { id: 'reading/null', needs: 'a call that can be read back' },
  ],
};

/** Returns the lines of a report between its first line about the self-check and its totals. */
function selfCheckLines(result: Omit<SelfCheck, 'totals'>): string[] {
  const lines = terminalReport(makeSelfChecked(result)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('Self-check: '));
  return lines.slice(
    start,
    lines.findIndex((line) => line.startsWith('Requirements:')),
  );
}

describe('the self-check', () => {
  test('tells the share, what escapes and what would reach it, and what was not tried', () => {
    expect(selfCheckLines(selfCheck)).toEqual([
      'Self-check: 2 of 3 wrong answers would have been caught (66.6 %), 1 of them as a warning',
      '  not caught: no check of this run sees it: it takes several numbers',
      '    - Every transfer is accepted, but moves nothing.',
      '  not tried, since no answer gave occasion: 3',
      '    - 2 for want of a call that can be read back',
      '    - 1 for want of another call',
    ]);
  });

  test('is short where all were tried and caught', () => {
    expect(selfCheckLines({ tried: [caught], notApplicable: [] })).toEqual([
      'Self-check: 1 of 1 wrong answers would have been caught (100.0 %)',
    ]);
  });

  test('does not round up to everything', () => {
    const many = Array.from({ length: 1999 }, () => caught);
    expect(selfCheckLines({ tried: [...many, escaped], notApplicable: [] })[0]).toContain('(99.9 %)');
  });

  test('says so if no wrong answer could be tried', () => {
    expect(selfCheckLines({ tried: [], notApplicable: selfCheck.notApplicable })).toEqual([
      'Self-check: no wrong answer could be tried, since no case was run to its end',
    ]);
  });

  test('stands before the verdict, which stays the last line, and in report.json with its totals', () => {
    const report = makeSelfChecked(selfCheck);
    const lines = terminalReport(report).split('\n');
    const at = lines.findIndex((line) => line.startsWith('Self-check: '));
    expect(lines.slice(at).at(-1)).toBe('Verdict: conforming');
    expect(report.selfCheck).toMatchObject({
      totals: { tried: 3, caught: 2, warned: 1, notApplicable: 3, share: 2 / 3 },
      tried: [{ id: 'transfer/status-201', caughtBy: ['success/status'] }, { warnsOnly: true }, { caughtBy: [] }],
    });
    expect(terminalReport(makeReport(outcome, sampleRun))).not.toContain('Self-check');
  });
});
