import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunningServer } from '../../../../conformance/mock/listener.ts';
import { startPlainServer } from './start.ts';

const call = '12/0003*210/b817d2618fe6f1804333';
const transfer = { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' };
const authorized = { authorization: 'Bearer proof-token', 'content-type': 'application/json' };

let server: RunningServer;
beforeEach(async () => {
  server = await startPlainServer();
});
afterEach(() => server.close());

interface Received {
  readonly id: string;
  readonly entry: readonly { readonly id: string }[];
  readonly phoneCallView: readonly [{ readonly destination: readonly string[] }];
}

async function send(method: string, path: string, body?: string, headers: object = authorized) {
  const response = await fetch(`${server.url}/uapi/phoneCalls/${path}`, {
    method,
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Received,
  };
}

const put = (path: string, body: unknown) => send('PUT', path, JSON.stringify(body));
const refusal = (code: string) => ({ error: { code, message: expect.any(String) } });
const destinationOf = async (path: string) => (await send('GET', path)).body.phoneCallView[0].destination;

describe('a valid transfer', () => {
  test('answers 200 and the call, and moves it', async () => {
    const answer = await put(call, transfer);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.body).toEqual({
      id: 'b817d2618fe6f1804333',
      extension: '0003*210',
      link: { self: `${server.url}/uapi/phoneCalls/${call}` },
    });
    expect(await destinationOf(call)).toEqual(['3235742879']);
    expect(await destinationOf('12/0003*210/c4d90aa1b7e25f604418')).toEqual(['4155550100']);
  });

  test('can be repeated, and followed by another', async () => {
    for (const sendCallTo of ['3235742879', '3235742879', '0003*100', '+13235742879']) {
      expect((await put(call, { ...transfer, sendCallTo, transferNumber: '0003*210' })).status).toBe(200);
      expect(await destinationOf(call)).toEqual([sendCallTo]);
    }
  });

  test.each([
    '@me/0003*210/b817d2618fe6f1804333',
    '@viewer/0003*210/b817d2618fe6f1804333',
    '@owner/0003*210/b817d2618fe6f1804333',
    '12/@self/b817d2618fe6f1804333',
    '%40me/%40self/b817d2618fe6f1804333',
    '12/0003%2a210/%62817d2618fe6f1804333',
    '12/0003*210/b817d2618fe6f1804333/',
  ])('finds the call at %s', async (path) => {
    expect((await put(path, transfer)).body.id).toBe('b817d2618fe6f1804333');
  });

  test('may have undocumented members', async () => {
    expect((await put(call, { ...transfer, phoneCallViewId: '01' })).status).toBe(200);
  });
});

describe('a refusal', () => {
  test.each([
    ['13/0003*210/b817d2618fe6f1804333', 'user_invalid'],
    ['%zz/0003*210/b817d2618fe6f1804333', 'user_invalid'],
    ['12/0003*999/b817d2618fe6f1804333', 'extension_invalid'],
    ['12/0003*210/00000000000000000000', 'pc_phoncall_invalid'],
    ['12/0003*210/b817d2618fe6f1804333%0A', 'pc_phoncall_invalid'],
    ['12/0003*210/b817-d261', 'pc_phoncall_invalid'],
    ['12/0003*211/b817d2618fe6f1804333', 'pc_phoncall_invalid'],
  ])('names the parameter of the path %s', async (path, code) => {
    for (const answer of [await put(path, transfer), await send('GET', path)]) {
      expect(answer).toMatchObject({ status: 400, body: refusal(code) });
    }
    expect(await destinationOf(call)).toEqual(['0003*024']);
  });

  test.each([
    ['sendCallTo', 'pc_sendcallto_invalid'],
    ['transferFromNumber', 'pc_transfer_from_number_invalid'],
    ['transferNumber', 'pc_transfer_number_invalid'],
  ])('names the member %s of the body', async (member, code) => {
    for (const value of [null, '', ' ', 3, true, [], {}, 'x', '3a', '3 ', '3\n', '+', '+0003*1', '1+2', '٣', '@self']) {
      const answer = await put(call, { ...transfer, [member]: value });
      expect(answer, JSON.stringify(value)).toMatchObject({ status: 400, body: refusal(code) });
    }
    expect(await destinationOf(call)).toEqual(['0003*024']);
  });

  test('answers a missing number with the code of its member', async () => {
    const { sendCallTo, transferFromNumber, action } = transfer;
    expect((await put(call, { action, transferFromNumber })).body).toEqual(refusal('pc_sendcallto_invalid'));
    expect((await put(call, { action, sendCallTo })).body).toEqual(refusal('pc_transfer_from_number_invalid'));
  });

  test.each(['', '{', 'null', '[]', '"Transfer"', '\ufeff{}'])('answers the body %j with 400', async (body) => {
    expect(await send('PUT', call, body)).toMatchObject({ status: 400, body: refusal('pc_sendcallto_invalid') });
  });

  test.each([undefined, null, '', 'transfer', 'OnHold', 1, ['Transfer']])(
    'answers action %j with 501',
    async (action) => {
      expect(await put(call, { ...transfer, action })).toMatchObject({
        status: 501,
        body: refusal('request_not_implemented'),
      });
    },
  );

  test.each([{}, { authorization: 'Bearer' }, { authorization: 'Bearer no' }, { authorization: 'Basic proof-token' }])(
    'answers the credentials %j with 401',
    async (headers) => {
      const answer = await send('PUT', call, JSON.stringify(transfer), {
        'content-type': 'application/json',
        ...headers,
      });
      expect(answer).toMatchObject({ status: 401, body: refusal('access_denied') });
    },
  );

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'answers %s with 415',
    async (type) => {
      const headers = { ...authorized, 'content-type': type };
      expect((await send('PUT', call, JSON.stringify(transfer), headers)).status).toBe(415);
    },
  );

  test('answers an operation that does not exist with 501', async () => {
    for (const [method, path] of [
      ['POST', call],
      ['DELETE', call],
      ['GET', '12/0003*210'],
      ['PUT', '12'],
    ] as const) {
      expect(await send(method, path)).toMatchObject({ status: 501, body: refusal('request_not_implemented') });
    }
  });
});

