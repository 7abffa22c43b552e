import { expect, test } from 'vitest';
import type { CaseResult, SentRequest } from './model.ts';
import { findDifferences, summarizeDifferences } from './request-differences.ts';
import { sampleCase } from './testing/samples.ts';
import { visible } from './texts.ts';

const control: SentRequest = {
  method: 'PUT',
  path: '/uapi/phoneCalls/12/0003*210/b817',
  headers: { authorization: 'Bearer $CONFORMANCE_TOKEN', 'content-type': 'application/json', accept: '*/*' },
  body: '{"action":"Transfer","sendCallTo":"3235742879"}',
};
const long = JSON.stringify({ action: 'Transfer', sendCallTo: '3'.repeat(500) });
const members = (sendCallTo: string) => ({ body: `{"action":"Transfer","sendCallTo":${sendCallTo}}` });
const twice = '{"action":"Transfer","action":"Transfer","sendCallTo":"3235742879"}';
const headers = (more: Record<string, string>) => ({ headers: { ...control.headers, ...more } });

const makeCase = (request: SentRequest, members: Partial<CaseResult>) =>
  sampleCase('pass', { exchanges: [{ request }], ...members });

test.each<[change: Partial<SentRequest>, words: string[], from?: Partial<SentRequest>]>([
  [headers({ accept: 'text/html', 'accept-encoding': 'br' }), []],
  [members('"3235742879\\n"'), ['with "sendCallTo": "3235742879\\n" in place of "3235742879"']],
  [members('"\u0663"'), ['with "sendCallTo": "\\u0663" in place of "3235742879"']],
  [{ body: '{"action":"Transfer"}' }, ['without "sendCallTo"']],
  [{ body: '{"action":null,"sendCallTo":"3235742879"}' }, ['with "action": null in place of "Transfer"']],
  [{ body: `${control.body?.slice(0, -1)},"x":1}` }, ['with "x": 1']],
  [{ body: undefined }, ['without a body']],
  [{ body: '' }, ['with an empty body']],
  [{ body: `\n${control.body}` }, ['with the same body, written in another way']],
  [{ body: '{"action"' }, [`with the body '{"action"'`]],
  [{ body: twice }, [`with the body '${twice}'`]],
  [{ path: '/uapi/phoneCalls/x/0003*210/b817' }, ['with x in place of 12 in the path']],
  [headers({ 'content-type': 'text/plain' }), ['with content-type: text/plain in place of application/json']],
  [{ headers: { 'content-type': 'application/json' } }, ['without the header authorization']],
  [{ body: long }, [`with "sendCallTo": "${'3'.repeat(119)}… (502 characters) in place of "3235742879"`]],
  [
    { body: `${long.slice(0, -1)}, }` },
    [`with the body …${'3'.repeat(29)}", } (539 characters, from 537 on another)`],
    { body: long },
  ],
])('a request is told by its difference: %j', (change, words, from = {}) => {
  const accepted = makeCase({ ...control, ...from }, { accepted: true });
  const refused = makeCase({ ...control, ...change }, { control: 'another' });
  const differences = findDifferences(refused, 0, [accepted]);
  const sentence = words.length === 0 ? undefined : `a valid transfer, but ${words.join(', and ')}`;
  expect(summarizeDifferences(refused, 0, differences)).toBe(sentence);
});

test('of several valid requests of its method the one that is most like it is compared', () => {
  const bodies = [twice, ...['"1"', '"2"', '"3"'].map((number) => members(number).body)];
  const accepted = bodies.map((body) => makeCase({ ...control, body }, { accepted: true }));
  const request = { ...control, ...members('"2"'), headers: {} };
  const partsOf = (sent: SentRequest) =>
    findDifferences(makeCase(sent, { control: 'another' }), 0, accepted).map(({ part }) => part);
  expect(partsOf(request)).toEqual(['header authorization', 'header content-type']);
  expect(partsOf({ ...request, method: 'GET' })).toEqual([]);
  expect(partsOf({ ...control, body: '{"action":null}' })).toEqual(['body/action', 'body/sendCallTo']);
});

test.each([
  ['\u001b[31mred', '\\u001b[31mred'],
  ['\u009b2J \u001b]8;;http://h\u0007text', '\\u009b2J \\u001b]8;;http://h\\u0007text'],
  ['\u202e"x"\u2066', '\\u202e"x"\\u2066'],
  ['one\r\ntwo\u2028three\u0085\ta\b\u007f', 'one\\r\\ntwo\\u2028three\\u0085\\ta\\u0008\\u007f'],
  ['\u0660\u0661 a\u200bb\u00a0c', '\\u0660\\u0661 a\\u200bb\\u00a0c'],
  ['\u{1f600} \ud83d', '\\ud83d\\ude00 \\ud83d'],
  [' !"#$%&\'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~', ' !"#$%&\'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~'],
])('%j is seen as it was sent', (text, seen) => {
  expect(visible(text)).toBe(seen);
});
