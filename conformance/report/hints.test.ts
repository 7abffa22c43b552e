import { describe, expect, test } from 'vitest';
import { findHint, findOverallCause, type Clue } from './hints.ts';
import type { CaseResult, CaseViolation, Exchange, Verdict } from './model.ts';
import { makeReport } from './report.ts';
import { sampleCase, sampleExchange, sampleRun } from './testing/samples.ts';

const refused = (actual: string, expected = '400 own_code'): CaseViolation => ({ at: 'status', expected, actual });
const request = { method: 'PUT', path: '/', headers: {}, body: '{}' };

function answered(status: number, text = '{}', sent: Exchange['request'] = request): Exchange {
  return { request: sent, response: { status, headers: {}, body: { length: text.length, text }, duration: 1 } };
}

const hint = (exchange: Exchange, violations: readonly CaseViolation[], more: Partial<Clue> = {}) =>
  findHint({ id: '', exchange, violations, differences: [], cases: [], ...more }) ?? 'nothing';

test.each<[what: string, part: string, sent: string | undefined, expected: RegExp]>([
  ['a line feed at the end', 'body/to', '"1\\n"', /\$.*\\z/],
  ['digits of another script', 'body/to', '"\u0661"', /\[0-9\]/],
  ['blanks around it', 'body/to', '" 1"', /trimmed/],
  ['null', 'body/to', 'null', /null or empty/],
  ['a number', 'body/to', '1', /its type/],
  ['letters behind it', 'body/to', '"1a"', /anchor at both ends/],
  ['nothing in its place', 'body/to', undefined, /not required/],
  ['another token', 'header authorization', 'x', /token is not checked/],
  ['another path', 'path', 'x', /path is ignored/],
])('a request with %s that is accepted has a hint, and none if it is refused otherwise', (_, part, sent, expected) => {
  const differences = [{ part, sent, control: '"1"' }];
  expect(hint(answered(200), [refused('200')], { differences })).toMatch(expected);
  expect(hint(answered(409), [refused('409')], { differences })).not.toMatch(expected);
});

test.each([
  ['path/phoneCallId/percent-for-last', /LIKE/],
  ['unknown/user/leading-zeros', /parseInt/],
  ['unknown/phone-call/long', /cut to a length/],
])('what %s sends has a hint, if it is accepted', (id, expected) => {
  const differences = [{ part: 'path', sent: 'x', control: '1' }];
  expect(hint(answered(200), [refused('200')], { id, differences })).toMatch(expected);
});

test('a member by another name that is accepted has a hint', () => {
  const differences = [
    { part: 'body/sendTo', sent: undefined, control: '"1"' },
    { part: 'body/sendto', sent: '"1"', control: undefined },
  ];
  expect(hint(answered(200), [refused('200')], { differences })).toMatch(/without regard to case/);
  const others = differences.map((one) => ({ ...one, part: `${one.part}${one.sent ?? ''}` }));
  expect(hint(answered(200), [refused('200')], { differences: others })).not.toMatch(/without regard to case/);
});

const code = (expected: string, actual: string): CaseViolation => ({ at: '/error/code', expected, actual });
const coded = (text: string, status = 400) => answered(status, JSON.stringify({ error: { code: text } }));
const html = { expected: 'application/json', actual: '"text/html"' };
const large = { ...request, body: 'x'.repeat(70_000) };
const moved: CaseViolation = { at: 'call', expected: 'still destination 1', actual: 'destination 2' };
const failed = (kind: NonNullable<Exchange['failure']>['kind']): Exchange => ({
  request,
  failure: { kind, message: '' },
});
const nothing: CaseViolation = { at: 'message', expected: 'a response', actual: 'nothing' };

test.each<[what: string, exchange: Exchange, violation: CaseViolation, expected: RegExp]>([
  ['HTML', answered(400, '<!DOCTYPE html><h1>'), { at: 'body', expected: 'an error', actual: 'no JSON' }, /^HTML/],
  ['a redirect', answered(302), refused('302'), /Redirects/],
  ['what is not supported', answered(501), refused('501'), /does not support/],
  ['a byte order mark', answered(200, '\ufeff{}'), { at: 'body', expected: 'JSON', actual: 'no JSON' }, /\\ufeff/],
  ['an exception', answered(500), refused('500'), /exception/],
  ['a proxy', answered(502), refused('502'), /proxy/],
  ['another status', answered(422), refused('422 own_code'), /only the status/],
  ['no access', answered(401), refused('401', '200'), /CONFORMANCE_TOKEN/],
  ['an empty body', answered(400, ''), { at: 'body', expected: 'an error', actual: 'nothing' }, /empty/],
  ['a code elsewhere', answered(400, '{"code":"own_code"}'), code('"own_code"', 'nothing'), /elsewhere/],
  ['a code in capitals', coded('OWN_CODE'), code('"a_code" or "own_code"', '"OWN_CODE"'), /capital/],
  ['another code', coded('other_code'), code('"own_code"', '"other_code"'), /another reason/],
  ['a code of another status', coded('own_code', 500), code('"internal_error"', '"own_code"'), /does not go with/],
  ['a call that does not move', answered(200), { ...moved, expected: '1 on the call' }, /--effect-timeout/],
  ['a code with a letter more', answered(400), code('"own_code"', '"own_coder"'), /spelling/],
  ['a code with other letters', answered(400), code('"own_code"', '"own_mode"'), /another reason/],
  ['a code for a large body', answered(400, '{}', large), code('"own_code"', '"too_large"'), /413/],
  ['a call that moved before a 401', answered(401), moved, /authorization/],
  ['a call that a reading shows elsewhere', answered(404, '{}', { ...request, method: 'GET' }), moved, /another case/],
  ['a flat error', answered(400, '{"code":"x"}'), { at: '/error', expected: 'it', actual: 'nothing' }, /elsewhere/],
  ['another media type', answered(200), { ...html, at: 'header content-type' }, /only the header/],
  ['null', answered(200), { at: '/link', expected: 'no member', actual: 'null' }, /left out/],
  ['a time-out', failed('time-out'), nothing, /--timeout/],
  ['a connection that is closed', failed('closed'), nothing, /crashed/],
  ['what is not HTTP', failed('malformed'), nothing, /https/],
  ['what is not recognised', answered(409), refused('409'), /^nothing$/],
])('an answer that is not as expected has a hint: %s', (_, exchange, violation, expected) => {
  expect(hint(exchange, [violation])).toMatch(expected);
});

