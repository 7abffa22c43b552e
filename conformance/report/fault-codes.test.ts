import { expect, test } from 'vitest';
import { readRequirements } from '../contract/requirements.ts';
import type { CaseViolation } from '../run/result.ts';
import type { Exchange, FailureKind } from '../target/exchange.ts';
import { aboutSchemas, faultCodesOf } from './fault-codes.ts';

const request = { method: 'PUT', path: '/', headers: {}, body: '{}' };
const body = { length: 2, text: '{}', json: undefined, problem: undefined };

const answered = (status: number): Exchange => ({
  request,
  response: { status, headers: {}, body, duration: 1 },
  failure: undefined,
});
const failed = (kind: FailureKind): Exchange => ({ request, response: undefined, failure: { kind, message: kind } });
const status = (expected: string): CaseViolation => ({ at: 'status', expected, actual: 'another' });
const at = (place: string): CaseViolation => ({ at: place, expected: 'this', actual: 'that' });

test.each<[string, string, CaseViolation, Exchange, number[]]>([
  ['a failing server', 'body/action', status('400'), answered(500), [100]],
  ['a gateway that fails', 'success/status', status('200, 202, 204'), answered(502), [121]],
  ['a 501', 'success/status', status('200, 202, 204'), answered(501), [205]],
  ['no answer in time', 'http/message', at('message'), failed('time-out'), [312]],
  ['a connection that is closed', 'http/message', at('message'), failed('closed'), []],
  ['a 204 with a body', 'success/no-content', at('header content-length'), answered(204), [105]],
  ['a refusal that moves the call', 'effects/refusal-moves-nothing', at('call 1'), answered(400), [114]],
  ['a body against its schema', 'success/phone-call', at('/id'), answered(200), [200]],
  ['an error of another type', 'errors/media-type', at('header content-type'), answered(400), [200]],
  ['an undeclared success', 'success/status', status('200, 202, 204'), answered(201), [200]],
  ['invalid input that is accepted', 'body/new-property', status('400 new_invalid'), answered(200), [206]],
  ['valid input that is refused', 'path/user-me', status('200, 202, 204'), answered(400), [207]],
  ['a refusal with another status', 'body/action', status('400 pc_action_invalid'), answered(422), []],
  ['a transfer without a token', 'authorization/token-missing', status('401, or 403'), answered(200), [308, 311]],
  ['a transfer with a wrong token', 'authorization/token-invalid', status('401, or 403'), answered(200), [311]],
  ['a failing server with no JSON', 'errors/body', at('body'), answered(500), [100, 200]],
])('%s', (_, requirement, violation, exchange, codes) => {
  expect(faultCodesOf(requirement, [violation], { exchanges: [exchange] })).toEqual(codes);
});

test('each violation is seen in its own exchange, and each code told once', () => {
  const violations = [status('400'), { ...status('400'), exchange: 1 }, { ...status('400'), exchange: 2 }];
  const exchanges = [answered(500), answered(200), answered(200)];
  expect(faultCodesOf('body/action', violations, { exchanges })).toEqual([100, 206]);
});

test('the register has each requirement that is named', () => {
  const named = [...aboutSchemas, 'success/no-content', 'effects/refusal-moves-nothing', 'authorization/token-missing'];
  expect(readRequirements().map(({ id }) => id)).toEqual(expect.arrayContaining(named));
});
