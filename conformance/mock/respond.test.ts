import { beforeEach, describe, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import { callPath, createBreachFinder, formatRefusal, readDestinations, send } from './testing/conversation.ts';
import { closeAfterTest } from '../testing/servers.ts';
import { startMock, type Mock } from './mock.ts';

const contract = readContract();

let mock: Mock;
beforeEach(async () => {
  mock = closeAfterTest(await startMock({ contract }));
});

const prefer = (preference: string, more = {}) => send(mock.url, { headers: { prefer: preference }, ...more });

describe('a client that prefers', () => {
  test.each([
    ['code=403', '403 token_expired'],
    ['code=500', '500 internal_server_error'],
    ['code=401', '401 access_denied'],
    ['example=tokenExpired', '403 token_expired'],
    ['code=400, example=userInvalid', '400 user_invalid'],
    ['respond-async, wait=10, code="403"', '403 token_expired'],
    ['CODE = "40\\3"', '403 token_expired'],
    ['code=403, code=500', '403 token_expired'],
    ['code=400; example=userInvalid', '400 user_invalid'],
    ['handling="a, code=500", code=403', '403 token_expired'],
    ['code=429', '429 too_many_requests'],
    ['code=502', '502 bad_gateway'],
    ['code=299', '501 request_not_implemented'],
    ['code=499', '501 request_not_implemented'],
    ['code=418, dynamic=true', '501 request_not_implemented'],
    ['code=0x193', '501 request_not_implemented'],
    ['code=none', '501 request_not_implemented'],
    ['code=', '501 request_not_implemented'],
    ['example=noSuchExample', '501 request_not_implemented'],
    ['code=500, example=transferred', '501 request_not_implemented'],
    ['dynamic=maybe', '501 request_not_implemented'],
  ])('%s gets %s, and the call stays', async (preference, expected) => {
    expect(formatRefusal(await prefer(preference))).toBe(expected);
    expect(await readDestinations(mock.url)).toEqual([['0003*024']]);
  });

  test('202 gets it, and the call moves', async () => {
    const answer = await prefer('code=202');
    expect([answer.status, answer.body.id, answer.body.link]).toEqual([
      202,
      'b817d2618fe6f1804333',
      { self: callPath },
    ]);
    expect(await readDestinations(mock.url)).toEqual([['3235742879']]);
  });

  test('204 gets no body, and the call moves', async () => {
    const answer = await prefer('code=204');
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([204, '', undefined]);
    expect(await readDestinations(mock.url)).toEqual([['3235742879']]);
  });

  test('an example gets it as it is written', async () => {
    const { status, body } = await prefer('example=asList', { method: 'GET' });
    expect([status, body.entry]).toEqual([200, [expect.objectContaining({ id: 'c4d90aa1b7e25f604418' })]]);
  });

  test('by the query gets what the header leaves open', async () => {
    const ask = async (query: string, preference?: string) =>
      formatRefusal(await send(mock.url, { path: `${callPath}?${query}`, headers: { prefer: preference } }));
    expect(await ask('__code=403')).toBe('403 token_expired');
    expect(await ask('__example=userInvalid')).toBe('400 user_invalid');
    expect(await ask('__code=403&__code=500', 'return=minimal')).toBe('403 token_expired');
    expect(await ask('__code=403', 'code=500')).toBe('500 internal_server_error');
  });

  test('what cannot be met is told what there is', async () => {
    const { body } = await prefer('code=299');
    expect(body).toHaveProperty(
      'error.message',
      expect.stringMatching(/transferPhoneCall for .* code=299\. .*202.*tokenExpired \(403\)/),
    );
  });

  test('dynamic data gets what the schema allows, and the call stays', async () => {
    const breaches = createBreachFinder(contract);
    for (const preference of ['dynamic=true', 'dynamic=true, code=202', 'code=400, dynamic=true']) {
      expect(breaches(await prefer(preference, { method: 'PUT' })), preference).toEqual([]);
    }
    expect(await readDestinations(mock.url)).toEqual([['0003*024']]);
  });

  test.each(['return=minimal', 'respond-async; code=403', 'x="code=403', ',,;=', 'dynamic=false'])(
    '%s gets the usual answer',
    async (preference) => {
      expect((await prefer(preference)).status).toBe(200);
    },
  );

  test('a success is refused all the same where the request is invalid', async () => {
    expect(formatRefusal(await prefer('code=202', { body: {} }))).toBe('400 pc_sendcallto_invalid');
    expect(formatRefusal(await prefer('code=202', { path: `${callPath}0` }))).toBe('400 pc_phoncall_invalid');
  });
});
