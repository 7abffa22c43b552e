import type { Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { accepting, matching, reading, rejecting } from '../servers/plain/variations.ts';
import type { FaultRow } from '../servers/server.ts';

type Where = (exchange: Exchange) => boolean;

const byMe: Where = ({ address }) => address?.userId === '@me';
const bySelf: Where = ({ address }) => address?.extension === '@self';
const byBoth: Where = (exchange) => byMe(exchange) && bySelf(exchange);
const hasQuery = (name: string): Where => {
  return ({ request }) => new URL(request.url ?? '/', 'http://server').searchParams.has(name);
};

/** Paths for which the token is not checked. */
const open: readonly (readonly [name: string, says: string, isOpen: Where])[] = [
  ['me', 'by @me', byMe],
  ['self', 'by @self', bySelf],
  ['slash', 'with a slash at its end', ({ request }) => request.url?.endsWith('/') ?? false],
  ['encoded', 'with an encoding', ({ request }) => (request.url ?? '').includes('%')],
  ['reading-by-aliases', 'that is read by @me and @self', (e) => e.request.method === 'GET' && byBoth(e)],
];

type Taken = readonly [
  name: string,
  parameter: 'userId' | 'sendCallTo',
  requirement: string,
  says: string,
  takes: (value: unknown) => boolean,
];

/** Values that are taken for another, each by one mistake that programs make. */
const values: readonly Taken[] = [
  ['alias-beginning', 'userId', 'path/user-invalid', 'A userId that begins with @me', matching(/^@me/)],
  ['name-of-a-member', 'userId', 'path/user-invalid', 'A userId that every object has as a member', isMember],
  ['cut-at-nul', 'sendCallTo', 'body/send-call-to-invalid', 'A number up to its NUL', matching(/^[0-9*]+\0/)],
  ['plus-anywhere', 'sendCallTo', 'body/send-call-to-invalid', 'A plus before an extension', matching(/^\+[0-9*]+$/)],
];

/** Makes mistakes in one branch of a server only, or those that come with a language. */
export const branches: readonly FaultRow[] = [
  ...open.map(([name, says, isOpen]): FaultRow => [
    `branches/${name}-without-token`,
    'authorization/token-missing',
    `A call needs no token, if its path is one ${says}.`,
    accepting('authorization', (header, exchange) => header === undefined && isOpen(exchange)),
  ]),
  ...values.map(([name, parameter, requirement, says, takes]): FaultRow => [
    `values/${name}`,
    requirement,
    `${says} is accepted.`,
    accepting(parameter, takes),
  ]),
  [
    'values/call-named-as-a-member',
    'path/phone-call-unknown',
    'A phoneCallId that every object has as a member finds a call.',
    finding(({ phoneCallId }) => isMember(phoneCallId)),
  ],
  [
    'values/extension-as-pattern',
    'path/extension-invalid',
    'An extension is a pattern, in which an asterisk stands for any number of what is before it.',
    {
      ...accepting(
        'extension',
        (value, { switchboard }) => findAsPattern(String(value), switchboard.extensions) !== undefined,
      ),
      find: (address, board) => {
        const extension = findAsPattern(address.extension, board.extensions) ?? address.extension;
        return documented.find({ ...address, extension }, board);
      },
    },
  ],
  [
    'branches/self-user-ignored',
    'path/user-invalid',
    'With @self the userId is not looked at.',
    accepting('userId', (_, exchange) => bySelf(exchange)),
  ],
  [
    'branches/me-extension-ignored',
    'path/extension-invalid',
    'With @me the extension is not looked at.',
    {
      ...accepting('extension', (_, exchange) => byMe(exchange)),
      find: (address, board) =>
        documented.find(address.userId === '@me' ? { ...address, extension: '@self' } : address, board),
    },
  ],
  [
    'branches/self-first-call',
    'path/phone-call-unknown',
    'With @self an id that no call has stands for the first one.',
    finding(({ extension }) => extension === '@self'),
  ],
  [
    'branches/self-number-unchecked',
    'body/send-call-to-invalid',
    'With @self any text is a number.',
    accepting('sendCallTo', (value, exchange) => typeof value === 'string' && bySelf(exchange)),
  ],
  [
    'branches/from-unchecked-without-number',
    'body/transfer-from-missing',
    'Without transferNumber the transferFromNumber is not looked at.',
    accepting('transferFromNumber', (_, { action }) => action?.['transferNumber'] === undefined),
  ],
  [
    'branches/kept-from-before',
    'body/send-call-to-missing',
    'After a transfer a body without sendCallTo has that of the one before.',
    () => {
      let isKept = false;
      return {
        ...accepting('sendCallTo', (value) => value === undefined && isKept),
        transfer: (exchange) => {
          isKept = true;
          return documented.transfer(exchange);
        },
      };
    },
  ],
  [
    'branches/query-merged',
    'body/several-faults',
    'Members of the query are members of the body.',
    accepting('sendCallTo', (value, exchange) => value === undefined && hasQuery('sendCallTo')(exchange)),
  ],
  [
    'branches/wrapped',
    'body/several-faults',
    'A member that is an object is taken for the whole body.',
    {
      read: (body) => {
        const members = documented.read(body);
        return (members?.['phoneCall'] as Record<string, unknown> | undefined) ?? members;
      },
    },
  ],
  [
    'branches/members-for-the-path',
    'body/unknown-members',
    'A member phoneCallId takes the place of that of the path.',
    rejecting('phoneCallId', (_, { action }) => action?.['phoneCallId'] !== undefined),
  ],
  [
    'read-back/other-calls-too',
    'read-back/id',
    'Reading a call shows those of its extension too.',
    reading((call, exchange) => ({
      entry: [
        call,
        ...exchange.switchboard.calls
          .filter(({ id }) => id !== call['id'])
          .map((other) => documented.showDetails(other, exchange)),
      ],
    })),
  ],
];

/** Tells whether every object of JavaScript has a member of a name. */
function isMember(name: unknown): boolean {
  return typeof name === 'string' && name in {};
}

/** Finds the first call for some addresses that name none. */
function finding(isMeant: (address: Parameters<Behaviour['find']>[0]) => boolean): Partial<Behaviour> {
  return {
    find: (address, board) =>
      documented.find(address, board) ?? (isMeant(address) ? board.calls.slice(0, 1) : undefined),
  };
}

function findAsPattern(value: string, extensions: readonly string[]): string | undefined {
  return extensions.find((extension) => new RegExp(`^${extension}$`).test(value));
}
