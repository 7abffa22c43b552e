import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseContract, readContract } from '../contract/contract.ts';
import type { JsonObject } from '../contract/json.ts';
import { changeDocument, callPath, formatRefusal, send, transferBody, type Sent } from './conversation.ts';
import { startMock, type Mock } from './mock.ts';

const contract = readContract();
const { action: _, ...withoutAction } = transferBody;
const { sendCallTo: __, ...withoutSendCallTo } = transferBody;
const { transferFromNumber: ___, ...withoutTransferFromNumber } = transferBody;
const at = (user: string, extension: string, id: string): Sent => ({
  path: `/uapi/phoneCalls/${user}/${extension}/${id}`,
});
const id = 'b817d2618fe6f1804333';

const refusals: Record<string, [string, Sent][]> = {
  '401 access_denied': [
    ['no authorization', { headers: { authorization: undefined } }],
    ['an empty one', { headers: { authorization: '' } }],
    ['a scheme without a token', { headers: { authorization: 'Bearer ' } }],
    ['another scheme', { headers: { authorization: 'Basic dXNlcjpwYXNz' } }],
    ['a token alone', { headers: { authorization: 'any-token' } }],
    ['a token that the contract refuses', { headers: { authorization: 'Bearer invalid-token' } }],
    ['every fault at once', { ...at('+', '+', '+'), body: {}, headers: { authorization: undefined } }],
  ],
  '400 user_invalid': [
    ['a malformed user', at('a%20b', '0003*210', id)],
    ['an unknown user', at('13', '0003*210', id)],
    ['an unknown alias', at('@you', '0003*210', id)],
    ['malformed encoding', at('%zz', '0003*210', id)],
    ['an empty user', at('', '0003*210', id)],
    ['dots', at('..', '0003*210', id)],
    ['every fault but authorization', { ...at('%zz', 'a', '-'), body: {} }],
  ],
  '400 extension_invalid': [
    ['a malformed extension', at('12', 'a', id)],
    ['an unknown extension', at('12', '0003*999', id)],
    ['an unknown alias', at('12', '@me', id)],
    ['bytes that are no UTF-8', at('12', '%ff', id)],
    ['an empty extension', at('12', '', id)],
    ['an invalid body too', { ...at('12', '1', 'x'), body: {} }],
  ],
  '400 pc_phoncall_invalid': [
    ['a malformed id', at('12', '0003*210', 'b817-d261')],
    ['a list', at('12', '0003*210', 'a,b')],
    ['a slash in the id', at('12', '0003*210', 'a%2Fb')],
    ['a newline at its end', at('12', '0003*210', `${id}%0A`)],
    ['an unknown id', at('@me', '@self', '00000000000000000000')],
    ['another case', at('12', '0003*210', id.toUpperCase())],
    ['a call of another extension', at('12', '0003*211', id)],
    ['an empty id', at('12', '0003*210', '/')],
    ['a dot', at('12', '0003*210', '.')],
    ['an invalid body too', { ...at('12', '0003*210', 'x'), body: {} }],
    ['reading', { ...at('12', '0003*210', 'x'), method: 'GET' }],
  ],
  '400 pc_sendcallto_invalid': [
    ['nothing in the body', { body: {} }],
    ['sendCallTo left out', { body: withoutSendCallTo }],
    ['null', { body: { ...transferBody, sendCallTo: null } }],
    ['a number', { body: { ...transferBody, sendCallTo: 3235742879 } }],
    ['a newline at the end', { body: { ...transferBody, sendCallTo: '3235742879\n' } }],
    ['other digits', { body: { ...transferBody, sendCallTo: '٣٢٣٥' } }],
    ['invalid properties after it', { body: { ...withoutSendCallTo, transferFromNumber: 1, transferNumber: 1 } }],
    ['no action either', { body: { transferFromNumber: '1' } }],
    ['no body', { body: undefined as never }],
    ['an empty body', { body: Buffer.from('') }],
    ['malformed JSON', { body: Buffer.from('{"action":') }],
    ['more than one value', { body: Buffer.from('{}{}') }],
    ['bytes that are no UTF-8', { body: Buffer.from('{"action":"Transfer\xFF"}', 'latin1') }],
    ['a list', { body: [transferBody] }],
    ['null for a body', { body: null }],
    ['false', { body: false }],
    ['a text', { body: '"Transfer"' }],
    ['deep nesting', { body: Buffer.from('['.repeat(200_000) + ']'.repeat(200_000)) }],
    ['a deep sendCallTo', { body: Buffer.from(`{"sendCallTo":${'['.repeat(200_000)}${']'.repeat(200_000)}}`) }],
    ['a property of the prototype', { body: Buffer.from('{"__proto__":{"action":"Transfer","sendCallTo":"1"}}') }],
    ['another media type', { headers: { 'content-type': 'text/plain' } }],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['no media type at all', { headers: { 'content-type': 'json' } }],
    ['a coding', { headers: { 'content-encoding': 'gzip' } }],
  ],
  '400 pc_transfer_from_number_invalid': [
    ['transferFromNumber left out', { body: withoutTransferFromNumber }],
    ['letters', { body: { ...transferBody, transferFromNumber: 'abc' } }],
    ['an empty text', { body: { ...transferBody, transferFromNumber: '' } }],
  ],
  '400 pc_transfer_number_invalid': [
    ['letters in transferNumber', { body: { ...transferBody, transferNumber: 'abc' } }],
    ['null', { body: { ...transferBody, transferNumber: null } }],
  ],
  '501 request_not_implemented': [
    ['another action', { body: { ...transferBody, action: 'Park' } }],
    ['another action with nothing else', { body: { action: 'Park' } }],
    ['no action', { body: withoutAction }],
    ['an unknown path', { path: '/uapi/phoneCalls' }],
    ['the root', { path: '/' }],
    ['a longer path', { path: `${callPath}/more` }],
    ...['DELETE', 'POST', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'].map((method): [string, Sent] => [
      method,
      { method },
    ]),
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
  ['another case of the scheme', { headers: { authorization: 'bEARER any-token' } }],
  ['a media type with a parameter', { headers: { 'content-type': 'Application/JSON; charset=utf-8' } }],
  ['a media type given twice', { headers: { 'content-type': ['application/json', 'application/json'] } }],
  [
    'members that mean nothing',
    { body: Buffer.from(JSON.stringify({ ...transferBody, x: 1 }).replace('x', '__proto__')) },
  ],
  ['any other wish for a media type', { headers: { accept: 'text/html' } }],
  ['a wish that is none', { headers: { accept: ';;q' } }],
  ['an undocumented header', { headers: { 'x-http-method-override': 'DELETE', expect: undefined } }],
] satisfies [string, Sent][])('%s is accepted', async (_, sent) => {
  const answer = await send(mock.url, sent);
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
});

