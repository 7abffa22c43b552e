import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented, foreignCall, moveCall, type Switchboard } from '../servers/plain/documented.ts';
import { accepting, answering, errorAnswer, refusing } from '../servers/plain/variations.ts';
import type { FaultRow } from '../servers/server.ts';

type Accepts = (header: string, tokens: readonly string[]) => boolean;

const accepted: readonly (readonly [name: string, kind: string, says: string, accepts: Accepts])[] = [
  ['any-scheme', 'malformed', 'A good token under any scheme', (h, tokens) => tokens.includes(h.split(' ')[1] ?? '')],
  [
    'any-six-letters',
    'malformed',
    'A good token behind any seven characters',
    (h, tokens) => tokens.includes(h.slice(7)),
  ],
  ['last-word', 'malformed', 'A good token as the last word', (h, tokens) => tokens.includes(h.split(' ').pop() ?? '')],
  [
    'list',
    'malformed',
    'A good token before a comma',
    (h, tokens) => tokens.includes(/^Bearer ([^,]+),/.exec(h)?.[1] ?? ''),
  ],
  [
    'up-to-a-dot',
    'invalid',
    'A good token before a dot',
    (h, tokens) => tokens.includes(/^Bearer ([\w-]+)\./.exec(h)?.[1] ?? ''),
  ],
  [
    'name-of-a-member',
    'invalid',
    'A token that every object has as a member',
    (header) => header === 'Bearer constructor',
  ],
  ['any-bearer', 'invalid', 'Every token', (header) => /^Bearer \S+$/i.test(header)],
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
  [
    'authorization/foreign-call-found-by-self',
    'authorization/foreign-call',
    'The calls of all Users are looked through for @self.',
    {
      find: (address, board) => {
        const isWide = address.extension === '@self' && address.phoneCallId !== undefined;
        const found = joined(board).calls.filter(({ id }) => isWide && id === address.phoneCallId);
        return found.length > 0 ? found : documented.find(address, board);
      },
    },
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

/** Refuses or redirects every valid transfer, and moves nothing. */
export const statuses: readonly FaultRow[] = [
  [
    'statuses/valid-refused-400-pc-phoncall-invalid',
    'success/status',
    'Every valid transfer is refused with 400 and pc_phoncall_invalid, and moves nothing.',
    answeringInstead(() => errorAnswer(400, 'pc_phoncall_invalid')),
  ],
  [
    'statuses/redirect-307-to-another-origin',
    'success/status',
    'A transfer is answered with 307 and the address of another origin, where it would succeed.',
    answeringInstead(
      ({ base, request }) => redirect(`${base.replace('127.0.0.1', 'localhost')}${request.url}`),
      ({ base }) => base.includes('localhost'),
    ),
  ],
  [
    'statuses/redirect-307-to-another-path',
    'success/status',
    'A transfer is answered with 307 and another path, where it succeeds.',
    {
      ...answeringInstead(
        ({ base, request }) => redirect(`${base}/moved${request.url}`),
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

function redirect(location: string): Answer {
  return { outcome: 'refused', status: 307, headers: { location }, body: '' };
}
