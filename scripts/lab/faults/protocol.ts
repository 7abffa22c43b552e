import { STATUS_CODES } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, rejecting } from '../servers/plain/variations.ts';
import type { FaultRow } from '../servers/server.ts';

/** Puts an answer on the wire. */
type Send = (answer: Answer, exchange: Exchange) => void;

/** Sends the answers of one outcome in another way. */
export function sending(outcome: Answer['outcome'], send: Send): Partial<Behaviour> {
  return {
    send: (answer, exchange) =>
      answer.outcome === outcome ? send(answer, exchange) : documented.send(answer, exchange),
  };
}

/** Writes bytes to the socket as they are, and then ends it. */
export function raw(bytesOf: (answer: Answer) => string | Buffer): Send {
  return (answer, { request }) => void request.socket.end(bytesOf(answer));
}

/** Writes bytes to the socket as they are, and leaves it open. */
function rawAndOpen(bytesOf: (answer: Answer) => string | Buffer): Send {
  return (answer, { request }) => void request.socket.write(bytesOf(answer));
}

/** Formats an answer as an HTTP/1.1 message with further header lines. */
export function message(answer: Pick<Answer, 'status' | 'body'>, ...headers: readonly string[]): string {
  const statusLine = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`;
  const lines = [statusLine, 'content-type: application/json', ...headers];
  return `${lines.join('\r\n')}\r\n\r\n${answer.body}`;
}

/** Writes a piece again and again until the connection is closed or the pieces run out. */
export function dripping(exchange: Exchange, milliseconds: number, pieces: Iterator<string>): void {
  const { socket } = exchange.request;
  const timer = setInterval(() => {
    const { done, value } = pieces.next();
    if (done) clearInterval(timer);
    else socket.write(value);
  }, milliseconds);
  timer.unref();
  socket.on('close', () => clearInterval(timer));
}

const mebibyte = 1024 * 1024;
let bomb: Buffer | undefined;

/** Compresses a gibibyte of zeros. Gzip members may follow one another, so one is made and repeated. */
function gibibyteOfZeros(): Buffer {
  const member = () => gzipSync(Buffer.alloc(16 * mebibyte), { level: 9 });
  bomb ??= Buffer.concat(Array.from<Buffer>({ length: 64 }).fill(member()));
  return bomb;
}

/** Formats the content-length header of an answer. */
const lengthOf = ({ body }: Pick<Answer, 'body'>) => `content-length: ${Buffer.byteLength(body)}`;

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
  [
    'header-without-colon',
    'has a header line without a colon',
    raw((answer) => message(answer, lengthOf(answer), 'nonsense')),
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
    'version-unknown',
    'is in HTTP/9.9',
    raw((answer) => message(answer, lengthOf(answer)).replace('HTTP/1.1', 'HTTP/9.9')),
  ],
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
function lastChunk(text: string): string {
  return `${chunk(text)}0\r\n\r\n`;
}

function* endless(piece: string): Generator<string> {
  while (true) yield piece;
}

const brokenEncodings: readonly (readonly [
  name: string,
  says: string,
  encoding: string,
  body: (answer: Answer) => string | Buffer,
])[] = [
  ['encoding-not-applied', 'is declared as gzip, but is not', 'gzip', ({ body }) => body],
  ['encoding-cut-short', 'is gzip without its end', 'gzip', ({ body }) => gzipSync(body).subarray(0, -12)],
  ['encoding-bomb', 'is a gibibyte of zeros, compressed', 'gzip', gibibyteOfZeros],
];

/** Answers with something that is not an HTTP message. */
export const protocol: readonly FaultRow[] = [
  ...brokenMessages.map(([name, says, send]): FaultRow => [
    `protocol/${name}`,
    'http/message',
    `The answer to a transfer ${says}.`,
    sending('transferred', send),
  ]),
  ...brokenEncodings.map(([name, says, encoding, bodyOf]): FaultRow => [
    `protocol/${name}`,
    'http/message',
    `The body of the answer to a transfer ${says}.`,
    answering('transferred', (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'content-encoding': encoding },
      body: bodyOf(answer),
    })),
  ]),
  ...(['refused', 'read'] as const).flatMap((outcome) =>
    brokenMessages
      .filter(([name]) => ['dropped', 'never-sent', 'body-cut-short'].includes(name))
      .map(([name, says, send]): FaultRow => [
        `protocol/${outcome}-${name}`,
        'http/message',
        outcome === 'read' ? `The answer to a GET ${says}.` : `A refusal ${says}.`,
        sending(outcome, send),
      ]),
  ),
  [
    'protocol/malformed-body-never-answered',
    'http/message',
    'A body that is not JSON is never answered.',
    { send: (answer, exchange) => (answer.reason === 'body' ? undefined : documented.send(answer, exchange)) },
  ],
  [
    'protocol/nested-200000-deep',
    'success/phone-call',
    'The answer to a transfer is JSON that is nested 200,000 deep.',
    answering('transferred', (answer) => ({ ...answer, body: '['.repeat(200_000) + ']'.repeat(200_000) })),
  ],
  [
    'protocol/accept-anything-refused',
    'http/header-notation',
    'A transfer whose Accept does not name JSON is refused.',
    rejecting('mediaType', (_, { request }) => !/json/.test(request.headers.accept ?? '')),
  ],
  [
    'protocol/chunks-refused',
    'http/header-notation',
    'A transfer whose body travels in chunks is refused with 415.',
    rejecting('mediaType', (_, { request }) => request.headers['transfer-encoding'] !== undefined),
  ],
  [
    'protocol/no-content-with-length',
    'success/no-content',
    'A transfer is answered with 204, a content-length and a body.',
    sending(
      'transferred',
      raw(({ body }) => message({ status: 204, body }, lengthOf({ body }))),
    ),
  ],
  [
    'protocol/no-content-followed-by-bytes',
    'http/message',
    'A transfer is answered with 204 and bytes behind it.',
    sending(
      'transferred',
      raw(({ body }) => `HTTP/1.1 204 No Content\r\n\r\n${body}`),
    ),
  ],
];