test('bytes that are left over are not taken for HTTPS where the port speaks HTTP', () => {
  expect(hint(failed('malformed'), [nothing], { cases: [sampleCase('pass')] })).toContain('left over');
});

/** Makes a case that must be refused with 400. */
function makeAnswered(id: string, answer: string, changes: Partial<CaseResult> = {}): CaseResult {
  const checks = [
    { check: 'is refused', requirement: 'body/to', outcome: 'violated', violations: [refused(answer)] },
  ] as const;
  return sampleCase('fail', {
    id,
    requirement: 'body/to',
    control: 'transfer/plain',
    answers: [answer],
    checks,
    ...changes,
  });
}

const plain = (answer: string, changes: Partial<CaseResult> = {}) =>
  makeAnswered('transfer/plain', answer, { control: undefined, ...changes });
const asExpected = makeAnswered('body/to/null', '400 own_code', { checks: [], verdict: 'pass' });
const accepted = plain('200', { accepted: true, checks: [] });
const reading = plain('501', {
  id: 'reading/plain',
  exchanges: [{ ...sampleExchange, request: { ...request, method: 'GET' } }],
});
const again = Array.from({ length: 4 }, (_, index) => {
  const violations = [refused('400 own_party', '200')];
  const checks = [{ check: 'is accepted', requirement: 'transfer', outcome: 'violated', violations }] as const;
  return makeAnswered(`transfer/${index}`, '400 own_party', { checks });
});
const gateway = (expected: string) => {
  const checks = [
    { check: 'c', requirement: 'r', outcome: 'violated', violations: [refused('504', expected)] },
  ] as const;
  return makeAnswered(`failed/${expected}`, '504', { checks, exchanges: [answered(504)] });
};
const message = { at: '/error/message', expected: 'a text', actual: 'nothing' };
const isJson = [{ check: 'is JSON', requirement: 'errors/body', outcome: 'violated', violations: [message] }] as const;

describe('the overall cause', () => {
  test.each<[what: string, cases: CaseResult[], cause: string | RegExp | undefined, verdict?: Verdict]>([
    [
      'one answer to all: 401',
      [plain('401 access_denied'), makeAnswered('a', '401 access_denied')],
      'Every request was answered 401: is CONFORMANCE_TOKEN right, and not expired?',
    ],
    [
      'one answer to all: 404 with a code',
      [plain('404 own_unknown'), makeAnswered('a', '404 own_unknown')],
      'Every request was answered 404: do --user, --extension and --call name a live call?',
    ],
    [
      'one answer to all: 404 without a code',
      [plain('404'), makeAnswered('a', '404')],
      /^Every request was answered 404: is the path of the URL right\? .*https:\/\/pbx\.example\.com\/api\/uapi\/phoneCalls\/…/,
    ],
    ['no answer at all', [plain('time-out')], /^Every request was answered with no complete/],
    [
      'a refused control',
      [plain('403 access_denied'), asExpected],
      'A valid transfer, transfer/plain, was answered 403 access_denied: may the user of CONFORMANCE_TOKEN transfer this call?',
    ],
    [
      'a control that proves nothing',
      [plain('400 own_unknown', { verdict: 'unreached', reason: 'the call is not live' }), asExpected],
      'A valid transfer, transfer/plain, was answered 400 own_unknown: the call is not live.',
    ],
    [
      'valid transfers that are refused after the first',
      [accepted, ...again],
      /^4 valid transfers were answered 400 own_party, after another was accepted.*--calls/,
    ],
    [
      'a failure now and then',
      [{ ...accepted, exchanges: Array.from({ length: 20 }, () => answered(200)) }, gateway('200'), gateway('400')],
      /^2 of 22 requests were answered 504, valid and invalid ones alike/,
    ],
    ['none: three of them', [accepted, ...again.slice(1)], undefined],
    ['none: no transfer was accepted', again, undefined],
    ['none: calls need not be readable', [reading, { ...asExpected, control: reading.id }], undefined],
    ['none: the control was accepted', [accepted, asExpected, makeAnswered('a', '200')], undefined],
    ['none: refusals are as expected', [makeAnswered('a', '401 access_denied', { checks: isJson })], undefined],
    ['none: the server is right', [plain('401')], undefined, 'conforming'],
  ])('is %s', (_, cases, cause, verdict = 'not conforming') => {
    const found = findOverallCause(makeReport({ verdict, requirements: [], cases }, sampleRun));
    expect(found ?? 'none').toMatch(cause ?? /^none$/);
  });
});
