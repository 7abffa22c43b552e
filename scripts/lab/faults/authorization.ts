import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented, foreignCall, moveCall, type Switchboard } from '../servers/plain/documented.ts';
import { accepting, answering, errorAnswer, refusing } from '../servers/plain/variations.ts';
import { hyphened, type FaultRow } from '../servers/server.ts';

type Accepts = (header: string, tokens: readonly string[]) => boolean;

const accepted: readonly (readonly [name: string, kind: string, says: string, accepts: Accepts])[] = [
  ['any-scheme', 'malformed', 'A good token under any scheme', (h, tokens) => tokens.includes(h.split(' ')[1] ?? '')],
  [
    'anything-but-bearer',
    'malformed',
    'Every scheme but Bearer',
    (header) => header !== '' && !/^Bearer/i.test(header),
  ],
  ['any-bearer', 'invalid', 'Every token', (header) => /^Bearer \S+$/i.test(header)],
  ['any-header', 'invalid', 'Everything in the header', (header) => header !== ''],
  ['any-word', 'invalid', 'Every token of letters and hyphens', (header) => /^Bearer [a-z-]+$/.test(header)],
  [
    'beginning',
    'invalid',
    'The beginning of a good token',
    (header, tokens) => /\S \S/.test(header) && tokens.some((token) => `Bearer ${token}`.startsWith(header)),
  ],
  [
    'longer',
    'invalid',
    'A good token with something after it',
    (header, tokens) => tokens.some((token) => header.startsWith(`Bearer ${token}`)),
  ],
  [
    'in-another-case',
    'invalid',
    'A good token in other letters',
    (header, tokens) => tokens.some((token) => `Bearer ${token}`.toLowerCase() === header.toLowerCase()),
  ],
];

const isBearer = (header: string) => /^Bearer \S/i.test(header);
const isOther = (header: string) => header !== '' && !isBearer(header);

/** Names of every User, extension and call are accepted, whatever the token. */
const reaching = {
  accepts: {
    ...documented.accepts,
    userId: (value, exchange) =>
      documented.accepts.userId(value, { ...exchange, switchboard: joined(exchange.switchboard) }),
    extension: (value, exchange) =>
      documented.accepts.extension(value, { ...exchange, switchboard: joined(exchange.switchboard) }),
  },
  find: (address, board) => documented.find(address, joined(board)),
} satisfies Partial<Behaviour>;

/** Accepts unauthorized requests, or refuses them in another way. */
export const authorization: readonly FaultRow[] = [
  ...accepted.map(([name, kind, says, accepts]): FaultRow => [
    `authorization/${name}-accepted`,
    `authorization/token-${kind}`,
    `${says} is accepted.`,
    accepting('authorization', (header, { tokens }) => accepts(String(header ?? ''), tokens)),
  ]),
  [
    'authorization/redirected',
    'authorization/token-missing',
    'A request that is not authorized is redirected to a page to log in.',
    refusing('authorization', () => ({ outcome: 'refused', status: 302, headers: { location: '/login' }, body: '' })),
  ],
  [
    'authorization/wrong-token-answered-400',
    'authorization/token-invalid',
    'A token that was never issued is answered with 400, a missing one as documented.',
    refusingWhere(isBearer, 400, 'invalid_token'),
  ],
  [
    'authorization/wrong-token-answered-500',
    'authorization/token-invalid',
    'A token that was never issued makes the server fail.',
    refusingWhere(isBearer, 500, 'internal_server_error'),
  ],
  [
    'authorization/other-scheme-answered-400',
    'authorization/token-malformed',
    'An Authorization header without a bearer token is answered with 400.',
    refusingWhere(isOther, 400, 'invalid_token'),
  ],
  [
    'authorization/other-scheme-answered-500',
    'authorization/token-malformed',
    'An Authorization header without a bearer token makes the server fail.',
    refusingWhere(isOther, 500, 'internal_server_error'),
  ],
  [
    'authorization/reading-needs-none',
    'authorization/token-missing',
    'A call can be read without a token.',
    accepting('authorization', (header, { request }) => header === undefined && request.method === 'GET'),
  ],
  [
    'authorization/reading-takes-any-token',
    'authorization/token-invalid',
    'A call can be read with any token.',
    accepting('authorization', (header, { request }) => header !== undefined && request.method === 'GET'),
  ],
  [
    'authorization/no-challenge',
    'authorization/challenge',
    'A 401 does not tell how a request is authorized.',
    refusing('authorization', (answer) => ({ ...answer, headers: { 'content-type': 'application/json' } })),
  ],
  [
    'authorization/moved-although-refused',
    'effects/refusal-moves-nothing',
    'A request that is not authorized is refused, but the call moves.',
    { afterRefusal: (reason, exchange) => reason === 'authorization' && void documented.transfer(exchange) },
  ],
  ...(['@self', '0003*210'] as const).map((extension): FaultRow => [
    `authorization/foreign-call-found-by-${extension === '@self' ? 'self' : 'its-id'}`,
    'authorization/foreign-call',
    `The calls of all Users are looked through for ${extension}.`,
    {
      find: (address, board) => {
        const { calls } = joined(board);
        const isWide = address.extension === extension && address.phoneCallId !== undefined;
        const found = calls.filter(({ id }) => isWide && id === address.phoneCallId);
        return found.length > 0 ? found : documented.find(address, board);
      },
    },
  ]),
  [
    'authorization/foreign-call-found',
    'authorization/foreign-call',
    'A token reaches the calls of all Users.',
    reaching,
  ],
  [
    'authorization/foreign-call-shown',
    'authorization/foreign-call',
    'A token shows the calls of all Users, but moves those of its own only.',
    {
      ...reaching,
      accepts: {
        ...reaching.accepts,
        phoneCallId: (_, { request, switchboard, calls }) =>
          calls !== undefined && (request.method === 'GET' || calls.every((call) => switchboard.calls.includes(call))),
      },
    },
  ],
  [
    'authorization/foreign-call-moved-although-refused',
    'authorization/foreign-call',
    'A transfer of a call of another User is refused, but the call moves.',
    {
      afterRefusal: (reason, { request, switchboard, action }) => {
        const call = switchboard.foreign?.calls.find(({ id }) => id === foreignCall.call && request.url?.includes(id));
        if (reason !== 'authorization' && call && request.method === 'PUT') moveCall(call, action?.['sendCallTo']);
      },
    },
  ],
];

