import { gzipSync } from 'node:zlib';
import { answering, errorAnswer, pause, without, type Members } from '../servers/plain/variations.ts';
import { rewritingCode, rewritingJson } from '../servers/proxied/start.ts';
import { startProxiedMock, type ProxiedMockOptions, type Rewriting } from '../servers/proxied/start.ts';
import type { UnusualServer } from '../servers/server.ts';
import {
  encoding,
  headerLines,
  sendingInPieces,
  withHeaders,
  withLettersEscaped,
  writing,
  writingJson,
} from './sending.ts';

const headers: readonly (readonly [name: string, says: string, more: Readonly<Record<string, string | string[]>>])[] = [
  ['cookies', 'sets two cookies', { 'Set-Cookie': ['a=1; Path=/', 'b=2; Path=/; HttpOnly'] }],
  ['of-proxies', 'has headers of proxies', { via: '1.1 edge', 'x-request-id': '7f1a', server: 'edge' }],
  ['close', 'tells to close the connection', { connection: 'close' }],
];

/** The mock behind a proxy that is unusual in one thing, and right. */
export const proxiedMocks: readonly UnusualServer[] = [
  mocked('as-it-is', 'Nothing is unusual about it.', {}),
  mocked('extra-calls', 'It knows 50 more calls.', {}, { extraCalls: 50 }),
  mocked('mounted-below-a-path', 'It is mounted below /pbx/v1.', {}, { mountedAt: '/pbx/v1' }),
  ...headers.map(([name, says, more]) =>
    mocked(
      `headers-${name}`,
      `Every answer ${says}.`,
      withHeaders(() => more),
    ),
  ),
  mocked(
    'media-type-charset',
    'Bodies are declared as application/json; charset=utf-8.',
    withHeaders(({ body }) => (body.length === 0 ? {} : { 'content-type': 'application/json; charset=utf-8' })),
  ),
  mocked(
    'accepted',
    'Every transfer is answered with 202.',
    answering('transferred', (answer) => ({ ...answer, status: answer.status === 204 ? 204 : 202 })),
  ),
  mocked(
    'no-content',
    'Every transfer is answered with 204.',
    answering('transferred', (answer) => ({ ...answer, status: 204, headers: {}, body: '' })),
  ),
  mocked('encoding-gzip', 'Bodies are encoded with gzip where the client accepts it.', encoding('gzip', gzipSync)),
  mocked('chunk-per-byte', 'Bodies travel in chunks of one byte.', sendingInPieces(1)),
  mocked('http-1.0', 'Answers are in HTTP/1.0 and end with the connection.', {
    send: writing((answer) => `HTTP/1.0 ${answer.status} OK\r\n${headerLines(answer)}\r\n`),
  }),
  mocked('letters-escaped', 'JSON has escaped letters.', writingJson(withLettersEscaped)),
  mocked('latency', 'Every answer takes 30 ms.', {
    finish: async (answer) => {
      await pause(30);
      return answer;
    },
  }),
  mocked(
    'unknown-members',
    'A transferred call has undocumented members.',
    rewritingJson('transferred', (call) => ({ ...call, tenant: 3, tags: ['a'], recordingState: { on: false } })),
  ),
  mocked(
    'unknown-members-in-errors',
    'Every error has undocumented members.',
    rewritingJson('refused', (refusal) => ({ ...refusal, requestId: '7f1a' })),
  ),
  mocked(
    'entry-list',
    'A call is read as the only entry of a list.',
    rewritingJson('read', (call) => ({ startIndex: 0, totalResults: 1, entry: [call] })),
  ),
  mocked(
    'not-implemented',
    'Reading is answered with 501.',
    answering('read', () => errorAnswer(501, 'request_not_implemented')),
  ),
  mocked(
    'forbidden',
    'A request that is not authorized is refused with 403.',
    rewritingCode('access_denied', () => errorAnswer(403, 'token_expired')),
  ),
  mocked(
    'links',
    'The link of a transferred call is called links.',
    rewritingJson('transferred', (call) => ({ ...without(call, 'link'), links: call['link'] })),
  ),
  mocked(
    'only-the-id',
    'The answer to a transfer carries the id only.',
    rewritingJson('transferred', (call: Members) => (call['id'] === undefined ? call : { id: call['id'] })),
    { warns: ['success/extension', 'success/link'] },
  ),
];

function mocked(
  name: string,
  says: string,
  rewriting: Rewriting,
  { warns, ...options }: ProxiedMockOptions & Pick<UnusualServer, 'warns'> = {},
): UnusualServer {
  const start = () => startProxiedMock(rewriting, options);
  return { id: `mock/${name}`, says, implementation: 'mock', ...(warns && { warns }), start };
}
