import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { longestBody } from './body.ts';
import type { Exchange, SentRequest } from './exchange.ts';
import { longestHeaders } from './failure.ts';
import { ForbiddenRequest } from './guard.ts';
import type { TransportSettings } from './transport-settings.ts';
import { createTransport, type Transport } from './transport.ts';

const path = '/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333';
const reading: SentRequest = { method: 'GET', path, headers: { accept: 'application/json' }, body: undefined };
const transfer: SentRequest = {
  method: 'PUT',
  path,
  headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
  body: '{"sendCallTo":"3235742879"}',
};
const json = 'Content-Type: application/json\r\n';
const ok = `HTTP/1.1 200 OK\r\n${json}Content-Length: 2\r\n\r\n{}`;
const closing = ok.replace('\r\n', '\r\nConnection: close\r\n');
const chunks = `HTTP/1.1 200 OK\r\n${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`;
const empty = 'HTTP/1.1 204 No Content\r\n\r\n';

/** Answers a request to a raw server. Its index on the connection counts from 0. */
type Answer = (socket: Socket, request: string, index: number) => unknown;

async function listen(answer: Answer): Promise<{ origin: string; received: string[]; connections: () => number }> {
  const received: string[] = [];
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let index = 0;
    connections++;
    sockets.add(socket.on('error', () => undefined));
    socket.setEncoding('latin1').on('data', (data) => {
      received.push(String(data));
      answer(socket, String(data), index++);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    connections: () => connections,
  };
}

function transportTo(origin: string, timeout = 5000, settings?: TransportSettings, signal?: AbortSignal): Transport {
  const permission = {
    basePath: '',
    sendTo: ['3235742879'],
    isNumber: (value: unknown) => value === '911',
    bulk: false,
    loopback: false,
  };
  const transport = createTransport({ origin, timeout, permission, settings, signal });
  onTestFinished(() => transport.close());
  return transport;
}

async function exchangeWith(answer: Answer | string, timeout?: number): Promise<Exchange> {
  const { origin } = await listen(typeof answer === 'string' ? (socket) => socket.end(answer) : answer);
  return transportTo(origin, timeout).send(reading);
}

describe('a complete response', () => {
  test.each([
    ['of known length', ok],
    ['in chunks', `HTTP/1.1 200 OK\r\n${json}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n`],
    ['that ends with the connection', `HTTP/1.1 200 OK\r\n${json}\r\n{}`],
    ['on a connection that ends', closing],
    ['behind and before a line break', `\r\n${ok}\r\n`],
    ['over HTTP/1.0', `HTTP/1.0 200 OK\r\n${json}\r\n{}`],
    [
      'with a trailer',
      `HTTP/1.1 200 OK\r\n${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Check: 1\r\n\r\n`,
    ],
    ['without a reason phrase', `HTTP/1.1 200 \r\n${json}Content-Length: 2\r\n\r\n{}`],
    ['after 100 Continue', `HTTP/1.1 100 Continue\r\n\r\n${ok}`],
    ['after 103 Early Hints', `HTTP/1.1 103 Early Hints\r\nLink: </>; rel=next\r\n\r\n${ok}`],
    ['after several interim responses', `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(500)}${ok}`],
  ])('%s', async (_, answer) => {
    const { response, failure } = await exchangeWith(answer);
    expect(failure).toBeUndefined();
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(response?.body.json).toEqual({ value: {} });
  });

  test('comes in pieces', async () => {
    const { response } = await exchangeWith(async (socket) => {
      for (const byte of ok) {
        socket.write(byte);
        await sleep(1);
      }
    });
    expect(response?.body.text).toBe('{}');
  });

  test('is decoded', async () => {
    const body = gzipSync('{"id":"b817"}');
    const { response } = await exchangeWith((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    expect(response?.body).toMatchObject({ length: 13, json: { value: { id: 'b817' } } });
  });

  test('has header fields by lower-cased name, those that are repeated joined', async () => {
    const { response } = await exchangeWith(
      'HTTP/1.1 204 No Content\r\nVIA: one\r\nVia: two\r\nContent-TYPE: a/b\r\ncontent-type: c/d\r\n\r\n',
    );
    expect(response?.headers).toEqual({ via: 'one, two', 'content-type': 'a/b, c/d' });
  });

  test('is not followed where it redirects', async () => {
    const { origin, received } = await listen((socket) =>
      socket.end('HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n'),
    );
    const { response } = await transportTo(origin).send(reading);
    expect(response).toMatchObject({ status: 307, headers: { location: '/elsewhere' } });
    expect(received).toHaveLength(1);
  });
});

describe('no complete response is', () => {
  const huge = `X-Padding: ${'x'.repeat(longestHeaders)}\r\n`;

  test.each([
    ['a connection that is closed at once', '', 'closed'],
    ['a header that is cut short', 'HTTP/1.1 200 OK\r\nContent-Le', 'closed'],
    ['a header that is never ended', `HTTP/1.1 200 OK\r\n${json}`, 'closed'],
    ['a body that is cut short', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}', 'closed'],
    ['chunks that are cut short', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n', 'closed'],
    ['interim responses only', 'HTTP/1.1 100 Continue\r\n\r\n', 'closed'],
    [
      'a body of many pieces',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(5000)}0\r\n\r\n`,
      'time-out',
    ],
    ['a flood of interim responses', `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(1001)}${ok}`, 'time-out'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'malformed'],
    ['a body without a header', '{"id":"b817"}', 'malformed'],
    ['a status that is no number', 'HTTP/1.1 OK 200\r\n\r\n', 'malformed'],
    ['a header line without a colon', 'HTTP/1.1 200 OK\r\nContent-Length 2\r\n\r\n{}', 'malformed'],
    ['chunks of no length', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n{}\r\n', 'malformed'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ', 'malformed'],
    ['HTTP/2.0', ok.replace('HTTP/1.1', 'HTTP/2.0'), 'malformed'],
    ['two in one piece', `${ok}${ok}`, 'malformed'],
    ['two in one piece, in chunks', `${chunks}${chunks}`, 'malformed'],
    ['two in one piece, the last of which ends the connection', `${ok}HTTP/1.1 400 No\r\n\r\n`, 'malformed'],
    ['two in one piece, on a connection that ends', `${closing}${ok}`, 'malformed'],
    ['one that bytes follow', `${ok}{}`, 'malformed'],
    ['one that bytes follow, on a connection that ends', `${closing}{}`, 'malformed'],
    ['204 that bytes follow', `${empty}{}`, 'malformed'],
    ['204 that another one follows', `${empty}${empty}`, 'malformed'],
    ['a length that is negative', 'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}', 'malformed'],
    [
      'a length beside chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      'malformed',
    ],
    ['a header that is too long', `HTTP/1.1 200 OK\r\n${huge}\r\n`, 'too large'],
    ['a body that is too long', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(longestBody + 1)}`, 'too large'],
    ['a body that is not encoded as declared', `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n{}`, 'encoding'],
    [
      'another protocol after all',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
      'closed',
    ],
  ])('%s', async (_, answer, kind) => {
    const { response, failure } = await exchangeWith(answer);
    expect(response).toBeUndefined();
    expect(failure).toEqual({ kind, message: expect.stringMatching(/^.+$/) });
  });

  const complete = 'No complete response came within 150 ms, the time limit of a request: ';

  test.each<[string, Answer, message: RegExp]>([
    ['silence', () => undefined, /^No byte of a response came within 150 ms, the time limit for the first one$/],
    [
      'a header only',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\n${json}Content-Length: 2\r\n\r\n`),
      RegExp(`^${complete}its header came, and 0 bytes of the body$`),
    ],
    [
      'interim responses without end',
      (socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n'),
      RegExp(`^${complete}\\d+ interim responses came$`),
    ],
    [
      'a header without end',
      (socket) => drip(socket, 'X-Padding: x\r\n', 'HTTP/1.1 200 OK\r\n'),
      RegExp(`^${complete}its header did not come to an end$`),
    ],
    [
      'a body without end',
      (socket) => drip(socket, ' ', 'HTTP/1.1 200 OK\r\n\r\n'),
      RegExp(`^${complete}its header came, and \\d+ bytes of the body$`),
    ],
  ])('%s, beyond the time limit', async (_, answer, message) => {
    const started = performance.now();
    const { response, failure } = await exchangeWith(answer, 150);
    expect(performance.now() - started).toBeGreaterThan(140);
    expect({ response, failure }).toEqual({
      response: undefined,
      failure: { kind: 'time-out', message: expect.stringMatching(message) },
    });
  });

  test.each<[string, TransportSettings, scheme: string, limit: string]>([
    ['silence', { firstByteTimeout: 50 }, 'http', 'the first'],
    ['a TLS handshake that is not finished', { connectTimeout: 50 }, 'https', 'connecting'],
  ])('%s, beyond a time limit for a part', async (_, settings, scheme, limit) => {
    const { origin } = await listen(() => undefined);
    const { failure } = await transportTo(origin.replace('http', scheme), 60_000, settings).send(reading);
    expect(failure).toEqual({
      kind: 'time-out',
      message: expect.stringContaining(`within 50 ms, the time limit for ${limit}`),
    });
  });

  test('a body that is declared too long, which is not waited for', async () => {
    const { failure } = await exchangeWith((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${longestBody + 1}\r\n\r\n`),
    );
    const message = 'The body is longer than 1048576 bytes, the limit: its content-length is 1048577';
    expect(failure).toEqual({ kind: 'too large', message });
  });

  test('chunks with extensions without end', async () => {
    const { failure } = await exchangeWith(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(longestHeaders)}\r\n{}\r\n0\r\n\r\n`,
    );
    expect(failure).toEqual({ kind: 'too large', message: expect.stringContaining('chunk extensions') });
  });

  test('what a signal aborts, which is thrown', async () => {
    const controller = new AbortController();
    const { origin, received } = await listen(() => controller.abort(new Error('the run is over')));
    const transport = transportTo(origin, 60_000, {}, controller.signal);
    await expect(transport.send(reading)).rejects.toThrow('the run is over');
    await expect(transport.send(reading)).rejects.toThrow('the run is over');
    expect(received).toHaveLength(1);
  });

  test('a connection that cannot be made', async () => {
    const closed = createServer();
    await once(closed.listen(0, '127.0.0.1'), 'listening');
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { failure } = await transportTo(`http://127.0.0.1:${port}`).send(reading);
    expect(failure).toEqual({ kind: 'connection', message: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('a request', () => {
  test('goes over the wire as it is', async () => {
    const { origin, received } = await listen((socket) => socket.end(ok));
    await transportTo(origin).send({ ...transfer, path: '/uapi/phoneCalls/%40me/0003*210/b817%zz/' });
    const [head = '', body] = received.join('').split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe('PUT /uapi/phoneCalls/%40me/0003*210/b817%zz/ HTTP/1.1');
    expect(head.toLowerCase()).toContain(`authorization: bearer token\r\ncontent-type: application/json`);
    expect(body).toBe(transfer.body);
  });

  test('that the guard refuses is never sent', async () => {
    const { origin, received, connections } = await listen((socket) => socket.end(ok));
    const transport = transportTo(origin);
    const refused = [
      { ...transfer, path: '/uapi/phoneCalls/12/0003*210/' },
      { ...transfer, method: 'DELETE' },
      { ...transfer, body: '{"sendCallTo":"911"}' },
    ];
    for (const request of refused) await expect(transport.send(request)).rejects.toThrow(ForbiddenRequest);
    expect([received, connections()]).toEqual([[], 0]);
  });
});

describe('a connection', () => {
  test('is kept for the next request', async () => {
    const { origin, received, connections } = await listen((socket) => socket.write(ok));
    const transport = transportTo(origin);
    for (let count = 0; count < 3; count++) await transport.send(reading);
    expect([received.length, connections()]).toEqual([3, 1]);
  });

  test('that the request asks to close is a new one, and serves no other request', async () => {
    const { origin, received, connections } = await listen((socket) => socket.write(ok));
    const transport = transportTo(origin);
    const closing = { ...reading, headers: { ...reading.headers, connection: 'close' } };
    for (const request of [reading, closing, closing, reading]) await transport.send(request);
    expect([received.length, connections(), transport.repeated]).toEqual([4, 3, 0]);
  });

  test('that is closed when the next request comes is replaced by a new one', async () => {
    const { origin, received, connections } = await listen((socket, _, index) =>
      index === 0 ? socket.write(ok) : socket.destroy(),
    );
    const transport = transportTo(origin);
    await transport.send(transfer);
    const { response, failure } = await transport.send(transfer);
    expect(failure).toBeUndefined();
    expect(response?.status).toBe(200);
    expect([received.length, connections()]).toEqual([3, 2]);
  });

  test('that is told to be idle in one piece with a response costs nothing', async () => {
    const idle = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';
    const { origin, connections } = await listen((socket) => socket.write(`${ok}${idle}`));
    const transport = transportTo(origin);
    for (let count = 0; count < 2; count++) expect((await transport.send(reading)).response?.status).toBe(200);
    expect(connections()).toBe(2);
  });

  test.each([
    ['a byte', 'H'],
    ['an interim response', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ])(
    'that is closed once %s of a response came is not replaced, as the request may have been processed',
    async (_, start) => {
      const { origin, received } = await listen((socket, __, index) =>
        index === 0 ? socket.write(ok) : socket.end(start),
      );
      const transport = transportTo(origin);
      await transport.send(transfer);
      expect((await transport.send(transfer)).failure?.kind).toBe('closed');
      expect(received).toHaveLength(2);
    },
  );

  test('that is closed each time that a request comes on it again costs nothing', async () => {
    const { origin, received, connections } = await listen((socket, _, index) =>
      index === 0 ? socket.write(ok) : socket.resetAndDestroy(),
    );
    const transport = transportTo(origin);
    for (let count = 0; count < 20; count++) expect((await transport.send(transfer)).response?.status).toBe(200);
    // Every second request arrives twice: on the connection that is closed, and on a new one.
    expect([connections(), received.length, transport.repeated]).toEqual([20, 30, 10]);
  });

  test('that is new and closed is not replaced', async () => {
    const { origin, connections } = await listen((socket) => socket.destroy());
    const { failure } = await transportTo(origin).send(transfer);
    expect([failure?.kind, connections()]).toEqual(['closed', 1]);
  });

  test('that is closed in the middle of a response is not replaced', async () => {
    const { origin } = await listen((socket, _, index) =>
      index === 0 ? socket.write(ok) : socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}'),
    );
    const transport = transportTo(origin);
    await transport.send(reading);
    expect((await transport.send(reading)).failure?.kind).toBe('closed');
  });
});

function drip(socket: Socket, drop: string, start = ''): void {
  socket.write(start);
  const timer = setInterval(() => socket.write(drop), 10);
  socket.on('close', () => clearInterval(timer));
}
