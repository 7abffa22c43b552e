import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import type { RunningServer } from '../mock/listener.ts';
import {
  makeCertificates,
  passphrase,
  type Certificates,
} from '../../scripts/lab/servers/surroundings/certificates.ts';
import { startForwardProxy } from '../../scripts/lab/servers/surroundings/forward-proxy.ts';
import { startTlsFront, type TlsFront } from '../../scripts/lab/servers/surroundings/tls-front.ts';
import { closeAfterTest } from '../testing/servers.ts';
import { assertReachable } from './connection.ts';
import type { Exchange, SentRequest } from './exchange.ts';
import { fetchToken } from './authorization.ts';
import type { TlsSettings, TransportSettings } from './transport-settings.ts';
import { createTransport } from './transport.ts';

const path = '/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333';
const headers = { accept: 'application/json', authorization: 'Bearer proof-token' };
const reading: SentRequest = { method: 'GET', path, headers, body: undefined };

let certificates: Certificates;
let plain: RunningServer;
beforeAll(async () => {
  certificates = await makeCertificates();
  plain = await startPlainServer();
  return () => plain.close();
});

async function send(origin: string, settings: TransportSettings, request = reading): Promise<Exchange> {
  const permission = { basePath: '', sendTo: [], isNumber: () => false, bulk: false, loopback: false };
  const transport = createTransport({ origin, permission, timeout: 5000, settings });
  onTestFinished(() => transport.close());
  return transport.send(request);
}

/** Sends a request, tries to connect as before a run, and returns both outcomes. */
async function outcomesOf(origin: string, settings: TransportSettings) {
  const { response, failure } = await send(origin, settings);
  const refusal = await assertReachable(origin, 5000, settings).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  return { status: response?.status, failure, refusal };
}

const reached = { status: 200, failure: undefined, refusal: undefined };
const unreached = (message: string | RegExp) => {
  const text: unknown = expect.stringMatching(message);
  return { status: undefined, failure: { kind: 'connection', message: text }, refusal: text };
};

async function tlsServer(demands: object = {}, host?: string): Promise<TlsFront> {
  return closeAfterTest(await startTlsFront(plain.url, { ...certificates.server, ...demands }, host));
}

describe('a target over TLS', () => {
  const caOf = (): TlsSettings => ({ ca: certificates.ca });

  test('is reached where its authority is trusted, by name and by address', async () => {
    const { url } = await tlsServer();
    expect(await outcomesOf(url, { tls: caOf() })).toEqual(reached);
    expect(await outcomesOf(url.replace('127.0.0.1', 'localhost'), { tls: caOf() })).toEqual(reached);
  });

  test('is not reached where its authority is unknown', async () => {
    const { url } = await tlsServer();
    const message =
      /^the certificate of 127\.0\.0\.1 is not trusted \(.+\): name the one that issued it with --ca FILE$/;
    expect(await outcomesOf(url, {})).toEqual(unreached(message));
  });

  test('is not reached where its certificate is for another host', async () => {
    const proxy = closeAfterTest(await startForwardProxy());
    const origin = `https://other.example:${new URL((await tlsServer()).url).port}`;
    expect(await outcomesOf(origin, { tls: caOf(), proxy: proxy.url })).toEqual(
      unreached(/^the certificate of other\.example is for another host \(.+\)$/),
    );
  });

  test.each([
    ['expired', 'has expired: renew it, or try with --insecure'],
    ['early', 'is not valid yet: see the clocks, here and there'],
  ] as const)('is not reached where its certificate is %s', async (kind, message) => {
    const { url } = await tlsServer(certificates[kind]);
    expect(await outcomesOf(url, { tls: caOf() })).toEqual(unreached(`^the certificate of 127.0.0.1 ${message}$`));
    const credentials = {
      tokenUrl: `${url}/token`,
      clientId: 'app',
      clientSecret: 's3cret',
      transport: { tls: caOf() },
    };
    await expect(fetchToken(credentials, 5000)).rejects.toThrow(`/token: the certificate of 127.0.0.1 ${message}.`);
  });

  test('is reached with any certificate where nobody asks', async () => {
    const { url } = await tlsServer();
    expect(await outcomesOf(url, { tls: { insecure: true } })).toEqual(reached);
  });

  test('is reached with the client certificate that it demands', async () => {
    const { url } = await tlsServer({ requestCert: true, rejectUnauthorized: true, ca: certificates.ca });
    const { client, clientWithPassphrase } = certificates;
    expect(await outcomesOf(url, { tls: { ...caOf(), ...client } })).toEqual(reached);
    expect(await outcomesOf(url, { tls: { ...caOf(), ...clientWithPassphrase, passphrase } })).toEqual(reached);
  });

  test('is not reached without the client certificate that it demands', async () => {
    const { url } = await tlsServer({ requestCert: true, rejectUnauthorized: true, ca: certificates.ca });
    const { failure } = await send(url, { tls: caOf() });
    expect(failure).toEqual({ kind: 'connection', message: expect.stringContaining('--cert and --key') });
  });

  test('is not reached where it speaks no TLS', async () => {
    expect(await outcomesOf(plain.url.replace('http', 'https'), {})).toEqual(
      unreached(/^127\.0\.0\.1 does not speak TLS there \(.+\)$/),
    );
  });

  test('keeps its connections', async () => {
    const front = await tlsServer();
    const permission = { basePath: '', sendTo: [], isNumber: () => false, bulk: false, loopback: false };
    const transport = createTransport({ origin: front.url, permission, timeout: 5000, settings: { tls: caOf() } });
    onTestFinished(() => transport.close());
    for (let count = 0; count < 3; count++) expect((await transport.send(reading)).response?.status).toBe(200);
    expect(front.connections()).toBe(1);
  });
});

