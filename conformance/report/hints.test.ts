import { describe, expect, test } from 'vitest';
import { findHint, findOverallCause, type Clue } from './hints.ts';
import type { CaseResult, Exchange, Verdict } from './model.ts';
import { makeReport } from './report.ts';
import { sampleCase, sampleExchange, sampleRun } from './testing/samples.ts';
import type { RequestDifference } from './request-differences.ts';

const request = { method: 'PUT', path: '/', headers: {}, body: '{}' };

function answered(status: number, text: string): Exchange {
  const body = { length: text.length, text, json: undefined, problem: undefined };
  return { request, response: { status, headers: {}, body, duration: 1 }, failure: undefined };
}

/** Returns the hint about an answer that is not the expected refusal, or that has other violations. */
function hint(exchange: Exchange, violations: Clue['violations'] = [refusal], ...differences: RequestDifference[]) {
  return findHint({ exchange, violations, differences, cases: [] }) ?? 'nothing';
}

const refusal = { at: 'status', expected: '400 own_code', actual: '200' };
const body = (sent: string | undefined): RequestDifference => ({ part: 'body/to', sent, control: '"1"' });

describe('a request that must be refused and is accepted', () => {
  test.each<[string, RequestDifference, RegExp]>([
    ['a line feed at the end', body('"1\\n"'), /\$.*\\z/],
    ['digits of another script', body('"\u0661"'), /\[0-9\]/],
    ['blanks around it', body('" 1"'), /trimmed/],
    ['null', body('null'), /null or empty/],
    ['a number', body('1'), /its type/],
    ['letters behind it', body('"1a"'), /anchor at both ends/],
    ['nothing in its place', body(undefined), /not required/],
    ['another token', { part: 'header authorization', sent: 'x', control: 'y' }, /token is not checked/],
    ['another path', { part: 'path', sent: 'x', control: 'y' }, /path is ignored/],
  ])('%s', (_, difference, expected) => {
    expect(hint(answered(200, ''), [refusal], difference)).toMatch(expected);
    // Where it is refused, though in another way than demanded, none of this is the cause.
    expect(hint(answered(409, ''), [{ ...refusal, actual: '409' }], difference)).not.toMatch(expected);
  });
});

describe('an answer that is not as expected', () => {
  test.each<[string, Exchange, Clue['violations'], RegExp]>([
    ['HTML', answered(400, '<!DOCTYPE html><h1>'), [{ at: 'body', expected: 'an error', actual: 'no JSON' }], /^HTML/],
    ['a redirect', answered(302, ''), [{ ...refusal, actual: '302' }], /Redirects/],
    ['what is not supported', answered(501, '{}'), [{ ...refusal, actual: '501' }], /does not support/],
    ['a byte order mark', answered(200, '\ufeff{}'), [{ at: 'body', expected: 'JSON', actual: 'no JSON' }], /\\ufeff/],
    ['an exception', answered(500, '{}'), [{ ...refusal, actual: '500' }], /exception/],
    ['a proxy', answered(502, ''), [{ ...refusal, actual: '502' }], /proxy/],
    ['another status', answered(422, '{}'), [{ ...refusal, actual: '422 own_code' }], /only the status/],
    ['no access', answered(401, '{}'), [{ at: 'status', expected: '200', actual: '401' }], /CONFORMANCE_TOKEN/],
    ['an empty body', answered(400, ''), [{ at: 'body', expected: 'an error', actual: 'nothing' }], /empty/],
    [
      'a code that stands elsewhere',
      answered(400, '{"code":"own_code"}'),
      [{ at: '/error/code', expected: '"own_code"', actual: 'nothing' }],
      /elsewhere/,
    ],
    [
      'a code in capitals',
      answered(400, '{"error":{"code":"OWN_CODE"}}'),
      [{ at: '/error/code', expected: '"other_code" or "own_code"', actual: '"OWN_CODE"' }],
      /capital/,
    ],
    [
      'another code',
      answered(400, '{"error":{"code":"other_code"}}'),
      [{ at: '/error/code', expected: '"own_code"', actual: '"other_code"' }],
      /another reason/,
    ],
    [
      'a call that does not move',
      answered(200, '{}'),
      [{ at: 'call', expected: 'a destination 1, within the time limit', actual: 'destination 2' }],
      /--effect-timeout/,
    ],
    ['a flat error', answered(400, '{"code":"x"}'), [{ at: '/error', expected: 'it', actual: 'nothing' }], /elsewhere/],
    [
      'a code of another status',
      answered(500, '{"error":{"code":"own_code"}}'),
      [{ at: '/error/code', expected: '"internal_error"', actual: '"own_code"' }],
      /does not go with the status/,
    ],
    [
      'another media type',
      answered(200, '{"id":"1"}'),
      [{ at: 'header content-type', expected: 'application/json', actual: '"text/html"' }],
      /only the header/,
    ],
    ['null', answered(200, '{}'), [{ at: '/link', expected: 'no member', actual: 'null' }], /left out/],
  ])('%s', (_, exchange, violations, expected) => {
    expect(hint(exchange, violations)).toMatch(expected);
  });

  test.each<[NonNullable<Exchange['failure']>['kind'], RegExp]>([
    ['time-out', /--timeout/],
    ['closed', /crashed/],
    ['malformed', /https/],
  ])('a connection: %s', (kind, expected) => {
    const exchange = { request, response: undefined, failure: { kind, message: '' } };
    expect(hint(exchange, [{ at: 'message', expected: 'a response', actual: kind }])).toMatch(expected);
  });
});

