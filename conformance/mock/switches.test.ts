import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findChromium, launchChromium } from '../../scripts/package/browser.ts';
import { readContract, type Contract } from '../contract/contract.ts';
import type { JsonObject } from '../contract/json.ts';
import {
  callPath,
  createBreachFinder,
  formatRefusal,
  readDestinations,
  send,
  transferBody,
} from './testing/conversation.ts';
import { contractWith } from '../testing/edited-contract.ts';
import { closeAfterTest } from '../testing/servers.ts';
import { startMock, type Mock } from './mock.ts';
import type { MockOptions, NextAnswer } from './published.ts';

const contract = readContract();
const breaches = createBreachFinder(contract);

async function start(options: MockOptions & { readonly contract?: Contract } = {}): Promise<Mock> {
  return closeAfterTest(await startMock({ contract, ...options }));
}

describe('a page of another origin', () => {
  const origin = 'http://localhost:5173';
  const preflight = {
    origin,
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization, content-type',
  };

  test('may send what it asks for, with credentials', async () => {
    const { url } = await start();
    const answer = await send(url, { method: 'OPTIONS', headers: { ...preflight, authorization: undefined } });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'authorization, content-type',
      vary: expect.stringContaining('Origin'),
    });
  });

  test('may read each answer and its headers', async () => {
    const { url } = await start();
    for (const sent of [{}, { body: {} }, { path: '/nothing' }, { headers: { authorization: undefined } }]) {
      const { headers } = await send(url, { ...sent, headers: { ...sent.headers, origin } });
      expect(headers['access-control-allow-origin']).toBe(origin);
      const exposed = String(headers['access-control-expose-headers']).split(', ');
      for (const name of Object.keys(headers).filter(
        (one) => !/^(?:access-control-.*|vary|connection|keep-alive)$/.test(one),
      ))
        expect(exposed).toContain(name);
    }
  });

  test('gets no word of it otherwise', async () => {
    const closed = await start({ cors: false });
    expect(formatRefusal(await send(closed.url, { method: 'OPTIONS', headers: preflight }))).toBe(
      '501 request_not_implemented',
    );
    expect((await send(closed.url, { headers: { origin } })).headers).not.toHaveProperty('access-control-allow-origin');
    const { url } = await start();
    expect((await send(url)).headers).not.toHaveProperty('access-control-allow-origin');
    expect(formatRefusal(await send(url, { method: 'OPTIONS', headers: { origin } }))).toBe(
      '501 request_not_implemented',
    );
  });

  const chromium = findChromium();
  test.skipIf(chromium === undefined)('works in Chromium, which is skipped where there is none', async () => {
    const pages = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<title>Page</title>'),
    );
    await once(pages.listen(0, '127.0.0.1'), 'listening');
    const browser = await launchChromium(chromium ?? '');
    onTestFinished(async () => {
      await browser.close();
      pages.close();
    });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);
    const ask = (url: string) =>
      page.evaluate(
        async ([address, body]) => {
          const headers = { authorization: 'Bearer a', 'content-type': 'application/json' };
          const answer = await fetch(address ?? '', {
            method: 'PUT',
            headers,
            body: body ?? '',
            credentials: 'include',
          }).catch(() => undefined);
          return answer && [answer.status, answer.headers.get('date') !== null, await answer.json()];
        },
        [`${url}${callPath}`, JSON.stringify(transferBody)],
      );
    expect(await ask((await start()).url)).toEqual([
      200,
      true,
      expect.objectContaining({ id: 'b817d2618fe6f1804333' }),
    ]);
    expect(await ask((await start({ cors: false })).url)).toBeUndefined();
  });
});

test('the address tells what the mock is, and links the contract', async () => {
  const { url } = await start();
  const { status, headers, body } = await send(url, { method: 'GET', path: '/' });
  expect([status, headers.link, body.contract]).toEqual([200, '</openapi.json>; rel="service-desc"', '/openapi.json']);
  expect((await send(url, { method: 'GET', path: String(body.contract) })).body).toEqual(contract.document);
  // Tools that wait for a server ask so.
  expect((await send(url, { method: 'HEAD', path: '/' })).status).toBe(200);
});

describe('as on a live system', () => {
  test('a call is read as the entry of a list', async () => {
    const { url } = await start({ entry: true });
    const answer = await send(url, { method: 'GET' });
    expect([breaches(answer), answer.body.entry]).toEqual([
      [],
      [expect.objectContaining({ id: 'b817d2618fe6f1804333' })],
    ]);
  });

  test('answers take their time', async () => {
    const { url } = await start({ delay: 300 });
    const before = performance.now();
    await send(url, { method: 'GET' });
    expect(performance.now() - before).toBeGreaterThan(290);
  });

  test('requests fail, 429 and 503 in turns, and move nothing', async () => {
    const { url, calls } = await start({ fail: 1 });
    const answers = [await send(url), await send(url)];
    expect(answers.map(formatRefusal)).toEqual(['429 too_many_requests', '503 service_unavailable']);
    expect(answers.map(({ headers }) => headers['retry-after'])).toEqual(['1', '1']);
    expect(calls[0]?.phoneCall).toHaveProperty('phoneCallView.0.destination', ['0003*024']);
  });

  test('a token expires, and others do not', async () => {
    const mock = await start({ expire: 1 });
    const ask = async (token: string) => {
      const answer = await send(mock.url, { method: 'GET', headers: { authorization: `Bearer ${token}` } });
      return answer.status === 200 ? '200' : formatRefusal(answer);
    };
    expect(await ask('one')).toBe('200');
    await expect.poll(() => ask('one'), { timeout: 5000 }).toBe('403 token_expired');
    expect(await ask('two')).toBe('200');
    mock.reset();
    expect(await ask('one')).toBe('200');
  });
});

