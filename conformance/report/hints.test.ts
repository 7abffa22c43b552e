import { describe, expect, test } from 'vitest';
import type { Exchange } from './model.ts';
import { findHint, type Clue } from './hints.ts';
import type { RequestDifference } from './request-differences.ts';

const request = { method: 'PUT', path: '/', headers: {}, body: '{}' };

function answered(status: number, text: string): Exchange {
  const body = { length: text.length, text, json: undefined, problem: undefined };
  return { request, response: { status, headers: {}, body, duration: 1 }, failure: undefined };
}

/** What is told of an answer whose status should have been a refusal, or of the violations. */
function hint(exchange: Exchange, violations: Clue['violations'] = [refusal], ...differences: RequestDifference[]) {
  return findHint({ exchange, violations, differences }) ?? 'nothing';
}

const refusal = { at: 'status', expected: '400 own_code', actual: '200' };
const body = (sent: string | undefined): RequestDifference => ({ part: 'body/to', sent, control: '"1"' });

describe('a request that should be refused and is accepted', () => {
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
    // Where it is refused, though not as it should be, none of this is the cause.
    expect(hint(answered(409, ''), [{ ...refusal, actual: '409' }], difference)).not.toMatch(expected);
  });
});

describe('an answer that is not as expected', () => {
  test.each<[string, Exchange, Clue['violations'], RegExp]>([
    ['HTML', answered(400, '<!DOCTYPE html><h1>'), [{ at: 'body', expected: 'an error', actual: 'no JSON' }], /^HTML/],
    ['a redirect', answered(302, ''), [{ ...refusal, actual: '302' }], /Redirects/],
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

test('there is none where nothing is recognised', () => {
  expect(hint(answered(409, '{}'), [{ ...refusal, actual: '409' }])).toBe('nothing');
});