describe('without a phoneCallId', () => {
  test('all calls of the extension move, and no other', async () => {
    const answer = await put('12/0003*210', transfer);
    expect(answer.body.entry.map(({ id }) => id)).toEqual(['b817d2618fe6f1804333', 'c4d90aa1b7e25f604418']);
    expect(await destinationOf('12/0003*210/c4d90aa1b7e25f604418')).toEqual(['3235742879']);
    expect(await destinationOf('12/0003*211/9f3e51d07ab8426c1177')).toEqual(['0003*211']);
  });

  test('an extension without calls answers 204 and no body', async () => {
    expect(await put('12/0003*024', transfer)).toEqual({ status: 204, headers: expect.anything(), body: {} });
  });

  test('invalid numbers are refused', async () => {
    expect((await put('12/0003*210', { ...transfer, sendCallTo: '' })).body).toEqual(refusal('pc_sendcallto_invalid'));
  });
});

test('closing destroys open connections', async () => {
  const pending = request(`${server.url}/uapi/phoneCalls/${call}`, { method: 'PUT' });
  const failed = new Promise((resolve) => pending.on('error', resolve));
  pending.flushHeaders();
  await new Promise((resolve) => pending.on('socket', (socket) => socket.on('connect', resolve)));
  await server.close();
  expect(await failed).toBeInstanceOf(Error);
});

test('a server can be mounted below a path and accept other tokens', async () => {
  const mounted = await startPlainServer({ mountedAt: '/pbx/v1', tokens: ['another'] });
  const answer = await fetch(`${mounted.url}/uapi/phoneCalls/${call}`, {
    headers: { authorization: 'bearer another' },
  });
  expect(await answer.json()).toMatchObject({ link: { self: `${mounted.url}/uapi/phoneCalls/${call}` } });
  await mounted.close();
});
