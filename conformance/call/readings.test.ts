import { describe, expect, test } from 'vitest';
import { receivedBody } from '../target/body.ts';
import type { Exchange } from '../target/exchange.ts';
import { leftBy, parseReading, presentParties, shows } from './readings.ts';

const view = (...destination: string[]) => ({ id: '01', destination });
const call = { id: 'b817', phoneCallView: [view('0003*024')] };
const unknown = { error: { code: 'pc_phoncall_invalid', message: 'no' } };

function answer(status: number, body: unknown): Exchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = { method: 'GET', path: '/uapi/phoneCalls/12/0003*210/b817', headers: {}, body: undefined };
  const response = { status, headers: {}, body: receivedBody(Buffer.from(text)), duration: 1 };
  return { request, response, failure: undefined };
}

const read = (exchange: Exchange) => parseReading(exchange, 'b817', ['400 pc_phoncall_invalid']);

describe('a call is where', () => {
  test.each<[string, unknown, string[]]>([
    ['its view shows it', call, ['0003*024']],
    ['the entry of a list shows it', { entry: [call] }, ['0003*024']],
    ['its own entry shows it, of several', { entry: [{ id: 'c4d9', phoneCallView: [view('1')] }, call] }, ['0003*024']],
    ['all of its views show it', { ...call, phoneCallView: [view('1', '2'), view('3')] }, ['1', '2', '3']],
    ['a number that is no text shows it', { ...call, phoneCallView: [{ destination: [1] }] }, ['1']],
    ['a single number shows it', { ...call, phoneCallView: [{ destination: '1' }] }, ['1']],
    ['no view shows it', { ...call, phoneCallView: [] }, []],
    ['a view shows nothing', { ...call, phoneCallView: [{ id: '01' }, null, view('1')] }, ['1']],
  ])('%s', (_, body, destinations) => {
    expect(read(answer(200, body))).toMatchObject({ outcome: 'read', destinations });
  });
});

test('of more destinations, and longer ones, than any call has, a part is kept', () => {
  const many = Array.from({ length: 500 }, (_, index) => String(index));
  const { destinations } = read(answer(200, { ...call, phoneCallView: [view('9'.repeat(1_000_000), ...many)] }));
  expect(destinations).toHaveLength(20);
  expect(JSON.stringify(destinations).length).toBeLessThan(1000);
});

describe('where a call is cannot be told from', () => {
  const unshown = '200, without the call and its views';

  test.each<[string, Exchange, string, string]>([
    ['another call', answer(200, { ...call, id: 'c4d9' }), 'failed', unshown],
    ['a call without views', answer(200, { id: 'b817' }), 'failed', unshown],
    ['an empty list', answer(200, { entry: [] }), 'failed', unshown],
    ['no JSON', answer(200, '<h1>'), 'failed', unshown],
    ['no content', answer(204, ''), 'unknown', '204'],
    ['a call that is gone', answer(410, ''), 'unknown', '410'],
    ['a failure of the server', answer(500, ''), 'failed', '500, without the call and its views'],
    ['the code of no existing call', answer(400, unknown), 'unknown', '400 pc_phoncall_invalid'],
    ['that code with a status that says more', answer(404, unknown), 'unsupported', '404 pc_phoncall_invalid'],
    ['an operation that is not offered', answer(501, { error: { code: 'own' } }), 'unsupported', '501 own'],
    ['a token that may not', answer(403, ''), 'unsupported', '403'],
  ])('%s', (_, exchange, outcome, came) => {
    const description = `reading the call was answered with ${came}`;
    expect(read(exchange)).toEqual({ outcome, sources: [], destinations: [], description });
  });

  test('no answer', () => {
    const failure = { kind: 'closed', message: 'The connection was closed' } as const;
    const exchange = { ...answer(200, call), response: undefined };
    expect(read({ ...exchange, failure })).toMatchObject({ outcome: 'failed', description: failure.message });
    expect(read(exchange)).toMatchObject({ outcome: 'failed', description: 'no answer' });
  });

  test('what says that there is no call, where it was shown before', () => {
    const again = (exchange: Exchange) => parseReading(exchange, 'b817', [], true).outcome;
    expect(again(answer(404, unknown))).toBe('unknown');
    expect(again(answer(200, { entry: [] }))).toBe('unknown');
    expect(again(answer(403, ''))).toBe('unsupported');
    expect(again(answer(500, ''))).toBe('failed');
  });

  test('a code, where the contract binds none to calls that do not exist', () => {
    expect(parseReading(answer(400, unknown), 'b817', []).outcome).toBe('failed');
  });
});

test.each([
  ['3235742879', '3235742879', true],
  ['+13235742879', '13235742879', true],
  ['3235742879', '+13235742879', true],
  ['+13235742879', '3235742879', true],
  ['3235742879', '+00003235742879', false],
  ['3235742879', '13235742879', false],
  ['3235742879', '235742879', false],
  ['0003*024', '0003*212', false],
  ['0003*024', '+10003*024', false],
  ['210', '+1210', false],
])('a number sent as %s and shown as %s is the same: %s', (number, party, isSame) => {
  const reading = { outcome: 'read', sources: ['0003*210'], destinations: [party], description: '' } as const;
  expect(shows(reading, number)).toBe(isSame);
});

describe('the next transfer names', () => {
  const isNumber = (text: string) => /^\+?[0-9*]+$/.test(text);
  const left = { from: '0003*024', number: '0003*210' };
  const shown = (sources: string[], destinations: string[]) =>
    ({ outcome: 'read', sources, destinations, description: '' }) as const;

  test.each<[string, ReturnType<typeof shown>, typeof left]>([
    ['the parties that were named, where the call shows them', shown(['0003*210'], ['0003*024']), left],
    ['them where the caller transfers', shown(['0003*024'], ['0003*210']), left],
    ['who came, where the other has left', shown(['0003*210'], ['3235742879']), { ...left, from: '3235742879' }],
    ['who came, where the one that stayed has left', shown(['0003*024'], ['1']), { from: '0003*024', number: '1' }],
    ['both as the call shows them, where both are others', shown(['210'], ['024']), { from: '024', number: '210' }],
    ['a number as it is shown, without its plus sign', shown(['0003*210', '1'], ['1']), { ...left, from: '1' }],
    ['those that were left, where the call shows one only', shown([], ['3235742879']), left],
    ['those that were left, where the call shows no numbers', shown(['Anonymous'], ['sip:1']), left],
  ])('%s', (_, reading, expected) => {
    expect(presentParties(left, reading, isNumber)).toEqual(expected);
  });

  test('whom a success left, where the call cannot be read', () => {
    const transfer = (body: object, status = 200): Exchange => {
      const exchange = answer(status, {});
      return { ...exchange, request: { ...exchange.request, method: 'PUT', body: JSON.stringify(body) } };
    };
    const named = { sendCallTo: '1', transferFromNumber: '0003*024', transferNumber: '0003*210' };
    const { transferNumber: _, ...unnamed } = named;
    const swapped = { sendCallTo: '1', transferFromNumber: '0003*210' };
    expect(leftBy(transfer(named), left)).toEqual({ from: '1', number: '0003*210' });
    expect(leftBy(transfer(unnamed), left)).toEqual({ from: '1', number: '0003*210' });
    expect(leftBy(transfer(swapped), left)).toEqual({ from: '1', number: '0003*024' });
    expect(leftBy(transfer(named, 400), left)).toBeUndefined();
  });
});
