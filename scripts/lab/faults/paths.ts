import type { Exchange, Reason } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { accepting, errorAnswer, matching, refusing, rejecting } from '../servers/plain/variations.ts';
import type { FaultRow } from '../servers/server.ts';

const aliases = ['me', 'viewer', 'owner'] as const;

const isWord = ({ address }: Exchange) => /^[0-9a-z]+$/i.test(address?.phoneCallId ?? '');
const isElsewhere = ({ address, switchboard }: Exchange) =>
  switchboard.calls.some(({ id, extension }) => id === address?.phoneCallId && extension !== address.extension);

/** Readings that are refused with an undocumented status. */
const refusedReadings: readonly (readonly [
  name: string,
  requirement: string,
  reason: Reason,
  isMeant: (exchange: Exchange) => boolean,
])[] = [
  ['a-wrong-user', 'path/user-invalid', 'userId', () => true],
  ['a-wrong-extension', 'path/extension-invalid', 'extension', () => true],
  ['a-malformed-id', 'path/phone-call-malformed', 'phoneCallId', (exchange) => !isWord(exchange)],
  ['an-unknown-id', 'path/phone-call-unknown', 'phoneCallId', (exchange) => isWord(exchange) && !isElsewhere(exchange)],
  ['another-extension', 'path/call-elsewhere', 'phoneCallId', isElsewhere],
];

/** Accepts paths that name nothing, and refuses those that do. */
export const paths: readonly FaultRow[] = [
  ...refusedReadings.map(([name, requirement, reason, isMeant]): FaultRow => [
    `path/reading-of-${name}-answered-409`,
    requirement,
    `Reading a call by ${name.replaceAll('-', ' ')} is answered with 409.`,
    refusing(reason, (answer, exchange) =>
      exchange.request.method === 'GET' && isMeant(exchange) ? errorAnswer(409, 'conflict') : answer,
    ),
  ]),
  ...aliases.map((alias): FaultRow => [
    `path/${alias}-not-understood`,
    `path/user-${alias}`,
    `The userId @${alias} is refused.`,
    rejecting('userId', (value) => value === `@${alias}`),
  ]),
  ...aliases.map((alias): FaultRow => [
    `narrow/${alias}-beside-an-extension-number-refused`,
    `path/user-${alias}`,
    `The userId @${alias} is refused with the number of an extension, unless it is percent-encoded.`,
    rejecting('userId', (_value, { request }) => request.url?.includes(`/@${alias}/0`) ?? false),
  ]),
  [
    'path/user-id-not-understood',
    'path/call-by-user-extension-and-id',
    'The id of a User is refused.',
    rejecting('userId', (value) => value === '12'),
  ],
  [
    'path/extension-number-not-understood',
    'path/call-by-user-extension-and-id',
    'The number of an extension is refused.',
    rejecting('extension', (value) => value !== '@self'),
  ],
  [
    'path/self-finds-the-first-call',
    'path/extension-self',
    'With @self the first call is meant, whatever the id.',
    {
      find: (address, switchboard) =>
        address.extension === '@self' ? switchboard.calls.slice(1, 2) : documented.find(address, switchboard),
    },
  ],
  [
    'narrow/self-for-viewer-refused',
    'path/extension-self',
    'The extension @self is refused for the User @viewer.',
    rejecting('extension', (value, { address }) => value === '@self' && address?.userId === '@viewer'),
  ],
  [
    'path/me-with-self-not-read',
    'read-back/details',
    'A call is not found by a GET with @me and @self.',
    rejecting('phoneCallId', (_, exchange) => isReadByAliases(exchange)),
  ],
  [
    'path/me-with-self-reads-another-id',
    'read-back/id',
    'A call that is read with @me and @self has another id.',
    {
      showDetails: (call, exchange) => ({
        ...(documented.showDetails(call, exchange) as object),
        ...(isReadByAliases(exchange) && { id: 'c4d90aa1b7e25f604418' }),
      }),
    },
  ],
  [
    'path/at-sign-not-decoded',
    'path/percent-encoding',
    'A percent-encoded @ is taken literally.',
    { decode: (segment) => (/%40/.test(segment) ? segment : documented.decode(segment)) },
  ],
  [
    'path/asterisk-not-decoded',
    'path/percent-encoding',
    'A percent-encoded * is taken literally.',
    { decode: (segment) => (/%2a/i.test(segment) ? segment : documented.decode(segment)) },
  ],
  [
    'path/trailing-slash-unknown',
    'path/trailing-slash',
    'A slash after the phoneCallId names no operation.',
    { route: (path) => (path.endsWith('/') ? undefined : documented.route(path)) },
  ],
  [
    'path/malformed-user-accepted',
    'path/user-invalid',
    'A userId with characters that no id has is accepted.',
    accepting('userId', matching(/[^A-Za-z0-9_.:@-]/)),
  ],
  [
    'path/unknown-alias-accepted',
    'path/user-invalid',
    'Any userId that begins with @ is accepted.',
    accepting('userId', matching(/^@/)),
  ],
  [
    'path/extension-ignored',
    'path/extension-invalid',
    'The extension is not looked at.',
    {
      ...accepting('extension', () => true),
      find: (address, board) =>
        documented.find({ ...address, ...(address.phoneCallId && { extension: '@self' }) }, board),
    },
  ],
  [
    'narrow/charset-refused',
    'success/status',
    'A body that is declared as application/json with a charset is refused.',
    rejecting('mediaType', (value) => /charset/i.test(String(value))),
  ],
];

function isReadByAliases({ request, address }: Exchange): boolean {
  return request.method === 'GET' && address?.userId === '@me' && address.extension === '@self';
}
