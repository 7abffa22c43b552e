import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Answer } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { pause } from '../servers/plain/variations.ts';
import type { UnusualServer } from '../servers/server.ts';
import { control } from './control.ts';
import {
  encoding,
  headerLines,
  sendingInPieces,
  withHeaders,
  withLettersEscaped,
  writing,
  writingJson,
} from './sending.ts';

const mediaTypes: readonly (readonly [name: string, mediaType: string])[] = [
  ['charset', 'application/json; charset=utf-8'],
  ['charset-quoted', 'application/json;charset="UTF-8"'],
  ['upper-case', 'APPLICATION/JSON; CHARSET=UTF-8'],
  ['spaced', 'application/json ; charset=utf-8'],
];

const encodings: readonly (readonly [name: string, encode: (body: string | Buffer) => Buffer])[] = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
];

const notations: readonly (readonly [name: string, says: string, write: (value: unknown) => string])[] = [
  ['indented', 'is indented', (value) => `\r\n\t${JSON.stringify(value, null, 4)}\r\n `],
  ['slashes-escaped', 'has escaped slashes', (value) => JSON.stringify(value).replaceAll('/', '\\/')],
  ['letters-escaped', 'has escaped letters', withLettersEscaped],
];

const headers: readonly (readonly [name: string, says: string, headers: Answer['headers']])[] = [
  ['close', 'tells to close the connection', { connection: 'close' }],
  ['cookies', 'sets two cookies', { 'Set-Cookie': ['a=1; Path=/', 'b=2; Path=/; HttpOnly'] }],
  ['odd-case', 'has headers in odd case', { 'X-reQuest-ID': '1', 'CACHE-CONTROL': 'no-store' }],
  [
    'many',
    'has many headers',
    Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`x-filler-${index}`, 'a'])),
  ],
  [
    'of-browsers',
    'has headers for browsers',
    {
      'access-control-allow-origin': '*',
      'strict-transport-security': 'max-age=31536000',
      vary: 'accept-encoding',
      etag: 'W/"1"',
    },
  ],
];

/** Servers whose answers travel in an unusual way. */
export const transport: readonly UnusualServer[] = [
  ...mediaTypes.map(([name, mediaType]) =>
    control(
      `transport/media-type-${name}`,
      `Bodies are declared as ${mediaType}.`,
      withHeaders((answer) => (answer.status === 204 ? {} : { 'content-type': mediaType })),
    ),
  ),
  ...encodings.map(([name, encode]) =>
    control(
      `transport/encoding-${name}`,
      `Bodies are encoded with ${name} where the client accepts it.`,
      encoding(name, encode),
    ),
  ),
  ...notations.map(([name, says, write]) => control(`transport/json-${name}`, `JSON ${says}.`, writingJson(write))),
  ...headers.map(([name, says, more]) =>
    control(
      `transport/headers-${name}`,
      `Every answer ${says}.`,
      withHeaders(() => more),
    ),
  ),
  ...[80, 300].map((milliseconds) =>
    control(`transport/latency-${milliseconds}`, `Every answer takes ${milliseconds} ms.`, {
      finish: async (answer) => {
        await pause(milliseconds);
        return answer;
      },
    }),
  ),
  control('transport/chunked', 'Bodies travel in chunks.', sendingInPieces(16)),
  control('transport/chunk-per-byte', 'Bodies travel in chunks of one byte.', sendingInPieces(1)),
  control('transport/trailers', 'Bodies travel in chunks with trailers.', {
    send: ({ status, headers: sent, body }, { response }) => {
      if (status === 204) return void response.writeHead(status, sent).end();
      response.writeHead(status, { ...sent, trailer: 'x-checksum' }).write(body);
      response.addTrailers({ 'x-checksum': '7f1a' });
      response.end();
    },
  }),
  control('transport/early-hints', 'An answer is preceded by 103 Early Hints.', {
    send: (answer, exchange) => {
      exchange.response.writeEarlyHints({ link: '</uapi>; rel=preconnect' });
      return documented.send(answer, exchange);
    },
  }),
  control('transport/processing', 'An answer is preceded by 102 Processing.', {
    send: (answer, exchange) => {
      exchange.response.writeProcessing();
      return documented.send(answer, exchange);
    },
  }),
  control('transport/continue', 'An answer is preceded by 100 Continue, without being asked for.', {
    send: (answer, exchange) => {
      exchange.response.writeContinue();
      return documented.send(answer, exchange);
    },
  }),
  control('transport/http-1.0', 'Answers are in HTTP/1.0 and end with the connection.', {
    send: writing((answer) => `HTTP/1.0 ${answer.status} OK\r\n${headerLines(answer)}\r\n`),
  }),
  control('transport/until-closed', 'Bodies have no length and end with the connection.', {
    send: writing((answer) => `HTTP/1.1 ${answer.status} OK\r\n${headerLines(answer)}connection: close\r\n\r\n`),
  }),
  control('transport/no-reason-phrase', 'The status line has no reason phrase.', {
    send: writing((answer) => `HTTP/1.1 ${answer.status} \r\n${headerLines(answer)}connection: close\r\n\r\n`),
  }),
  control('transport/another-reason-phrase', 'The status line has an unusual reason phrase.', {
    send: writing(
      (answer) => `HTTP/1.1 ${answer.status} Si, se\u0303nor\r\n${headerLines(answer)}connection: close\r\n\r\n`,
    ),
  }),
  control(
    'transport/short-keep-alive',
    'An idle connection is closed after 50 ms.',
    {},
    {
      configure: (server) => Object.assign(server, { keepAliveTimeout: 50, keepAliveTimeoutBuffer: 0 }),
    },
  ),
  control(
    'transport/one-request-per-connection',
    'A connection serves one request.',
    {},
    {
      configure: (server) => Object.assign(server, { maxRequestsPerSocket: 1 }),
    },
  ),
  control('transport/mounted-below-a-path', 'The server is mounted below /pbx/v1.', {}, { mountedAt: '/pbx/v1' }),
  control('effects/later', 'A call moves 400 ms after the answer.', {
    transfer: (exchange) => void setTimeout(() => documented.transfer(exchange), 400).unref(),
  }),
  control('effects/before-the-answer', 'A call has moved 100 ms before the answer is sent.', {
    transfer: async (exchange) => {
      await documented.transfer(exchange);
      await pause(100);
    },
  }),
];
