import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import { callPath, formatRefusal, send, transferBody, type Sent } from './testing/conversation.ts';
import { contractWith } from '../testing/edited-contract.ts';
import { startMock, type Mock } from './mock.ts';

const contract = readContract();
const { action: _, ...withoutAction } = transferBody;
const { sendCallTo: __, ...withoutSendCallTo } = transferBody;
const at = (user: string, extension: string, id: string): Sent => ({
  path: `/uapi/phoneCalls/${user}/${extension}/${id}`,
});
const id = 'b817d2618fe6f1804333';

/** Requests with several faults, and such as `npm run conformance` does not send to the mock. */
const refusals: Record<string, [string, Sent][]> = {
  '401 access_denied': [
    ['a token alone', { headers: { authorization: 'any-token' } }],
    ['every fault at once', { ...at('+', '+', '+'), body: {}, headers: { authorization: undefined } }],
  ],
  '400 user_invalid': [
    ['an unknown alias', at('@you', '0003*210', id)],
    ['dots', at('..', '0003*210', id)],
    ['every fault but authorization', { ...at('%zz', 'a', '-'), body: {} }],
  ],
  '400 extension_invalid': [
    ['an unknown alias', at('12', '@me', id)],
    ['bytes that are no UTF-8', at('12', '%ff', id)],
    ['an empty extension', at('12', '', id)],
    ['an invalid body too', { ...at('12', '1', 'x'), body: {} }],
  ],
  '400 pc_phoncall_invalid': [
    ['a call of another extension', at('12', '0003*211', id)],
    ['an empty id', at('12', '0003*210', '/')],
    ['an invalid body too', { ...at('12', '0003*210', 'x'), body: {} }],
    ['reading', { ...at('12', '0003*210', 'x'), method: 'GET' }],
  ],
  '400 pc_sendcallto_invalid': [
    ['invalid properties after it', { body: { ...withoutSendCallTo, transferFromNumber: 1, transferNumber: 1 } }],
    ['no action either', { body: { transferFromNumber: '1' } }],
    ['more than one value', { body: Buffer.from('{}{}') }],
    ['bytes that are no UTF-8', { body: Buffer.from('{"action":"Transfer\xFF"}', 'latin1') }],
    ['deep nesting', { body: Buffer.from('['.repeat(200_000) + ']'.repeat(200_000)) }],
    ['a deep sendCallTo', { body: Buffer.from(`{"sendCallTo":${'['.repeat(200_000)}${']'.repeat(200_000)}}`) }],
    ['a property of the prototype', { body: Buffer.from('{"__proto__":{"action":"Transfer","sendCallTo":"1"}}') }],
    ['no media type at all', { headers: { 'content-type': 'json' } }],
    ['a coding', { headers: { 'content-encoding': 'gzip' } }],
  ],
  '501 request_not_implemented': [
    ['another action with nothing else', { body: { action: 'Park' } }],
    ['no action', { body: withoutAction }],
    ['an unknown path', { path: '/uapi/phoneCalls' }],
    ['a longer path', { path: `${callPath}/more` }],
    ['another method', { method: 'PROPFIND' }],
  ],
};

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ contract });
});
afterAll(() => mock.close());

describe.each(Object.entries(refusals))('%s answers', (code, sent) => {
  test.each(sent)('%s', async (_, request) => {
    expect(formatRefusal(await send(mock.url, request))).toBe(code);
  });
});

test.each([
  ['a media type given twice', { headers: { 'content-type': ['application/json', 'application/json'] } }],
  [
    'members that mean nothing',
    { body: Buffer.from(JSON.stringify({ ...transferBody, x: 1 }).replace('x', '__proto__')) },
  ],
  ['a wish that is none', { headers: { accept: ';;q' } }],
  ['an undocumented header', { headers: { 'x-http-method-override': 'DELETE', expect: undefined } }],
] satisfies [string, Sent][])('%s is accepted', async (_, sent) => {
  const answer = await send(mock.url, sent);
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
});

test('a read with a body is a read', async () => {
  expect((await send(mock.url, { method: 'GET', body: transferBody })).status).toBe(200);
});

test('only the tokens of the options are accepted', async () => {
  const strict = await startMock({ contract, tokens: ['one', 'two', 'invalid-token'] });
  const status = async (token: string) =>
    (await send(strict.url, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await Promise.all(['one', 'two', 'three', 'invalid-token'].map(status))).toEqual([200, 200, 401, 401]);
  await strict.close();
});

const uncoded = { type: 'string', 'x-error-code': 'caller_name_invalid' };

test.each([
  ['/components/schemas/PhoneCallAction/properties/callerName', uncoded, /caller_name_invalid.*add one/],
  ['/components/parameters/UserId/x-error-code', undefined, 'userId: add x-error-code'],
  ['/components/requestBodies/Transfer/x-error-code', undefined, 'the request body: add x-error-code'],
  ['/components/responses/NotImplemented/content', {}, 'status 501'],
  ['/components/responses/ServerFailed/content', {}, 'status 500'],
  ['/components/responses/PhoneCallDetails/content', {}, 'show no call'],
])('a contract that lacks what the mock needs at %s is refused', async (pointer, value, expected) => {
  await expect(startMock({ contract: contractWith({ [pointer]: value }) })).rejects.toThrow(expected);
});