test('bytes that are left over are not taken for HTTPS where the port speaks HTTP', () => {
  const exchange = { request, failure: { kind: 'malformed', message: '' } } as const;
  const violations = [{ at: 'message', expected: 'a response', actual: 'malformed' }];
  const found = findHint({ exchange, violations, differences: [], cases: [sampleCase('pass')] });
  expect(found).toContain('left over');
});

test('a call that moved before a 401 is due to its authorization, and one that a reading shows to another request', () => {
  const violations = [{ at: 'call', expected: 'still destination 1', actual: 'destination 2' }];
  expect(hint(answered(401, '{}'), violations)).toContain('authorization');
  const reading = { ...answered(404, '{}'), request: { ...request, method: 'GET' } };
  expect(hint(reading, violations)).toContain('another case');
});

test('there is none where nothing is recognised', () => {
  expect(hint(answered(409, '{}'), [{ ...refusal, actual: '409' }])).toBe('nothing');
});

/** Makes a case that must be refused with 400. */
function makeAnswered(id: string, answer: string, changes: Partial<CaseResult> = {}): CaseResult {
  const violations = [{ at: 'status', expected: '400 own_code', actual: answer }];
  return sampleCase('fail', {
    id,
    requirement: 'body/to',
    control: 'transfer/plain',
    answers: [answer],
    checks: [{ check: 'is refused', requirement: 'body/to', outcome: 'violated', violations }],
    ...changes,
  });
}

function cause(cases: CaseResult[], verdict: Verdict = 'not conforming'): string | undefined {
  return findOverallCause(makeReport({ verdict, requirements: [], cases }, sampleRun));
}

describe('one answer to every request', () => {
  test.each([
    ['401 access_denied', 'Every request was answered 401: is CONFORMANCE_TOKEN right, and not expired?'],
    ['404 own_unknown', 'Every request was answered 404: do --user, --extension and --call name a live call?'],
  ])('%s', (answer, expected) => {
    expect(cause([makeAnswered('transfer/plain', answer), makeAnswered('body/to/null', answer)])).toBe(expected);
  });

  test('404 without a code: the path', () => {
    const told = cause([makeAnswered('transfer/plain', '404'), makeAnswered('body/to/null', '404')]);
    expect(told).toContain('Every request was answered 404: is the path of the URL right?');
    expect(told).toContain('https://pbx.example.com/api/uapi/phoneCalls/…');
  });

  test('none at all', () => {
    expect(cause([makeAnswered('transfer/plain', 'time-out')])).toContain(
      'Every request was answered with no complete',
    );
  });
});

describe('answers that differ', () => {
  const refused = makeAnswered('body/to/null', '400 own_code', { checks: [], verdict: 'pass' });

  test('tell of the control that was refused', () => {
    expect(cause([makeAnswered('transfer/plain', '403 access_denied', { control: undefined }), refused])).toBe(
      'A valid transfer, transfer/plain, was answered 403 access_denied: may the user of CONFORMANCE_TOKEN transfer this call?',
    );
  });

  test('tell nothing of a reading that was refused, since calls need not be readable', () => {
    const reading = { ...sampleExchange, request: { ...sampleExchange.request, method: 'GET' } };
    const control = makeAnswered('reading/plain', '501', { control: undefined, exchanges: [reading] });
    const bound = { ...refused, control: control.id };
    expect(cause([control, bound])).toBeUndefined();
  });

  test('tell why the control proves nothing, where the run knows it', () => {
    const control = { control: undefined, verdict: 'unreached', reason: 'the call is not live' } as const;
    expect(cause([makeAnswered('transfer/plain', '400 own_unknown', control), refused])).toBe(
      'A valid transfer, transfer/plain, was answered 400 own_unknown: the call is not live.',
    );
  });

  test('tell of the call that the first transfer changed, where valid ones are refused after it', () => {
    const accepted = makeAnswered('transfer/plain', '200', { control: undefined, accepted: true, checks: [] });
    const violations = [{ at: 'status', expected: '200', actual: '400 own_party' }];
    const again = Array.from({ length: 4 }, (_, index) =>
      makeAnswered(`transfer/${index}`, '400 own_party', {
        checks: [{ check: 'is accepted', requirement: 'transfer', outcome: 'violated', violations }],
      }),
    );
    const told = '4 valid transfers were answered 400 own_party, after another was accepted';
    expect(cause([accepted, ...again])).toMatch(new RegExp(`^${told}.*--calls`));
    expect(cause([accepted, ...again.slice(1)])).toBeUndefined();
    expect(cause(again)).toBeUndefined();
  });

  test('tell nothing where the control was accepted', () => {
    const control = makeAnswered('transfer/plain', '200', { control: undefined, accepted: true, checks: [] });
    expect(cause([control, refused, makeAnswered('body/to/number', '200')])).toBeUndefined();
  });
});

test('a server that is right has no cause of failure, whatever it answers', () => {
  expect(cause([makeAnswered('transfer/plain', '401')], 'conforming')).toBeUndefined();
});

test('refusals that are as expected are not the cause of what else is broken in them', () => {
  const violations = [{ at: '/error/message', expected: 'a text', actual: 'nothing' }];
  const checks = [{ check: 'is JSON', requirement: 'errors/body', outcome: 'violated', violations }] as const;
  expect(cause([makeAnswered('authorization/missing', '401 access_denied', { checks })])).toBeUndefined();
});
