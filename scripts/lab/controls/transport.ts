import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Answer, Behaviour } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { pause } from '../servers/plain/variations.ts';
import type { ControlRow } from '../servers/server.ts';

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
  [
    'letters-escaped',
    'has escaped letters',
    (value) =>
      JSON.stringify(value).replaceAll(/[a-z](?=[^"]*")/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
  ],
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
];

/** The status lines that an answer may have, each with a header that ends the message. */
const heads: readonly (readonly [name: string, says: string, line: (status: number) => string, header?: string])[] = [
  ['http-1.0', 'Answers are in HTTP/1.0 and end with the connection.', (status) => `HTTP/1.0 ${status} OK`, ''],
  ['until-closed', 'Bodies have no length and end with the connection.', (status) => `HTTP/1.1 ${status} OK`],
  ['no-reason-phrase', 'The status line has no reason phrase.', (status) => `HTTP/1.1 ${status} `],
];

const interim: readonly (readonly [name: string, says: string, write: (response: ServerResponse) => void])[] = [
  ['early-hints', '103 Early Hints', (response) => response.writeEarlyHints({ link: '</uapi>; rel=preconnect' })],
  ['processing', '102 Processing', (response) => response.writeProcessing()],
  ['continue', '100 Continue, without being asked for', (response) => response.writeContinue()],
];

/** Sends answers in an unusual way. */
export const transport: readonly ControlRow[] = [
  ...mediaTypes.map(([name, mediaType]): ControlRow => [
    `transport/media-type-${name}`,
    `Bodies are declared as ${mediaType}.`,
    addingHeaders(({ status }) => (status === 204 ? {} : { 'content-type': mediaType })),
  ]),
  ...encodings.map(([name, encode]): ControlRow => [
    `transport/encoding-${name}`,
    `Bodies are encoded with ${name} where the client accepts it.`,
    encoding(name, encode),
  ]),
  ...notations.map(([name, says, write]): ControlRow => [
    `transport/json-${name}`,
    `JSON ${says}.`,
    {
      finish: (answer) =>
        answer.body.length === 0 ? answer : { ...answer, body: write(JSON.parse(String(answer.body))) },
    },
  ]),
  ...headers.map(([name, says, more]): ControlRow => [
    `transport/headers-${name}`,
    `Every answer ${says}.`,
    addingHeaders(() => more),
  ]),
  ['transport/latency', 'Every answer takes 300 ms.', { finish: (answer) => pause(300).then(() => answer) }],
  ['transport/chunked', 'Bodies travel in chunks.', sendingInPieces(16)],
  ['transport/chunk-per-byte', 'Bodies travel in chunks of one byte.', sendingInPieces(1)],
  [
    'transport/trailers',
    'Bodies travel in chunks with trailers.',
    {
      send: ({ status, headers: sent, body }, { response }) => {
        if (status === 204) return void response.writeHead(status, sent).end();
        response.writeHead(status, { ...sent, trailer: 'x-checksum' }).write(body);
        response.addTrailers({ 'x-checksum': '7f1a' });
        response.end();
      },
    },
  ],
  ...interim.map(([name, says, write]): ControlRow => [
    `transport/${name}`,
    `An answer is preceded by ${says}.`,
    {
      send: (answer, exchange) => {
        write(exchange.response);
        return documented.send(answer, exchange);
      },
    },
  ]),
  ...heads.map(([name, says, line, header = 'connection: close\r\n']): ControlRow => [
    `transport/${name}`,
    says,
    {
      send: (answer, { request }) => {
        const lines = Object.entries(answer.headers).map(([header_, value]) => `${header_}: ${value}\r\n`);
        const head = `${line(answer.status)}\r\n${lines.join('')}${header}\r\n`;
        request.socket.end(Buffer.concat([Buffer.from(head), Buffer.from(answer.status === 204 ? '' : answer.body)]));
      },
    },
  ]),
  [
    'transport/short-keep-alive',
    'An idle connection is closed after 50 ms.',
    {},
    { configure: (server) => Object.assign(server, { keepAliveTimeout: 50, keepAliveTimeoutBuffer: 0 }) },
  ],
  [
    'transport/one-request-per-connection',
    'A connection serves one request.',
    {},
    { configure: (server) => Object.assign(server, { maxRequestsPerSocket: 1 }) },
  ],
  ['transport/mounted-below-a-path', 'The server is mounted below /pbx/v1.', {}, { mountedAt: '/pbx/v1' }],
  [
    'effects/later',
    'A call moves 400 ms after the answer.',
    { transfer: (exchange) => void setTimeout(() => documented.transfer(exchange), 400).unref() },
  ],
];

function addingHeaders(headersFor: (answer: Answer) => Answer['headers']): Partial<Behaviour> {
  return { finish: (answer) => ({ ...answer, headers: { ...answer.headers, ...headersFor(answer) } }) };
}

/** Encodes bodies where the client accepts the encoding. */
function encoding(name: string, encode: (body: string | Buffer) => Buffer): Partial<Behaviour> {
  return {
    finish: (answer, { request }) => {
      const accepted = String(request.headers['accept-encoding'] ?? '').split(/\s*,\s*/);
      return answer.body.length > 0 && accepted.includes(name)
        ? { ...answer, headers: { ...answer.headers, 'content-encoding': name }, body: encode(answer.body) }
        : answer;
    },
  };
}

/** Sends bodies in chunks of a size. */
function sendingInPieces(size: number): Partial<Behaviour> {
  return {
    send: ({ status, headers: sent, body }, { response }) => {
      response.writeHead(status, sent);
      const bytes = Buffer.from(body);
      for (let start = 0; start < bytes.length; start += size) response.write(bytes.subarray(start, start + size));
      response.end();
    },
  };
}
