import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import type { RunningServer } from './listener.ts';
import { callPath, closing, formatRefusal, send, speak, transferBody } from './testing/conversation.ts';
import { listen } from './listener.ts';
import { startMock, type Mock } from './mock.ts';

const contract = readContract();
const credentials = `Authorization: Bearer any-token\r\nContent-Type: application/json\r\n`;
const head = `Host: a\r\n${credentials}`;
const text = JSON.stringify(transferBody);
const close = 'Connection: close\r\n';

/** The one ends those that send nothing soon, the other has the time that much takes on a busy machine. */
let mock: Mock;
let patient: Mock;
beforeAll(async () => {
  mock = await startMock({ contract, timeout: 400 });
  patient = await startMock({ contract, timeout: 20_000 });
});
afterAll(() => Promise.all([mock.close(), patient.close()]));

/** The statuses and codes of all answers in what a connection brought. */
function answersIn(received: string): string[] {
  return received
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((answer) => answer !== '')
    .map((answer) => `${/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]} ${/"code":"(\w+)"/.exec(answer)?.[1] ?? ''}`.trim());
}

describe.concurrent('a client that speaks', () => {
  const unintelligible = ['501 request_not_implemented'];
  const put = `PUT ${callPath} HTTP/1.1\r\n${head}`;
  const chunked = 'Transfer-Encoding: chunked\r\n\r\n';
  const inChunks = [...text].map((letter) => `1\r\n${letter}\r\n`).join('');
  const length = `Content-Length: ${text.length}\r\n\r\n`;
  test.each([
    ['no HTTP', ['hello\r\n\r\n'], unintelligible],
    ['TLS', [Buffer.from('16030100a5010000a10303', 'hex')], unintelligible],
    ['HTTP/2', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], unintelligible],
    ['an endless header', [`GET / HTTP/1.1\r\nA: ${'a'.repeat(100_000)}`], unintelligible],
    ['a newline in a header', [`GET / HTTP/1.1\r\nA: b\rc\r\n\r\n`], unintelligible],
    ['half a header and no more', ['GET / HTTP/1.1\r\nHost: a'], unintelligible],
    ['CONNECT', [`CONNECT example.org:443 HTTP/1.1\r\nHost: a\r\n\r\n`], unintelligible],
    ['Upgrade', [`GET ${callPath} HTTP/1.1\r\n${head}Connection: upgrade\r\nUpgrade: h2c\r\n\r\n`], ['200']],
    ['of no host', [`GET ${callPath} HTTP/1.1\r\n${credentials}${close}\r\n`], ['400 pc_phoncall_invalid']],
    ['of two hosts', [`GET ${callPath} HTTP/1.1\r\n${head}HOST: a\r\n${close}\r\n`], ['400 pc_phoncall_invalid']],
    ['an absolute target', [`GET http://evil${callPath} HTTP/1.1\r\n${head}${close}\r\n`], ['200']],
    [
      'bytes in a target',
      [Buffer.from(`GET /uapi/\xE9 HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 'latin1')],
      unintelligible,
    ],
    ['HEAD', [`HEAD ${callPath} HTTP/1.1\r\n${head}${close}\r\n`], ['501']],
    ['of an unmet expectation', [`GET ${callPath} HTTP/1.1\r\n${head}Expect: wonders\r\n${close}\r\n`], ['200']],
    [
      'two requests at once',
      [`GET ${callPath} HTTP/1.1\r\n${head}\r\n`, `PUT / HTTP/1.1\r\nHost: a\r\n${close}\r\n`],
      ['200', ...unintelligible],
    ],
    [
      'a request, then CONNECT',
      [`GET ${callPath} HTTP/1.1\r\n${head}\r\nCONNECT a:1 HTTP/1.1\r\n\r\n`],
      ['200', ...unintelligible],
    ],
    ['in chunks', [`${put}${close}${chunked}${inChunks}0\r\n\r\n`], ['200']],
    ['in broken chunks', [`${put}${chunked}zz\r\n`], ['400 pc_sendcallto_invalid']],
    ['of a body and waits', [`${put}${close}Expect: 100-continue\r\n${length}`, text], ['100', '200']],
  ])('%s is answered', async (_, said, expected) => {
    expect(answersIn(await speak(mock.url, ...said))).toEqual(expected);
  });

  test('no HTTP without an end is answered', async () => {
    expect(answersIn(await speak(patient.url, Buffer.alloc(20_000_000, 'a')))).toEqual(unintelligible);
  });
});

describe.concurrent('a body that is', () => {
  const large = Buffer.alloc(20_000_000, ' ');

  test('too large is refused at once', async () => {
    const answer = await send(patient.url, { body: large });
    expect(formatRefusal(answer)).toBe('400 pc_sendcallto_invalid');
    expect(answer.headers.connection).toBe('close');
  });

  test('too large is refused in chunks, too', async () => {
    const chunks = async function* () {
      for (let start = 0; start < large.length; start += 100_000) yield large.subarray(start, start + 100_000);
    };
    expect(formatRefusal(await send(patient.url, { body: chunks() }))).toBe('400 pc_sendcallto_invalid');
  });

  test('just small enough is read', async () => {
    const padded = Buffer.concat([Buffer.from(text), large.subarray(0, 1024 * 1024 - text.length)]);
    expect((await send(patient.url, { body: padded })).status).toBe(200);
    expect((await send(patient.url, { body: Buffer.concat([padded, Buffer.from(' ')]) })).status).toBe(400);
  });

  test('never ending is not read for ever', async () => {
    const request = `PUT ${callPath} HTTP/1.1\r\n${head}Content-Length: 20000000000\r\n\r\n`;
    expect(answersIn(await speak(patient.url, request, large))).toEqual(['400 pc_sendcallto_invalid']);
  });

  test('never coming is waited for no longer than the timeout', async () => {
    const request = `PUT ${callPath} HTTP/1.1\r\n${head}Content-Length: 100\r\n\r\n{`;
    expect(answersIn(await speak(mock.url, request))).toEqual(['400 pc_sendcallto_invalid']);
  });
});

describe.concurrent('a client that sends a byte now and then, and never stops,', () => {
  let listener: RunningServer;
  beforeAll(async () => {
    const answer = (statusCode: number, body: string) => ({ statusCode, headers: {}, body: { error: { code: body } } });
    listener = await listen({
      answer: async (_, { isCutOff }) => answer(400, isCutOff ? 'cut_off' : 'complete'),
      unintelligible: answer(501, 'unintelligible'),
      host: '127.0.0.1',
      port: 0,
      timeout: 300,
      lingering: { pause: 200, total: 400 },
    });
  });
  afterAll(() => listener.close());

  test.each([
    ['in the request line', '', 'a', ['501 unintelligible']],
    ['in a header', 'GET / HTTP/1.1\r\nA: ', 'a', ['501 unintelligible']],
    ['in the header section', 'GET / HTTP/1.1\r\n', 'a:\r\n', ['501 unintelligible']],
    ['in a body', 'PUT / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n', ' ', ['400 cut_off']],
    ['in chunks', 'PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\n \r\n', ['400 cut_off']],
    ['behind its request', 'GET / HTTP/1.1\r\n\r\n', 'a', ['400 complete', '501 unintelligible']],
  ])('%s, is answered and cut off', async (_, start, drop, expected) => {
    expect(answersIn(await drip(listener.url, start, drop))).toEqual(expected);
  });
});

/** Sends a start, then drops until the server ends the connection; gives what came. */
async function drip(url: string, start: string, drop: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  socket.write(start);
  const dripping = setInterval(() => socket.writable && socket.write(drop), 20);
  // The server's end comes before that of a client that goes on.
  await closing(socket);
  clearInterval(dripping);
  return received;
}

test('closing ends what is under way', async () => {
  const ending = await startMock({ contract });
  const silent = speak(ending.url, 'PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\n');
  const idle = speak(ending.url, `GET ${callPath} HTTP/1.1\r\n${head}\r\n`);
  await pause(50);
  const started = performance.now();
  await Promise.all([ending.close(), ending.close()]);
  expect(await silent).toBe('');
  expect(answersIn(await idle)).toEqual(['200']);
  // Long before the mock would give the clients up.
  expect(performance.now() - started).toBeLessThan(5000);
});

test('a client that leaves behind CONNECT, before an earlier answer, harms nobody', async () => {
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const answer = { statusCode: 400, headers: {}, body: 'late' };
  const listener = await listen({
    answer: async () => {
      asked.resolve();
      await left.promise;
      return answer;
    },
    unintelligible: answer,
    host: '127.0.0.1',
    port: 0,
    timeout: 5000,
  });
  const { hostname, port } = new URL(listener.url);
  const socket = connect(Number(port), hostname);
  socket.write('GET / HTTP/1.1\r\n\r\nCONNECT a:1 HTTP/1.1\r\n\r\n');
  await asked.promise;
  socket.resetAndDestroy();
  await once(socket, 'close');
  left.resolve();
  // By then, an error without a listener would have ended this process.
  expect(answersIn(await speak(listener.url, `GET / HTTP/1.1\r\n${close}\r\n`))).toEqual(['400']);
  await listener.close();
});

test('a client that leaves in the middle harms nobody', async () => {
  const { hostname, port } = new URL(mock.url);
  const leave = () => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`PUT ${callPath} HTTP/1.1\r\n${head}Content-Length: 100\r\n\r\n{`, () => socket.resetAndDestroy());
    });
  };
  for (let count = 0; count < 20; count += 1) leave();
  await pause(50);
  expect((await send(mock.url, { method: 'GET' })).status).toBe(200);
});
