import { describe, expect, test } from 'vitest';
import { allCases } from './cases.ts';
import type { Case } from './case.ts';
import {
  controlTransfer,
  encodeReserved,
  planReading,
  serialise,
  withBody,
  withPath,
  type RequestPlan,
} from './plan.ts';
import { createSuite } from './suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { exampleFixture } from '../call/fixture.ts';
import { disagreement, requestInspector } from './soundness.ts';

const suite = createSuite(readContract(), readRequirements());
const fixture = exampleFixture(suite.contract);
const control = controlTransfer(suite, fixture, '3235742879');
const inspect = requestInspector(suite);
const token = 't0ken';

function brokenIn(plan: RequestPlan, basePath = ''): string[] {
  return inspect(serialise(plan, basePath, token), basePath, token);
}

describe('an inspector finds', () => {
  test.each<[string, RequestPlan, string[]]>([
    ['nothing in a valid transfer', control, []],
    [
      'nothing in one that is encoded, with a slash at its end',
      { ...control, encode: encodeReserved, trailingSlash: true },
      [],
    ],
    ['nothing in reading the call', planReading(control), []],
    ['nothing in aliases', withPath(control, { userId: '@me', extension: '@self' }), []],
    ['nothing in a property that is left out and not required', withBody(control, { transferNumber: undefined }), []],
    ['nothing in a property that the contract does not name', withBody(control, { phoneCallViewId: '01' }), []],
    [
      'a media type with its charset to be the documented one',
      { ...control, contentType: 'application/json; charset=utf-8' },
      [],
    ],
    ['a property that is missing', withBody(control, { sendCallTo: undefined }), ['body/sendCallTo']],
    ['a property that is null', withBody(control, { transferNumber: null }), ['body/transferNumber']],
    ['a line break at the end of a number', withBody(control, { sendCallTo: '3235742879\n' }), ['body/sendCallTo']],
    ['another action', withBody(control, { action: 'Park' }), ['body/action']],
    [
      'several faults',
      withBody(withPath(control, { phoneCallId: 'b-8' }), { sendCallTo: '', action: 1 }),
      ['path/phoneCallId', 'body/action', 'body/sendCallTo'],
    ],
    ['a segment that cannot be decoded', { ...control, rawSuffix: { phoneCallId: '%zz' } }, ['path/phoneCallId']],
    ['an invalid segment of a request that reads', planReading(withPath(control, { userId: 'a b' })), ['path/userId']],
    ['no token', { ...control, authorization: () => undefined }, ['authorization']],
    ['another token', { ...control, authorization: (own) => `Bearer ${own}x` }, ['authorization']],
    ['another media type', { ...control, contentType: 'text/plain' }, ['media type']],
    ['no media type', { ...control, contentType: undefined }, ['media type']],
    ['no body', { ...control, body: { kind: 'none' } }, ['body']],
    ['a body that is no JSON', { ...control, body: { kind: 'text', text: '{' } }, ['body']],
    ['a body that is no object', { ...control, body: { kind: 'json', value: [] } }, ['body']],
  ])('%s', (_, plan, broken) => {
    expect(brokenIn(plan)).toEqual(broken);
    expect(brokenIn(plan, '/api/v1')).toEqual(broken);
  });
});

describe('every case', () => {
  const problems = ({ breaks, send }: Case) =>
    send(control, fixture).flatMap((plan) => disagreement(breaks, brokenIn(plan)) ?? []);

  test('breaks what it says, and nothing else', () => {
    const unsound = allCases(suite, fixture).filter((testCase) => problems(testCase).length > 0);
    expect(unsound.map(({ id }) => id)).toEqual([]);
  });

  test('that has become valid is found', () => {
    const negative = allCases(suite, fixture).find(({ id }) => id === 'body/sendCallTo/letter-end');
    expect(negative && problems({ ...negative, send: () => [control] })).toEqual([
      'body/sendCallTo must break the contract but does not',
    ]);
  });

  test('that was valid and is broken is found', () => {
    const positive = allCases(suite, fixture).find(({ id }) => id === 'transfer/plain');
    const broken = withBody(control, { transferFromNumber: 'x' });
    expect(positive && problems({ ...positive, send: () => [broken] })).toEqual([
      'body/transferFromNumber breaks the contract but must not',
    ]);
  });
});

test.each([
  [[], [], undefined],
  [['a', 'b'], ['b', 'a'], undefined],
  [['a'], [], 'a must break the contract but does not'],
  [[], ['a'], 'a breaks the contract but must not'],
  [['a', 'b'], ['b', 'c'], 'a must break the contract but does not; c breaks the contract but must not'],
])('of %j expected and %j found it says %s', (expected, found, problem) => {
  expect(disagreement(expected, found)).toBe(problem);
});
