import { describe, expect, test } from 'vitest';
import type { SentRequest } from './model.ts';
import { describeDifference, leastDifferences, requestDifferences } from './request-differences.ts';

const control: SentRequest = {
  method: 'PUT',
  path: '/uapi/phoneCalls/12/0003*210/b817',
  headers: { authorization: 'Bearer $CONFORMANCE_TOKEN', 'content-type': 'application/json', accept: '*/*' },
  body: '{"action":"Transfer","sendCallTo":"3235742879"}',
};

const differences = (changes: Partial<SentRequest>) =>
  requestDifferences({ ...control, ...changes }, control).map(describeDifference);

test('the same request differs in nothing', () => {
  expect(differences({ headers: { ...control.headers, accept: 'text/html', 'accept-encoding': 'br' } })).toEqual([]);
});

test.each<[string, Partial<SentRequest>, string]>([
  [
    'a member with a line feed',
    { body: '{"action":"Transfer","sendCallTo":"3235742879\\n"}' },
    'with "sendCallTo": "3235742879\\n" in place of "3235742879"',
  ],
  [
    'a member in digits of another script',
    { body: '{"action":"Transfer","sendCallTo":"\u0663"}' },
    'with "sendCallTo": "\\u0663" in place of "3235742879"',
  ],
  ['a member that is left out', { body: '{"action":"Transfer"}' }, 'without "sendCallTo"'],
  [
    'a member that is null',
    { body: '{"action":null,"sendCallTo":"3235742879"}' },
    'with "action": null in place of "Transfer"',
  ],
  ['a member more', { body: `${control.body?.slice(0, -1)},"x":1}` }, 'with "x": 1'],
  ['no body', { body: undefined }, 'without a body'],
  ['an empty body', { body: '' }, 'with an empty body'],
  ['a body that is not JSON', { body: '{"action"' }, `with the body '{"action"'`],
  [
    'a member twice',
    { body: '{"action":"Transfer","action":"Transfer","sendCallTo":"3235742879"}' },
    `with the body '{"action":"Transfer","action":"Transfer","sendCallTo":"3235742879"}'`,
  ],
  ['a segment of the path', { path: '/uapi/phoneCalls/x/0003*210/b817' }, 'with x in place of 12 in the path'],
  [
    'a header',
    { headers: { ...control.headers, 'content-type': 'text/plain' } },
    'with content-type: text/plain in place of application/json',
  ],
  ['no header', { headers: { 'content-type': 'application/json' } }, 'without the header authorization'],
])('%s is named', (_, changes, expected) => {
  expect(differences(changes)).toEqual([expected]);
});

describe('what is too long', () => {
  test('is cut, with its length', () => {
    const body = JSON.stringify({ action: 'Transfer', sendCallTo: '3'.repeat(500) });
    expect(differences({ body })).toEqual([
      `with "sendCallTo": "${'3'.repeat(119)}… (502 characters) in place of "3235742879"`,
    ]);
  });

  test('is shown where it begins to differ, if it is not a JSON object', () => {
    const long = JSON.stringify({ action: 'Transfer', sendCallTo: '3'.repeat(500) });
    const request = { ...control, body: `${long.slice(0, -1)}, }` };
    const [difference = ''] = requestDifferences(request, { ...control, body: long }).map(describeDifference);
    expect(difference).toBe(`with the body …${'3'.repeat(29)}", } (539 characters, from 537 on another)`);
  });
});

describe('of several valid requests', () => {
  const sentTo = (number: string): SentRequest => ({
    ...control,
    body: JSON.stringify({ action: 'Transfer', sendCallTo: number }),
  });
  const request = { ...sentTo('2'), headers: {} };

  test('the one that is most like it is compared', () => {
    const parts = leastDifferences(request, [sentTo('1'), sentTo('2'), sentTo('3')]).map(({ part }) => part);
    expect(parts).toEqual(['header authorization', 'header content-type']);
  });

  test('none that reads is compared with one that transfers', () => {
    expect(leastDifferences({ ...request, method: 'GET' }, [sentTo('1')])).toEqual([]);
  });
});