describe('a test', () => {
  test('sees the requests as data, the newest ones', async () => {
    const mock = await start({ keep: 2 });
    await send(mock.url, { method: 'GET' });
    await send(mock.url);
    await send(mock.url, { body: {} });
    expect(mock.requests).toMatchObject([
      {
        method: 'PUT',
        url: callPath,
        body: transferBody,
        operation: 'transferPhoneCall',
        status: 200,
        code: undefined,
      },
      { status: 400, code: 'pc_sendcallto_invalid', reason: 'sendCallTo is missing' },
    ]);
    expect(mock.requests[0]?.headers.authorization).toBe('Bearer any-token');
  });

  test('chooses the next answers, and puts everything back', async () => {
    const mock = await start();
    mock.answerNext(
      { example: 'tokenExpired' },
      { status: 503, headers: { 'retry-after': '1' }, body: { error: { code: 'busy', message: '' } } },
    );
    expect(formatRefusal(await send(mock.url))).toBe('403 token_expired');
    const second = await send(mock.url);
    expect([formatRefusal(second), second.headers['retry-after']]).toEqual(['503 busy', '1']);
    expect(await readDestinations(mock.url)).toEqual([['0003*024']]);
    await send(mock.url);
    expect(mock.calls[0]?.phoneCall).toHaveProperty('phoneCallView.0.destination', ['3235742879']);
    mock.answerNext({ status: 500 });
    mock.reset();
    expect([mock.requests, await readDestinations(mock.url)]).toEqual([[], [['0003*024']]]);
    expect(() => mock.answerNext({ example: 'none' })).toThrow(/"none" is unknown: .* tokenExpired/);
  });

  test.each<[string, unknown, RegExp]>([
    ['a status that is none', { status: 1000 }, /from 200 to 599, but 1000 came/],
    ['an interim status', { status: 101 }, /from 200 to 599, but 101 came/],
    ['a name of a header with a blank', { status: 500, headers: { 'a b': 'c' } }, /a b/],
    ['a header with a line break', { status: 500, headers: { a: 'b\nc' } }, /Invalid character in header/],
    ['a body that JSON does not have', { status: 500, body: 1n }, /BigInt/],
  ])('refuses %s', async (_, answer, message) => {
    const mock = await start();
    expect(() => mock.answerNext(answer as NextAnswer)).toThrow(message);
    expect((await send(mock.url)).status).toBe(200);
  });

  test('answers with a page of a gateway as it stands', async () => {
    const mock = await start();
    mock.answerNext({ status: 502, headers: { 'Content-Type': 'text/html' }, body: '<h1>Bad gateway</h1>' });
    const response = await fetch(`${mock.url}${callPath}`);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      502,
      'text/html',
      '<h1>Bad gateway</h1>',
    ]);
  });

  test('gives lists that a test may change', async () => {
    const mock = await start();
    (mock.calls as unknown[]).length = 0;
    expect((await send(mock.url)).status).toBe(200);
    (mock.requests as unknown[]).length = 0;
    expect(mock.requests).toHaveLength(1);
  });

  test.each<[string, MockOptions, RegExp]>([
    ['fail', { fail: 2 }, /^fail must be a number from 0 to 1, but is 2\.$/],
    ['delay', { delay: -5 }, /^delay must be/],
    ['port', { port: 'abc' as unknown as number }, /^port must be a number from 0 to 65535, but is "abc"\.$/],
    ['log', { log: false as unknown as undefined }, /^log must be a function/],
  ])('is not started with an option %s that cannot work', async (_, options, message) => {
    await expect(startMock({ contract, ...options })).rejects.toThrow(message);
  });
});

describe('a contract with another operation', () => {
  const answers = {
    '200': {
      description: 'Ended.',
      content: { 'application/json': { schema: { type: 'object' }, example: { ended: true } } },
    },
  };
  const refused = {
    description: 'Refused.',
    content: {
      'application/json': {
        schema: {},
        examples: { tenant: { value: { error: { code: 'tenant_invalid', message: '' } } } },
      },
    },
  };
  const withOperation = (...parameters: JsonObject[]) =>
    contractWith({
      '/paths/~1uapi~1tenants~1t{id}.json': {
        delete: { operationId: 'endAll', security: [], parameters, responses: { ...answers, '400': refused } },
      },
    });
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' }, 'x-error-code': 'tenant_invalid' };
  const tenant = { name: 'Tenant-Id', in: 'query', schema: { type: 'string' }, 'x-error-code': 'tenant_invalid' };
  const sent = { method: 'DELETE', path: '/uapi/tenants/t7.json' };

  test('answers by its example', async () => {
    const { url } = await start({ contract: withOperation(id) });
    expect((await send(url, sent)).body).toEqual({ ended: true });
    expect(formatRefusal(await send(url, { ...sent, path: '/uapi/tenants/tx.json' }))).toBe('400 tenant_invalid');
    expect(formatRefusal(await send(url, { ...sent, path: '/uapi/tenants/7.json' }))).toBe(
      '501 request_not_implemented',
    );
  });

  test('takes a deprecated parameter', async () => {
    const { url } = await start({ contract: withOperation(id, { ...tenant, deprecated: true }) });
    expect((await send(url, { ...sent, path: `${sent.path}?Tenant-Id=abc` })).status).toBe(200);
  });
});