describe('a target behind a proxy', () => {
  const portOf = (url: string) => new URL(url).port;

  test('is asked with the request target as it is', async () => {
    const proxy = closeAfterTest(await startForwardProxy());
    const origin = `http://pbx.example:${portOf(plain.url)}`;
    expect(await outcomesOf(origin, { proxy: proxy.url })).toEqual(reached);
    await send(origin, { proxy: proxy.url }, { ...reading, path: '/uapi/phoneCalls/%40me/0003*210/b"8^1`7|%zz' });
    expect(proxy.requests).toEqual([
      `GET ${origin}${path}`,
      `GET ${origin}/uapi/phoneCalls/%40me/0003*210/b"8^1\`7|%zz`,
    ]);
  });

  test('is reached through a tunnel over TLS', async () => {
    const proxy = closeAfterTest(await startForwardProxy());
    const { url } = await tlsServer();
    const origin = `https://pbx.example:${portOf(url)}`;
    expect(await outcomesOf(origin, { proxy: proxy.url, tls: { ca: certificates.ca } })).toEqual(reached);
    expect(await outcomesOf(origin, { proxy: proxy.url })).toEqual(
      unreached(/^the certificate of pbx\.example is not/),
    );
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT pbx.example:${portOf(url)}`]));
  });

  test.each(['http', 'https'])('is reached over %s with credentials, and only with them', async (scheme) => {
    const proxy = closeAfterTest(await startForwardProxy('us%er:p@ss'));
    const url = scheme === 'http' ? plain.url : (await tlsServer()).url;
    const origin = `${scheme}://pbx.example:${portOf(url)}`;
    const tls = { ca: certificates.ca };
    const withCredentials = proxy.url.replace('//', '//us%25er:p%40ss@');
    expect(await outcomesOf(origin, { proxy: withCredentials, tls })).toEqual(reached);
    const wrong = await send(origin, { proxy: proxy.url.replace('//', '//user:secret@'), tls });
    expect(wrong.failure).toEqual({
      kind: 'connection',
      message: `the proxy ${proxy.url} refuses (407 Proxy Authentication Required): see HTTP_PROXY, HTTPS_PROXY and NO_PROXY`,
    });
  });

  test.each(['http', 'https'])('is not reached over %s where the proxy is not', async (scheme) => {
    const proxy = await startForwardProxy();
    await proxy.close();
    expect(await outcomesOf(`${scheme}://pbx.example`, { proxy: proxy.url })).toEqual(
      unreached(`^the proxy ${proxy.url} cannot be reached \\(ECONNREFUSED\\)$`),
    );
  });

  test('is not reached where the proxy does not answer in time', async () => {
    const silent = createServer();
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void silent.close());
    const proxy = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { failure } = await send('https://pbx.example', { proxy, connectTimeout: 50 });
    expect(failure).toEqual({
      kind: 'time-out',
      message: expect.stringContaining('within 50 ms, the time limit for c'),
    });
  });
});

test('a host that is unknown is named', async () => {
  expect(await outcomesOf('http://pbx.invalid', {})).toEqual(
    unreached(/^the host pbx\.invalid is unknown \((?:ENOTFOUND|EAI_AGAIN)\)$/),
  );
});

test('an IPv6 address is reached, with and without TLS', async ({ skip }) => {
  const server = createHttpServer((request, response) => response.end(JSON.stringify(request.headers.host)));
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(0, '::1', () => resolve(true));
  });
  if (!listening) skip('This machine has no IPv6.');
  onTestFinished(() => void server.close());
  const origin = `http://[::1]:${(server.address() as AddressInfo).port}`;
  expect((await send(origin, {})).response?.body.json).toEqual({ value: origin.replace('http://', '') });
  const front = await tlsServer({}, '::1');
  expect(await outcomesOf(front.url, { tls: { ca: certificates.ca } })).toEqual(reached);
});
