import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContract } from '../../../conformance/contract/contract.ts';
import { readAnswers } from './answers.ts';
import { description, escaped, type Connection } from './connection.ts';
import { connections } from './connections.ts';
import { converse } from './converse.ts';
import { fuzzMock } from './fuzz.ts';
import { judgeBy } from './judge.ts';
import { validMessages } from './requests.ts';
import { shrunk } from './shrink.ts';

const contract = readContract();
const judge = judgeBy(contract);

test('the mock stands what clients send', { timeout: 600_000 }, async () => {
  const { connections: tried, bad, memory } = await fuzzMock({ requests: 2000, seed: 20_261, seconds: 500 });
  expect(bad && `${bad.problem}; ${description(bad.connection)}`).toBeUndefined();
  expect(tried).toBe(2000);
  const [early, late] = memory ?? [0, Infinity];
  expect(late / early).toBeLessThan(1.3);
});

test('the same seed sends the same', () => {
  const bytes = (seed: number) =>
    fc.sample(connections(contract), { seed, numRuns: 20 }).map(({ pieces }) => pieces.map(escaped));
  expect(bytes(7)).toEqual(bytes(7));
  expect(bytes(7)).not.toEqual(bytes(8));
});

const [valid] = fc.sample(validMessages(contract), 1);
const connection: Connection = {
  pieces: valid ? [valid.bytes] : [],
  ending: 'waits',
  expected: valid?.expected && [valid.expected],
};
const answer = (status: string, body: string, type = 'application/json') =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const refusal = (code: string) => JSON.stringify({ error: { code, message: 'no' } });

/** What is wrong with a server that reacts to a valid request. */
async function problemWith(react: (socket: Socket) => unknown, limit = 5000): Promise<string | undefined> {
  const server = createServer((socket) => socket.on('error', () => {}).once('data', () => react(socket)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const outcome = await converse(url, connection, limit);
  server.close();
  return judge(connection, outcome);
}

describe('a bad answer is', () => {
  test.each([
    ['none', '', '0 answers to 1 requests'],
    ['no HTTP', 'hello', /^answered with what is no complete answer: hello$/],
    ['half of one', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{}', /no complete answer/],
    ['a refusal', answer('401 Unauthorized', refusal('access_denied')), /401 to a request with nothing wrong$/],
    [
      'an unknown status',
      answer('418 I', refusal('access_denied')),
      /the status 418, which the contract does not have$/,
    ],
    ['another media type', answer('401 Unauthorized', '', 'text/html'), /the media type text\/html$/],
    ['no JSON', answer('401 Unauthorized', '<html>'), /401 with what is no JSON$/],
    ['another code', answer('401 Unauthorized', refusal('nonsense')), /401 with \/error\/code: expected/],
    ['a failure', answer('500 Error', refusal('internal_server_error')), /500/],
    ['no operation', answer('501 No', refusal('request_not_implemented')), /501 to a request with nothing wrong$/],
  ])('%s', async (_, bytes, expected) => {
    expect(await problemWith((socket) => socket.end(bytes, 'latin1'))).toMatch(expected);
  });

  test('silence', async () => {
    expect(await problemWith((socket) => socket.pause(), 200)).toBe('neither answered nor ended within the limit');
  });
});

test('an answer may be lost to a client that goes on behind the end of its connection, and to no other', () => {
  const outcome = { received: Buffer.alloc(0), isHanging: false, error: 'EPIPE', sending: 0 };
  expect(judge({ ...connection, goesOn: true }, outcome)).toBeUndefined();
  expect(judge({ ...connection, goesOn: true }, { ...outcome, error: undefined })).toBe('0 answers to 1 requests');
  expect(judge(connection, outcome)).toBe('0 answers to 1 requests, then EPIPE');
  expect(judge(connection, { ...outcome, error: 'ECONNREFUSED' })).toBe('not accepted');
});

test('answers are taken apart, interim ones and those to HEAD too', () => {
  const received = Buffer.from(
    `HTTP/1.1 100 Continue\r\n\r\n${answer('200 OK', '{}')}HTTP/1.1 204 No Content\r\na: b\r\n\r\n` +
      'HTTP/1.1 501 No\r\ncontent-length: 9\r\n\r\n',
  );
  const statuses = readAnswers(received, true).answers.map(({ status, content }) => [status, content.length]);
  expect(statuses).toEqual([
    [200, 2],
    [204, 0],
    [501, 0],
  ]);
  expect(readAnswers(received, false).rest.toString()).toMatch(/^HTTP\/1\.1 501/);
});

test('what is bad is made as small as it can be', async () => {
  const pieces = ['a'.repeat(700), 'bc', 'd'.repeat(300), '\0'].map((text) => Buffer.from(text));
  const small = await shrunk(
    { pieces, ending: 'is done', expected: undefined },
    async (candidate) => {
      const text = Buffer.concat(candidate.pieces).toString();
      return text.includes('b') && text.includes('\0');
    },
    200,
  );
  expect(small.pieces.map(escaped)).toEqual(['b\\x00']);
});

test('bytes are printed as a shell prints them', () => {
  expect(escaped(Buffer.from("a\r\n%\\'\0é", 'latin1'))).toBe(String.raw`a\r\n%%\\\x27\x00\xe9`);
});
