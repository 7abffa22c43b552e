import type { Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented, foreignCall, moveCall, type Switchboard } from '../servers/plain/documented.ts';
import { accepting, answering, errorAnswer, refusing } from '../servers/plain/variations.ts';
import type { FaultRow, Faults } from '../servers/server.ts';

/** Accepts more requests, by their Authorization header. */
const admitting = (isAdmitted: (header: string, exchange: Exchange) => boolean) =>
  accepting('authorization', (header, exchange) => isAdmitted(String(header ?? ''), exchange));

const isReading = ({ request }: Exchange) => request.method === 'GET';
const isUndelimited = ({ request }: Exchange) =>
  request.headers['transfer-encoding'] === 'chunked' && request.headers.authorization === undefined;

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
export const authorization: Faults = {
  'authorization/token-malformed': [
    [
      'authorization/any-scheme-accepted',
      'A good token under any scheme is accepted.',
      admitting((header, { tokens }) => tokens.includes(header.split(' ')[1] ?? '')),
    ],
    [
      'authorization/list-accepted',
      'A good token before a comma is accepted.',
      admitting((header, { tokens }) => tokens.includes(/^Bearer ([^,]+),/.exec(header)?.[1] ?? '')),
    ],
  ],
  'authorization/token-invalid': [
    [
      'authorization/name-of-a-member-accepted',
      'A token that every object has as a member is accepted.',
      admitting((header) => header === 'Bearer constructor'),
    ],
    [
      'authorization/any-bearer-accepted',
      'Every token is accepted.',
      admitting((header) => /^Bearer \S+$/i.test(header)),
    ],
    [
      'authorization/beginning-accepted',
      'The beginning of a good token is accepted.',
      admitting(
        (header, { tokens }) => /\S \S/.test(header) && tokens.some((one) => `Bearer ${one}`.startsWith(header)),
      ),
    ],
    [
      'authorization/last-character-ignored',
      'Tokens are compared without their last character, and by their length.',
      admitting((header, { tokens }) =>
        tokens.some((token) => header.length === token.length + 7 && header.startsWith(`Bearer ${token.slice(0, -1)}`)),
      ),
    ],
    [
      'authorization/longer-accepted',
      'A good token with something after it is accepted.',
      admitting((header, { tokens }) => tokens.some((token) => header.startsWith(`Bearer ${token}`))),
    ],
    [
      'authorization/in-another-case-accepted',
      'A good token in other letters is accepted.',
      admitting((header, { tokens }) =>
        tokens.some((token) => `Bearer ${token}`.toLowerCase() === header.toLowerCase()),
      ),
    ],
    [
      'authorization/reading-takes-any-token',
      'A call can be read with any token.',
      admitting((header, exchange) => header !== '' && isReading(exchange)),
    ],
  ],
  'authorization/token-missing': [
    [
      'authorization/redirected',
      'A request that is not authorized is redirected to a page to log in.',
      refusing('authorization', () => ({ outcome: 'refused', status: 302, headers: { location: '/login' }, body: '' })),
    ],
    [
      'authorization/reading-needs-none',
      'A call can be read without a token.',
      admitting((header, exchange) => header === '' && isReading(exchange)),
    ],
    [
      'authorization/me-needs-none',
      'A call by @me needs no token.',
      admitting((header, { address }) => header === '' && address?.userId === '@me'),
    ],
    [
      'authorization/reading-by-viewer-needs-none',
      'A call can be read by @viewer without a token.',
      admitting((header, exchange) => header === '' && isReading(exchange) && exchange.address?.userId === '@viewer'),
    ],
    [
      'authorization/same-machine-needs-none',
      'A request that says that it comes from the same machine needs no token.',
      admitting((header, { request }) => header === '' && request.headers['x-forwarded-for'] === '127.0.0.1'),
    ],
    [
      'authorization/own-page-needs-none',
      'A request that says that a page of the server made it needs no token.',
      admitting((header, { request }) => header === '' && request.headers['x-requested-with'] !== undefined),
    ],
    [
      'authorization/none-after-a-transfer',
      'Once a call was transferred, no request needs a token.',
      () => {
        let wasTransferred = false;
        return {
          ...admitting((header) => header === '' && wasTransferred),
          transfer: (exchange) => {
            wasTransferred = true;
            return documented.transfer(exchange);
          },
        };
      },
    ],
    [
      'authorization/owner-of-self-needs-none',
      'With @owner and @self no request needs a token.',
      admitting(
        (header, { address }) => header === '' && address?.userId === '@owner' && address.extension === '@self',
      ),
    ],
    [
      'authorization/query-needs-none',
      'A request with a query needs no token.',
      admitting((header, { request }) => header === '' && request.url?.includes('?') === true),
    ],
    [
      'authorization/chunked-needs-none',
      'A request without a content-length needs no token, and its body no media type.',
      {
        accepts: {
          ...documented.accepts,
          authorization: (header, exchange) =>
            documented.accepts.authorization(header, exchange) || isUndelimited(exchange),
          mediaType: (value, exchange) => documented.accepts.mediaType(value, exchange) || isUndelimited(exchange),
        },
      },
    ],
    [
      'authorization/slash-needs-none',
      'A call whose path has a slash at its end needs no token.',
      admitting((header, { request }) => header === '' && request.url?.endsWith('/') === true),
    ],
  ],
  'authorization/challenge': [
    [
      'authorization/no-challenge',
      'A 401 does not tell how a request is authorized.',
      refusing('authorization', (answer) => ({ ...answer, headers: { 'content-type': 'application/json' } })),
    ],
  ],
  'effects/refusal-moves-nothing': [
    [
      'authorization/moved-although-refused',
      'A request that is not authorized is refused, but the call moves.',
      { afterRefusal: (reason, exchange) => reason === 'authorization' && void documented.transfer(exchange) },
    ],
  ],
  'authorization/foreign-call': [
    [
      'authorization/foreign-call-found-by-self',
      'The calls of all Users are looked through for @self.',
      {
        find: (address, board) => {
          const isWide = address.extension === '@self' && address.phoneCallId !== undefined;
          const found = joined(board).calls.filter(({ id }) => isWide && id === address.phoneCallId);
          return found.length > 0 ? found : documented.find(address, board);
        },
      },
    ],
    ...(['@me', '@viewer', '@owner'] as const).map((alias): FaultRow => [
      `authorization/foreign-call-found-by-${alias.slice(1)}`,
      `With ${alias} and the extension of a call, the calls of all Users are looked through.`,
      {
        ...reaching,
        find: (address, board) => documented.find(address, address.userId === alias ? joined(board) : board),
      },
    ]),
    [
      'authorization/foreign-call-shown',
      'A token shows the calls of all Users, but moves those of its own only.',
      {
        ...reaching,
        accepts: {
          ...reaching.accepts,
          phoneCallId: (_, exchange) =>
            exchange.calls?.every((call) => isReading(exchange) || exchange.switchboard.calls.includes(call)) === true,
        },
      },
    ],
    [
      'authorization/foreign-call-named-in-the-body',
      'The call moves that the body names, whoever has it, if its party transfers it.',
      {
        transfer: (exchange) => {
          const { phoneCallId, transferFromNumber, sendCallTo } = exchange.action ?? {};
          const named = joined(exchange.switchboard).calls.find(({ id }) => id === phoneCallId);
          if (named?.source[0] === transferFromNumber && named) moveCall(named, sendCallTo, transferFromNumber);
          else void documented.transfer(exchange);
        },
      },
    ],
    [
      'authorization/foreign-call-moved-although-refused',
      'A transfer of a call of another User is refused, but the call moves.',
      {
        afterRefusal: (reason, { request, switchboard, action }) => {
          const call = switchboard.foreign?.calls.find(({ id }) => request.url?.includes(id));
          if (reason !== 'authorization' && call?.id === foreignCall.call && request.method === 'PUT')
            moveCall(call, action?.['sendCallTo']);
        },
      },
    ],
  ],
};

