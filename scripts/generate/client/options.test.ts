import { createServer, type IncomingMessage } from 'node:http';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listenForTest } from '../../../conformance/testing/servers.ts';
import { createTransferClient, type TransferClientOptions } from './index.ts';
import { readRetryAfter } from './limits.ts';
import { appendPath, readBaseUrl } from './options.ts';

const call = { extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
const transfer = { ...call, sendCallTo: '3235742879', transferFromNumber: '0003*024' };

describe('a base URL', () => {
  const path = '/uapi/phoneCalls/1';
  test.each<[string | URL, string]>([
    ['https://pbx.example.com', 'https://pbx.example.com/uapi/phoneCalls/1'],
    [new URL('https://pbx.example.com'), 'https://pbx.example.com/uapi/phoneCalls/1'],
    ['HTTPS://PBX.example.com:443//', 'https://pbx.example.com/uapi/phoneCalls/1'],
    ['http://[::1]:8080/pbx/', 'http://[::1]:8080/pbx/uapi/phoneCalls/1'],
    ['https://pbx.example.com/uapi', 'https://pbx.example.com/uapi/phoneCalls/1'],
    ['https://pbx.example.com/uapi/', 'https://pbx.example.com/uapi/phoneCalls/1'],
    ['https://pbx.example.com/unifiedapi/', 'https://pbx.example.com/unifiedapi/phoneCalls/1'],
    ['https://pbx.example.com/pbx/unifiedapi', 'https://pbx.example.com/pbx/unifiedapi/phoneCalls/1'],
    ['https://pbx.example.com/myuapi', 'https://pbx.example.com/myuapi/uapi/phoneCalls/1'],
  ])('%s leads to %s', (baseUrl, address) => {
    expect(appendPath(readBaseUrl(baseUrl), path)).toBe(address);
  });

  test.each<[unknown, RegExp]>([
    [undefined, /has no http:\/\/ or https:\/\/ in front: "undefined"$/],
    ['', /has no http:/],
    ['/pbx', /has no http:/],
    ['localhost:4010', /has no http:.*: "localhost:4010"$/],
    ['nowhere', /has no http:/],
    ['ftp://pbx', /has no http:/],
    ['http://', /is no URL: "http:\/\/"$/],
    ['http://pbx:port', /is no URL/],
    ['http://pbx/?tenant=7', /has a query or a fragment/],
    ['http://pbx/#x', /has a query or a fragment/],
    ['http://pbx?', /has a query or a fragment/],
    ['http://user:geheim@pbx', /^(?!.*geheim).*has a user name or a password/],
  ])('%j is refused when the client is made', (baseUrl, message) => {
    const make = (): unknown => createTransferClient({ baseUrl: baseUrl as string, token: 'token' });
    expect(make).toThrow(expect.objectContaining({ name: 'InvalidOptionError', option: 'baseUrl' }));
    expect(make).toThrow(message);
  });

  describe('on a page', () => {
    beforeEach(() => void vi.stubGlobal('location', { href: 'https://app.example.com/calls/?id=1#top' }));
    afterEach(() => void vi.unstubAllGlobals());
    test.each([
      ['', 'https://app.example.com'],
      ['/', 'https://app.example.com'],
      ['/pbx/', 'https://app.example.com/pbx'],
      ['https://pbx.example.com', 'https://pbx.example.com'],
    ])('%j is %s', (baseUrl, address) => expect(readBaseUrl(baseUrl)).toBe(address));
  });
});

test.each<[keyof TransferClientOptions, unknown]>([
  ['timeout', 0],
  ['timeout', -1],
  ['timeout', NaN],
  ['retry', -1],
  ['retry', NaN],
  ['headers', { 'x y': '1' }],
  ['headers', { 'x-tenant': '7\n8' }],
  ['headers', [['x y', '1']]],
  ['requestInit', { headers: { 'x-tenant': '7' } }],
  ['requestInit', { method: 'DELETE' }],
])('the option %s cannot be %s', (option, value) => {
  const options = { baseUrl: 'http://127.0.0.1:9', token: 'token', [option]: value };
  expect(() => createTransferClient(options)).toThrow(expect.objectContaining({ name: 'InvalidOptionError', option }));
});

test.each([
  ['3', 3000],
  ['0', 0],
  ['Mon, 30 Nov 2026 12:00:05 GMT', 5000],
  ['Monday, 30-Nov-26 12:00:05 GMT', 5000],
  ['Mon Nov 30 12:00:05 2026', 5000],
  ['Tue Dec  1 12:00:00 2026', 86_400_000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
  ['Mon, 30 Nov 2026 11:59:00 GMT', 0],
  ['soon', undefined],
  ['-1', undefined],
  ['2026-11-30T12:00:05Z', undefined],
  [null, undefined],
])('Retry-After: %s is %s ms', (value, wait) => {
  expect(readRetryAfter(value, Date.UTC(2026, 10, 30, 12))).toBe(wait);
});

describe('a request', () => {
  let url: string;
  let received: IncomingMessage[];
  beforeEach(async () => {
    received = [];
    const server = createServer(async (request, response) => {
      received.push(request);
      await request.toArray();
      response.writeHead(204, { 'x-request-id': '7' }).end();
    });
    url = await listenForTest(server);
  });

  test('to no user is one to @me', async () => {
    await createTransferClient({ baseUrl: url, token: 'token' }).transferPhoneCall(transfer);
    expect(received[0]?.url).toBe(`/uapi/phoneCalls/%40me/0003*210/${call.phoneCallId}`);
  });

  test('has the headers of the client and its own, and none that replaces those of the contract', async () => {
    const headers = { 'X-Tenant': '7', Prefer: 'code=202', authorization: 'Basic eA==', 'content-type': 'text/plain' };
    const client = createTransferClient({ baseUrl: url, token: 'token', headers });
    await client.transferPhoneCall(transfer, { headers: { 'X-Tenant': '8', 'User-Agent': 'App/1' } });
    expect(received[0]?.headers).toMatchObject({
      'x-tenant': '8',
      prefer: 'code=202',
      'user-agent': 'App/1',
      authorization: 'Bearer token',
      'content-type': 'application/json',
    });
  });

  test.each([new Headers({ 'X-Tenant': '7' }), [['X-Tenant', '7']] as const, new Map([['X-Tenant', '7']])])(
    'has headers given as %o',
    async (headers) => {
      await createTransferClient({ baseUrl: url, token: 'token', headers }).transferPhoneCall(transfer);
      await createTransferClient({ baseUrl: url, token: 'token' }).transferPhoneCall(transfer, { headers });
      expect(received.map((each) => each.headers['x-tenant'])).toEqual(['7', '7']);
    },
  );

  test('is not made another one by a hook', async () => {
    const onRequest: TransferClientOptions['onRequest'] = ({ settings }) => {
      Object.assign(settings, { method: 'DELETE', body: '{"action":"BargeIn"}', redirect: 'follow' });
    };
    for (const fetch of [undefined, globalThis.fetch]) {
      await createTransferClient({ baseUrl: url, token: 'token', onRequest, fetch }).transferPhoneCall(transfer);
    }
    expect(received.map(({ method, headers }) => [method, Number(headers['content-length']) > 40])).toEqual([
      ['PUT', true],
      ['PUT', true],
    ]);
  });

  test('names the client', async () => {
    await createTransferClient({ baseUrl: url, token: 'token' }).getPhoneCall(call);
    expect(received[0]?.headers['user-agent']).toMatch(/^transfer-contract\/\d/);
  });

  test('and its answer pass the hooks', async () => {
    const seen: unknown[] = [];
    const client = createTransferClient({
      baseUrl: url,
      token: 'token',
      onRequest: async ({ operation, settings }) => {
        await Promise.resolve();
        settings.headers.set('traceparent', '00-1-2-01');
        seen.push(operation);
      },
      onResponse: (response, request) => seen.push(response.status, response.headers.get('x-request-id'), request.url),
    });
    await client.transferPhoneCall(transfer);
    expect(received[0]?.headers).toHaveProperty('traceparent', '00-1-2-01');
    expect(seen).toEqual(['transferPhoneCall', 204, '7', `${url}${received[0]?.url}`]);
  });

  const dispatcher = new Agent({ headersTimeout: 5000 });
  // Each of them compiles without a cast, which is half of the test.
  const ways: Readonly<Record<string, Partial<TransferClientOptions>>> = {
    'the fetch of the platform': { fetch: globalThis.fetch },
    'the fetch of undici': { fetch: undiciFetch },
    "undici's dispatcher": { fetch: (request, settings) => undiciFetch(request, { ...settings, dispatcher }) },
    'a function of a Request': { fetch: (request: Request) => fetch(request) },
    'a function of anything': { fetch: (request, settings) => fetch(request, settings) },
    'a changed Request': {
      fetch: (request) => {
        request.headers.set('x-way', 'changed');
        return fetch(request);
      },
    },
    'members of RequestInit': { requestInit: { cache: 'no-store', next: { revalidate: 0 }, keepalive: true } },
    "undici's dispatcher as a member": { requestInit: { dispatcher }, fetch: undiciFetch },
    'a hook that adds a member': {
      onRequest: ({ settings }) => (settings.dispatcher = dispatcher),
      fetch: undiciFetch,
    },
  };
  test.each(Object.entries(ways))('is sent by %s', async (_, options) => {
    const client = createTransferClient({ baseUrl: url, token: 'token', ...options });
    expect(await client.transferPhoneCall(transfer)).toMatchObject({ ok: true, status: 204 });
    expect(received.map(({ method, headers }) => [method, headers.authorization, headers['content-type']])).toEqual([
      ['PUT', 'Bearer token', 'application/json'],
    ]);
  });

  test('reaches a fetch with its members', async () => {
    const members: unknown[] = [];
    const fetch: TransferClientOptions['fetch'] = async (request, settings) => {
      members.push({ ...settings }, await request.json());
      return new Response(null, { status: 204 });
    };
    await createTransferClient({ baseUrl: url, token: 'token', fetch, requestInit: { next: 1 } }).transferPhoneCall(
      transfer,
    );
    expect(members).toMatchObject([{ next: 1, method: 'PUT', redirect: 'manual' }, { action: 'Transfer' }]);
  });
});
