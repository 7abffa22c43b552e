import { STATUS_CODES } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, rejecting } from '../servers/plain/variations.ts';
import type { FaultRow, Faults } from '../servers/server.ts';

/** Puts an answer on the wire. */
type Send = (answer: Answer, exchange: Exchange) => void;

/** Sends the answers of one outcome in another way. */
function sending(outcome: Answer['outcome'], send: Send): Partial<Behaviour> {
  return {
    send: (answer, exchange) =>
      answer.outcome === outcome ? send(answer, exchange) : documented.send(answer, exchange),
  };
}

/** Writes bytes to the socket as they are, and then ends it. */
function raw(writeBytes: (answer: Answer) => string): Send {
  return (answer, { request }) => void request.socket.end(writeBytes(answer));
}

/** Writes bytes to the socket as they are, and leaves it open. */
function rawAndOpen(writeBytes: (answer: Answer) => string): Send {
  return (answer, { request }) => void request.socket.write(writeBytes(answer));
}

/** Formats an answer as an HTTP/1.1 message with further header lines. */
export function message(answer: Pick<Answer, 'status' | 'body'>, ...headers: readonly string[]): string {
  const statusLine = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`;
  const lines = [statusLine, 'content-type: application/json', ...headers];
  return `${lines.join('\r\n')}\r\n\r\n${answer.body}`;
}

/** Writes a head, then a piece again and again until the connection is closed or the pieces run out. */
function dripping(head: (answer: Answer) => string, wait: number, pieces: (answer: Answer) => Iterator<string>): Send {
  return (answer, { request: { socket } }) => {
    socket.write(head(answer));
    const left = pieces(answer);
    const timer = setInterval(() => {
      const { done, value } = left.next();
      if (done) clearInterval(timer);
      else socket.write(value);
    }, wait).unref();
    socket.on('close', () => clearInterval(timer));
  };
}

function* endless(piece: string): Generator<string> {
  while (true) yield piece;
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** Formats the content-length header of an answer. */
const formatLength = ({ body }: Pick<Answer, 'body'>) => `content-length: ${Buffer.byteLength(body)}`;
const whole = (answer: Answer) => message(answer, formatLength(answer));
const headOf = (answer: Answer) => message({ ...answer, body: '' }, formatLength(answer));
const chunked = 'transfer-encoding: chunked';

/** Ways to break the HTTP message of an answer. */
export const brokenMessages: readonly (readonly [name: string, says: string, send: Send])[] = [
  ['dropped', 'is missing: the connection is dropped', (_answer, { request }) => void request.socket.destroy()],
  ['never-sent', 'never comes', () => {}],
  ['only-continue', 'is 100 Continue and nothing more', rawAndOpen(() => 'HTTP/1.1 100 Continue\r\n\r\n')],
  [
    'headers-never-end',
    'has headers that never end',
    dripping(
      () => 'HTTP/1.1 200 OK\r\n',
      20,
      () => endless('x-filler: a\r\n'),
    ),
  ],
  [
    'body-cut-short',
    'has fewer bytes than its content-length',
    raw((answer) => message(answer, 'content-length: 4096')),
  ],
  ['body-withheld', 'has a body that never comes', rawAndOpen(headOf)],
  [
    'body-never-ends',
    'has a body that never ends',
    dripping(
      () => message({ status: 200, body: '' }, chunked),
      10,
      () => endless(chunk(' '.repeat(1024))),
    ),
  ],
  ['body-drips', 'takes a second for each byte', dripping(headOf, 1000, ({ body }) => String(body)[Symbol.iterator]())],
  [
    'chunks-cut-short',
    'has no last chunk',
    raw((answer) => message({ ...answer, body: chunk(String(answer.body)) }, chunked)),
  ],
  [
    'two-lengths',
    'has two content-lengths that differ',
    raw((answer) => message(answer, formatLength(answer), 'content-length: 5')),
  ],
  [
    'header-without-colon',
    'has a header line without a colon',
    raw((answer) => message(answer, formatLength(answer), 'nonsense')),
  ],
  ['not-http', 'is the banner of an SSH server', raw(() => 'SSH-2.0-OpenSSH_9.6\r\n')],
  ['version-unknown', 'is in HTTP/2.0', raw((answer) => whole(answer).replace('HTTP/1.1', 'HTTP/2.0'))],
  ['doubled', 'comes twice in one piece', rawAndOpen((answer) => whole(answer).repeat(2))],
  ['followed-by-bytes', 'is followed by bytes of no message', rawAndOpen((answer) => `${whole(answer)}{}`)],
  [
    'switched',
    'is 101 Switching Protocols',
    rawAndOpen(() => 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'),
  ],
];

const mebibyte = 1024 * 1024;
let bomb: Buffer | undefined;

/** Compresses a gibibyte of zeros. Gzip members may follow one another, so one is made and repeated. */
function compressGibibyte(): Buffer {
  bomb ??= Buffer.concat(Array<Buffer>(64).fill(gzipSync(Buffer.alloc(16 * mebibyte), { level: 9 })));
  return bomb;
}

function asGzip(name: string, says: string, encode: (body: Answer['body']) => Answer['body']): FaultRow {
  return [
    `protocol/${name}`,
    `The body of the answer to a transfer ${says}.`,
    answering('transferred', ({ headers, body, ...answer }) => {
      return { ...answer, headers: { ...headers, 'content-encoding': 'gzip' }, body: encode(body) };
    }),
  ];
}

/** Answers with something that is not an HTTP message, or demands another one than HTTP does. */
export const protocol: Faults = {
  'http/message': [
    ...brokenMessages.map(([name, says, send]): FaultRow => [
      `protocol/${name}`,
      `The answer to a transfer ${says}.`,
      sending('transferred', send),
    ]),
    asGzip('encoding-not-applied', 'is declared as gzip, but is not', (body) => body),
    asGzip('encoding-bomb', 'is a gibibyte of zeros, compressed', compressGibibyte),
    [
      'protocol/refused-dropped',
      'A refusal is missing: the connection is dropped.',
      sending('refused', (_answer, { request }) => void request.socket.destroy()),
    ],
    [
      'protocol/read-body-cut-short',
      'The answer to a GET has fewer bytes than its content-length.',
      sending(
        'read',
        raw((answer) => message(answer, 'content-length: 4096')),
      ),
    ],
    [
      'protocol/malformed-body-never-answered',
      'A body that is not JSON is never answered.',
      { send: (answer, exchange) => (answer.reason === 'body' ? undefined : documented.send(answer, exchange)) },
    ],
    [
      'path/undecodable-drops-the-connection',
      'A percent sign without digits ends the connection without an answer.',
      {
        send: (answer, exchange) =>
          /%(?![0-9A-Fa-f]{2})/.test(exchange.request.url ?? '')
            ? void exchange.request.socket.destroy()
            : documented.send(answer, exchange),
      },
    ],
    [
      'protocol/no-content-followed-by-bytes',
      'A transfer is answered with 204 and bytes behind it.',
      sending(
        'transferred',
        raw(({ body }) => `HTTP/1.1 204 No Content\r\n\r\n${body}`),
      ),
    ],
  ],
  'success/no-content': [
    [
      'protocol/no-content-with-length',
      'A transfer is answered with 204, a content-length and a body.',
      sending(
        'transferred',
        raw(({ body }) => message({ status: 204, body }, formatLength({ body }))),
      ),
    ],
  ],
  'success/phone-call': [
    [
      'protocol/nested-200000-deep',
      'The answer to a transfer is JSON that is nested 200,000 deep.',
      answering('transferred', (answer) => ({ ...answer, body: '['.repeat(200_000) + ']'.repeat(200_000) })),
    ],
  ],
  'http/header-notation': [
    [
      'protocol/accept-anything-refused',
      'A transfer whose Accept does not name JSON is refused.',
      rejecting('mediaType', (_, { request }) => !/json/.test(request.headers.accept ?? '')),
    ],
    [
      'protocol/chunks-refused',
      'A transfer whose body travels in chunks is refused with 415.',
      rejecting('mediaType', (_, { request }) => request.headers['transfer-encoding'] !== undefined),
    ],
  ],
};
