import type { Answer } from '../servers/plain/behaviour.ts';
import { dripping, message, raw, rawAndOpen, type Send } from './wire.ts';

/** Formats the content-length header of an answer. */
export const lengthOf = ({ body }: Pick<Answer, 'body'>) => `content-length: ${Buffer.byteLength(body)}`;

/** Ways to break the HTTP message of an answer. */
export const brokenMessages: readonly (readonly [name: string, says: string, send: Send])[] = [
  ['dropped', 'is missing: the connection is dropped', (_answer, { request }) => void request.socket.destroy()],
  ['reset', 'is missing: the connection is reset', (_answer, { request }) => void request.socket.resetAndDestroy()],
  ['never-sent', 'never comes', () => {}],
  ['only-continue', 'is 100 Continue and nothing more', rawAndOpen(() => 'HTTP/1.1 100 Continue\r\n\r\n')],
  ['headers-cut-short', 'ends amid its headers', raw(() => 'HTTP/1.1 200 OK\r\ncontent-type: applic')],
  [
    'headers-never-end',
    'has headers that never end',
    (_answer, exchange) => {
      exchange.request.socket.write('HTTP/1.1 200 OK\r\n');
      dripping(exchange, 20, endless('x-filler: a\r\n'));
    },
  ],
  [
    'body-cut-short',
    'has fewer bytes than its content-length',
    raw((answer) => message(answer, 'content-length: 4096')),
  ],
  [
    'body-withheld',
    'has a body that never comes',
    rawAndOpen((answer) => message({ ...answer, body: '' }, lengthOf(answer))),
  ],
  [
    'body-never-ends',
    'has a body that never ends',
    (_answer, exchange) => {
      exchange.request.socket.write(message({ ...emptyAnswer, body: '' }, 'transfer-encoding: chunked'));
      dripping(exchange, 10, endless(chunk(' '.repeat(1024))));
    },
  ],
  [
    'body-drips',
    'takes a second for each byte',
    (answer, exchange) => {
      exchange.request.socket.write(message({ ...answer, body: '' }, lengthOf(answer)));
      dripping(exchange, 1000, String(answer.body)[Symbol.iterator]());
    },
  ],
  [
    'chunks-cut-short',
    'has no last chunk',
    raw((answer) => message({ ...answer, body: chunk(String(answer.body)) }, 'transfer-encoding: chunked')),
  ],
  [
    'chunk-size-no-number',
    'has a chunk without a size',
    raw((answer) => message({ ...answer, body: `zz\r\n${answer.body}\r\n0\r\n\r\n` }, 'transfer-encoding: chunked')),
  ],
  [
    'length-and-chunks',
    'has a content-length and chunks',
    raw((answer) =>
      message({ ...answer, body: lastChunk(String(answer.body)) }, 'content-length: 5', 'transfer-encoding: chunked'),
    ),
  ],
  [
    'two-lengths',
    'has two content-lengths that differ',
    raw((answer) => message(answer, lengthOf(answer), 'content-length: 5')),
  ],
  ['length-negative', 'has a negative content-length', raw((answer) => message(answer, 'content-length: -1'))],
  ['length-no-number', 'has a content-length of letters', raw((answer) => message(answer, 'content-length: all'))],
  [
    'header-without-colon',
    'has a header line without a colon',
    raw((answer) => message(answer, lengthOf(answer), 'nonsense')),
  ],
  [
    'header-with-blank',
    'has a blank in the name of a header',
    raw((answer) => message(answer, lengthOf(answer), 'x y: z')),
  ],
  [
    'header-of-a-megabyte',
    'has a header of a megabyte',
    raw((answer) => message(answer, lengthOf(answer), `x-filler: ${'a'.repeat(1_000_000)}`)),
  ],
  ['not-http', 'is the banner of an SSH server', raw(() => 'SSH-2.0-OpenSSH_9.6\r\n')],
  ['without-headers', 'is a body without a status line', raw(({ body }) => body)],
  [
    'status-line-without-number',
    'has a status line without a number',
    raw((answer) => message(answer, lengthOf(answer)).replace('200 OK', 'OK')),
  ],
  [
    'status-line-with-words',
    'has a status of letters',
    raw((answer) => message(answer, lengthOf(answer)).replace('200', '2OO')),
  ],
  [
    'version-unknown',
    'is in HTTP/9.9',
    raw((answer) => message(answer, lengthOf(answer)).replace('HTTP/1.1', 'HTTP/9.9')),
  ],
  ['version-2', 'is in HTTP/2.0', raw((answer) => message(answer, lengthOf(answer)).replace('HTTP/1.1', 'HTTP/2.0'))],
  ['doubled', 'comes twice in one piece', rawAndOpen((answer) => message(answer, lengthOf(answer)).repeat(2))],
  [
    'followed-by-bytes',
    'is followed by bytes of no message',
    rawAndOpen((answer) => `${message(answer, lengthOf(answer))}{}`),
  ],
  [
    'longer-than-its-length',
    'has more bytes than its content-length',
    raw((answer) => message(answer, 'content-length: 5')),
  ],
  [
    'switched',
    'is 101 Switching Protocols',
    rawAndOpen(() => 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'),
  ],
];

const emptyAnswer: Answer = { outcome: 'transferred', status: 200, headers: {}, body: '' };

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** Formats a text as a chunked body of one chunk. */
export function lastChunk(text: string): string {
  return `${chunk(text)}0\r\n\r\n`;
}

function* endless(piece: string): Generator<string> {
  while (true) yield piece;
}
