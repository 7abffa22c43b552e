import type { Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { accepting, errorAnswer, refusing } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

type Row = readonly [
  name: string,
  requirement: string,
  says: string,
  accepts: (header: string | undefined, tokens: readonly string[]) => boolean,
];

const accepted: readonly Row[] = [
  [
    'any-scheme',
    'authorization/token-malformed',
    'A good token under any scheme',
    (header, tokens) => tokens.includes(header?.split(' ')[1] ?? ''),
  ],
  [
    'anything-but-bearer',
    'authorization/token-malformed',
    'Every scheme but Bearer',
    (header) => header !== undefined && !/^Bearer/i.test(header),
  ],
  ['any-bearer', 'authorization/token-invalid', 'Every token', (header) => /^Bearer \S+$/i.test(header ?? '')],
  ['any-header', 'authorization/token-invalid', 'Everything in the header', (header) => header !== undefined],
  [
    'any-word',
    'authorization/token-invalid',
    'Every token of letters and hyphens',
    (header) => /^Bearer [a-z-]+$/.test(header ?? ''),
  ],
  [
    'beginning',
    'authorization/token-invalid',
    'The beginning of a good token',
    (header, tokens) =>
      tokens.some(
        (token) => token.length > 1 && `Bearer ${token}`.startsWith(header ?? 'x') && /\S \S/.test(header ?? ''),
      ),
  ],
  [
    'longer',
    'authorization/token-invalid',
    'A good token with something after it',
    (header, tokens) => tokens.some((token) => header?.startsWith(`Bearer ${token}`)),
  ],
];

/** Servers that accept unauthorized requests, or refuse them in another way. */
export const authorization: readonly FaultyServer[] = [
  ...accepted.map(([name, requirement, says, accepts]) =>
    fault(
      `authorization/${name}-accepted`,
      requirement,
      `${says} is accepted.`,
      accepting('authorization', (header, { tokens }) => accepts(header as string | undefined, tokens)),
    ),
  ),
  fault(
    'authorization/redirected',
    'authorization/token-missing',
    'A request that is not authorized is redirected to a page to log in.',
    refusing('authorization', () => ({ outcome: 'refused', status: 302, headers: { location: '/login' }, body: '' })),
  ),
  fault(
    'authorization/wrong-token-answered-400',
    'authorization/token-invalid',
    'A token that was never issued is answered with 400, a missing one as documented.',
    refusingWhere((header) => header !== undefined && /^Bearer \S/i.test(header), 400),
  ),
  fault(
    'authorization/wrong-token-answered-500',
    'authorization/token-invalid',
    'A token that was never issued makes the server fail.',
    refusingWhere((header) => header !== undefined && /^Bearer \S/i.test(header), 500),
  ),
  fault(
    'authorization/other-scheme-answered-400',
    'authorization/token-malformed',
    'An Authorization header without a bearer token is answered with 400.',
    refusingWhere((header) => header !== undefined && !/^Bearer \S/i.test(header), 400),
  ),
  fault(
    'authorization/other-scheme-answered-500',
    'authorization/token-malformed',
    'An Authorization header without a bearer token makes the server fail.',
    refusingWhere((header) => header !== undefined && !/^Bearer \S/i.test(header), 500),
  ),
  fault(
    'authorization/reading-needs-none',
    'authorization/token-missing',
    'A call can be read without a token.',
    accepting('authorization', (header, { request }) => header === undefined && request.method === 'GET'),
  ),
  fault(
    'authorization/no-challenge',
    'authorization/challenge',
    'A 401 does not tell how a request is authorized.',
    refusing('authorization', ({ headers: _, ...answer }) => ({
      ...answer,
      headers: { 'content-type': 'application/json' },
    })),
  ),
  fault(
    'authorization/moved-although-refused',
    'effects/refusal-moves-nothing',
    'A request that is not authorized is refused, but the call moves.',
    {
      afterRefusal: (reason, exchange) => {
        if (reason === 'authorization') void documented.transfer(exchange);
      },
    },
  ),
];

function refusingWhere(where: (header: string | undefined) => boolean, status: number): Partial<Behaviour> {
  return refusing('authorization', (answer, { request }: Exchange) =>
    where(request.headers.authorization)
      ? errorAnswer(status, status === 500 ? 'internal_server_error' : 'invalid_token')
      : answer,
  );
}