/** Returns a switchboard with the calls of all Users. */
function joined(board: Switchboard): Switchboard {
  const { foreign = board } = board;
  return {
    userIds: [...board.userIds, ...foreign.userIds],
    extensions: [...board.extensions, ...foreign.extensions],
    calls: [...board.calls, ...foreign.calls],
  };
}

function refusingWhere(where: (header: string) => boolean, status: number, code: string): Partial<Behaviour> {
  return refusing('authorization', (answer, { request }) =>
    where(request.headers.authorization ?? '') ? errorAnswer(status, code) : answer,
  );
}

const refusals: readonly (readonly [status: number, code: string])[] = [
  [400, 'pc_phoncall_invalid'],
  [401, 'access_denied'],
  [409, 'conflict'],
  [500, 'internal_server_error'],
];

/** Refuses or redirects every valid transfer, and moves nothing. */
export const statuses: readonly FaultRow[] = [
  ...refusals.map(([status, code]): FaultRow => [
    `statuses/valid-refused-${status}-${hyphened(code)}`,
    'success/status',
    `Every valid transfer is refused with ${status} and ${code}, and moves nothing.`,
    answeringInstead(() => errorAnswer(status, code)),
  ]),
  ...[301, 302, 307, 308].map((status): FaultRow => [
    `statuses/redirect-${status}-to-itself`,
    'success/status',
    `A transfer is answered with ${status} and the same address, again and again.`,
    answeringInstead((exchange) => redirect(status, `${exchange.base}${exchange.request.url}`)),
  ]),
  ...[302, 307, 308].map((status): FaultRow => [
    `statuses/redirect-${status}-to-another-origin`,
    'success/status',
    `A transfer is answered with ${status} and the address of another origin, where it would succeed.`,
    answeringInstead(
      ({ base, request }) => redirect(status, `${base.replace('127.0.0.1', 'localhost')}${request.url}`),
      ({ base }) => base.includes('localhost'),
    ),
  ]),
  [
    'statuses/redirect-307-to-another-path',
    'success/status',
    'A transfer is answered with 307 and another path, where it succeeds.',
    {
      ...answeringInstead(
        ({ base, request }) => redirect(307, `${base}/moved${request.url}`),
        ({ request }) => request.url?.startsWith('/moved/') ?? false,
      ),
      route: (path) => documented.route(path.replace(/^\/moved\//, '/')),
    },
  ],
];

/** Answers transfers in another way and moves nothing, except those that are understood. */
function answeringInstead(
  answerTo: (exchange: Exchange) => Answer,
  isUnderstood: (exchange: Exchange) => boolean = () => false,
): Partial<Behaviour> {
  return {
    transfer: (exchange) => (isUnderstood(exchange) ? documented.transfer(exchange) : undefined),
    ...answering('transferred', (answer, exchange) => (isUnderstood(exchange) ? answer : answerTo(exchange))),
  };
}

function redirect(status: number, location: string): Answer {
  return { outcome: 'refused', status, headers: { location }, body: '' };
}
