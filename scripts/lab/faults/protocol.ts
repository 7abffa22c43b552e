import { gzipSync } from 'node:zlib';
import type { Answer } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, rejecting } from '../servers/plain/variations.ts';
import { brokenMessages, lastChunk, lengthOf } from './broken-messages.ts';
import type { FaultRow } from '../servers/server.ts';
import { gibibyteOfZeros, message, raw, sending } from './wire.ts';

const brokenEncodings: readonly (readonly [
  name: string,
  says: string,
  encoding: string,
  body: (answer: Answer) => string | Buffer,
])[] = [
  ['encoding-not-applied', 'is declared as gzip, but is not', 'gzip', ({ body }) => body],
  ['encoding-another', 'is declared as br, but is gzip', 'br', ({ body }) => gzipSync(body)],
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
      raw(({ body }) => noContent(body, lengthOf({ body }))),
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
  [
    'protocol/no-content-with-chunks',
    'success/no-content',
    'A transfer is answered with 204 and a body in chunks.',
    sending(
      'transferred',
      raw(({ body }) => noContent(lastChunk(String(body)), 'transfer-encoding: chunked')),
    ),
  ],
];

function noContent(body: Answer['body'], header: string): string {
  return message({ status: 204, body }, header);
}