/** Returns a switchboard with the calls of all Users. */
function joined(board: Switchboard): Switchboard {
  const { foreign = board } = board;
  return {
    userIds: [...board.userIds, ...foreign.userIds],
    extensions: [...board.extensions, ...foreign.extensions],
    calls: [...board.calls, ...foreign.calls],
  };
}

/** Refuses or redirects every valid transfer. */
export const statuses: Faults = {
  'success/status': [
    [
      'statuses/valid-refused-400-pc-phoncall-invalid',
      'Every valid transfer is refused with 400 and pc_phoncall_invalid, and moves nothing.',
      { transfer: () => {}, ...answering('transferred', () => errorAnswer(400, 'pc_phoncall_invalid')) },
    ],
    [
      'statuses/redirect-307-to-another-origin',
      'A transfer is answered with 307 and the address of another origin, where it succeeds.',
      {
        transfer: (exchange) => (isElsewhere(exchange) ? documented.transfer(exchange) : undefined),
        ...answering('transferred', (answer, exchange) => {
          const location = `${exchange.base.replace('127.0.0.1', 'localhost')}${exchange.request.url}`;
          return isElsewhere(exchange) ? answer : { outcome: 'refused', status: 307, headers: { location }, body: '' };
        }),
      },
    ],
  ],
};

function isElsewhere({ base }: Exchange): boolean {
  return base.includes('localhost');
}