test('a read with a body is a read', async () => {
  expect((await send(mock.url, { method: 'GET', body: transferBody })).status).toBe(200);
});

test('a challenge goes with the refusal of a token', async () => {
  const answer = await send(mock.url, { headers: { authorization: undefined } });
  expect(answer.headers['www-authenticate']).toBe('bearer');
});

test('only the tokens of the options are accepted', async () => {
  const strict = await startMock({ contract, tokens: ['one', 'two', 'invalid-token'] });
  const status = async (token: string) =>
    (await send(strict.url, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await Promise.all(['one', 'two', 'three', 'invalid-token'].map(status))).toEqual([200, 200, 401, 401]);
  await strict.close();
});

describe('a contract with one more property', () => {
  const property = { callerName: { type: 'string', pattern: '^[A-Z]+$', 'x-error-code': 'caller_name_invalid' } };
  const example = {
    callerName: { value: { error: { code: 'caller_name_invalid', message: 'callerName is wrong.' } } },
  };
  const withProperty = changeDocument(contract.document, '/components/schemas/PhoneCallAction/properties', property);
  const refusedWith = (response: string): JsonObject =>
    changeDocument(withProperty, `/components/responses/${response}/content/application~1json/examples`, example);

  test.each([
    ['InvalidRequest', '400 caller_name_invalid'],
    ['ServerFailed', '500 caller_name_invalid'],
  ])('refuses what breaks it with the status of %s, which shows its code', async (response, expected) => {
    const extended = await startMock({ contract: parseContract(refusedWith(response)) });
    const broken = await send(extended.url, { body: { ...transferBody, callerName: 'jane' } });
    expect(formatRefusal(broken)).toBe(expected);
    expect((await send(extended.url, { body: { ...transferBody, callerName: 'JANE' } })).status).toBe(200);
    expect((await send(extended.url)).status).toBe(200);
    await extended.close();
  });

  test('cannot be served without an example of the code', async () => {
    const start = startMock({ contract: parseContract(withProperty) });
    await expect(start).rejects.toThrow(/caller_name_invalid.*add one/);
  });
});

test.each([
  ['/components/parameters/UserId', { 'x-error-code': null }, 'userId: add x-error-code'],
  ['/components/requestBodies/Transfer', { 'x-error-code': null }, 'the request body: add x-error-code'],
  ['/components/responses/NotImplemented', { content: {} }, 'status 501'],
  ['/components/responses/ServerFailed', { content: {} }, 'status 500'],
  ['/components/responses/PhoneCallDetails', { content: {} }, 'show no call'],
])('a contract that lacks what the mock needs at %s is refused', async (pointer, change, expected) => {
  await expect(
    startMock({ contract: parseContract(changeDocument(contract.document, pointer, change)) }),
  ).rejects.toThrow(expected);
});
