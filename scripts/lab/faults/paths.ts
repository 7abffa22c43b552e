import type { Address, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented, type Switchboard } from '../servers/plain/documented.ts';
import {
  accepting,
  answering,
  errorAnswer,
  matching,
  reading,
  refusing,
  rejecting,
} from '../servers/plain/variations.ts';
import type { FaultRow, Faults } from '../servers/server.ts';

const isMalformed = ({ phoneCallId = '' }: Address) => !/^[A-Za-z0-9]+$/.test(phoneCallId);
const isReadByAliases = ({ request, address }: Exchange) =>
  request.method === 'GET' && address?.userId === '@me' && address.extension === '@self';
/** Tells whether every object of JavaScript has a member of a name. */
const isMember = (name: unknown) => typeof name === 'string' && name in {};

/** Accepts paths that name nothing, refuses those that do, or finds another call. */
export const paths: Faults = {
  'path/user-me': [
    ...aliasFaults('me'),
    [
      'path/me-of-one-user',
      'The userId @me is refused for all Users but one.',
      rejecting('userId', (value, { switchboard }) => value === '@me' && !switchboard.userIds.includes('12')),
    ],
  ],
  'path/user-viewer': aliasFaults('viewer'),
  'path/user-owner': aliasFaults('owner'),
  'path/call-by-user-extension-and-id': [
    ['path/user-id-not-understood', 'The id of a User is refused.', rejecting('userId', (value) => value === '12')],
  ],
  'path/extension-self': [
    [
      'path/self-finds-the-first-call',
      'With @self the first call is meant, whatever the id.',
      {
        find: (address, switchboard) =>
          address.extension === '@self' ? switchboard.calls.slice(1, 2) : documented.find(address, switchboard),
      },
    ],
    [
      'narrow/self-for-viewer-refused',
      'The extension @self is refused for the User @viewer.',
      rejecting('extension', (value, { address }) => value === '@self' && address?.userId === '@viewer'),
    ],
  ],
  'read-back/details': [
    [
      'read-back/fails-for-another-user',
      'Reading a call fails for all Users but one.',
      answering('read', (answer, { switchboard }) =>
        switchboard.userIds.includes('12') ? answer : errorAnswer(500, 'internal_server_error'),
      ),
    ],
    [
      'path/me-with-self-not-read',
      'A call is not found by a GET with @me and @self.',
      rejecting('phoneCallId', (_, exchange) => isReadByAliases(exchange)),
    ],
  ],
  'read-back/no-null-members': [
    [
      'read-back/year-one',
      'A call that was not answered shows the first day of the calendar.',
      reading((call) => ({ ...call, answered: '0001-01-01T00:00:00Z' })),
    ],
  ],
  'read-back/id': [
    [
      'path/me-with-self-reads-another-id',
      'A call that is read with @me and @self has another id.',
      reading((call, exchange) => ({ ...call, ...(isReadByAliases(exchange) && { id: 'c4d90aa1b7e25f604418' }) })),
    ],
    [
      'read-back/other-calls-too',
      'Reading a call shows those of its extension too.',
      reading((call, exchange) => {
        const others = exchange.switchboard.calls.filter(({ id }) => id !== call['id']);
        return { entry: [call, ...others.map((other) => documented.showDetails(other, exchange))] };
      }),
    ],
  ],
  'path/percent-encoding': [
    [
      'path/at-sign-not-decoded',
      'A percent-encoded @ is taken literally.',
      { decode: (segment) => (segment.includes('%40') ? segment : documented.decode(segment)) },
    ],
  ],
  'path/user-invalid': [
    [
      'path/malformed-user-accepted',
      'A userId with characters that no id has is accepted.',
      accepting('userId', matching(/[^A-Za-z0-9_.:@-]/)),
    ],
    ['path/unknown-alias-accepted', 'Any userId that begins with @ is accepted.', accepting('userId', matching(/^@/))],
    [
      'path/beginning-of-viewer-accepted',
      'A userId that begins with @viewer, or with a part of it, is accepted.',
      accepting('userId', matching(/^@v/)),
    ],
    [
      'path/user-named-as-a-member',
      'A userId that every object has as a member is accepted.',
      accepting('userId', isMember),
    ],
    [
      'path/user-ignored-with-self',
      'With @self the userId is not looked at.',
      accepting('userId', (_, { address }) => address?.extension === '@self'),
    ],
  ],
  'path/extension-invalid': [
    [
      'path/extension-ignored',
      'The extension is not looked at.',
      { ...accepting('extension', () => true), find: findUnderAnyExtension },
    ],
  ],
  'path/call-elsewhere': [
    [
      'path/call-found-under-another-extension',
      'A call is found by its id under every extension of its User.',
      { find: findUnderAnyExtension },
    ],
    [
      'path/call-found-under-another-user',
      'A call is found under the id of every User that exists.',
      accepting('userId', (value, { switchboard }) => switchboard.foreign?.userIds.some((id) => id === value) === true),
    ],
  ],
  'path/phone-call-malformed': [
    [
      'path/what-is-behind-the-id-ignored',
      'The segments of a path are not counted, so that those behind the phoneCallId mean nothing.',
      { route: (path) => documented.route(path.split('/').slice(0, 6).join('/')) },
    ],
    [
      'path/call-found-cut',
      'A call is found by its id up to the first other character.',
      {
        find: ({ phoneCallId, ...address }, switchboard) =>
          documented.find({ ...address, phoneCallId: phoneCallId?.replace(/[^A-Za-z0-9].*$/s, '') }, switchboard),
      },
    ],
    [
      'path/call-found-before-a-number-sign',
      'A call is found by its id up to a number sign, as if a fragment came after it.',
      {
        find: ({ phoneCallId, ...address }, switchboard) =>
          documented.find({ ...address, phoneCallId: phoneCallId?.replace(/#.*$/s, '') }, switchboard),
      },
    ],
    [
      'path/call-found-by-a-file-name-pattern',
      'A call is found by a pattern of its id, in which an asterisk stands for any letters.',
      findingElse(({ phoneCallId = '' }, { calls }) =>
        phoneCallId.endsWith('*') ? calls.filter(({ id }) => id.startsWith(phoneCallId.slice(0, -1))) : undefined,
      ),
    ],
    [
      'path/malformed-call-accepted',
      'A transfer to a malformed phoneCallId succeeds.',
      findingElse((address, { calls }) =>
        isMalformed(address)
          ? calls.slice(0, 1).map((call) => ({ ...call, id: String(address.phoneCallId) }))
          : undefined,
      ),
    ],
    [
      'path/malformed-call-answered-404-not-found',
      'A malformed phoneCallId is refused with 404 and not_found, an unknown one as documented.',
      refusingWhere(isMalformed, 404, 'not_found'),
    ],
    ['path/undecodable-fails', 'A percent sign without digits makes the server fail.', { decode: decodeURIComponent }],
  ],
  'path/phone-call-unknown': [
    [
      'path/call-found-by-a-prefix',
      'A call is found by the beginning of its id.',
      findingElse(({ phoneCallId = '' }, { calls }) =>
        calls.filter(({ id }) => id.startsWith(phoneCallId)).slice(0, 1),
      ),
    ],
    [
      'path/unknown-call-means-the-first-one',
      'An unknown phoneCallId means the first call.',
      findingElse((address, { calls }) => (isMalformed(address) ? undefined : calls.slice(0, 1))),
    ],
    [
      'path/call-named-as-a-member',
      'A phoneCallId that every object has as a member finds a call.',
      findingElse(({ phoneCallId }, { calls }) => (isMember(phoneCallId) ? calls.slice(0, 1) : undefined)),
    ],
    [
      'path/call-named-in-the-query',
      'A phoneCallId in the query stands for that of the path.',
      accepting('phoneCallId', (_, { request }) => /[?&]phoneCallId=/.test(request.url ?? '')),
    ],
    [
      'path/unknown-call-answered-404-not-found',
      'An unknown phoneCallId is refused with 404 and not_found, a malformed one as documented.',
      refusingWhere((address) => !isMalformed(address), 404, 'not_found'),
    ],
    [
      'path/unknown-call-named-as-an-extension',
      'The transfer of an unknown call is refused with the code of an unknown extension.',
      refusing('phoneCallId', (answer, { request, address, switchboard: { calls } }) => {
        const isTransfer = request.method === 'PUT' && request.url?.endsWith('/') === false;
        const isUnknown = address && !isMalformed(address) && !calls.some(({ id }) => id === address.phoneCallId);
        return isTransfer && isUnknown ? errorAnswer(400, 'extension_invalid') : answer;
      }),
    ],
    [
      'path/long-id-fails',
      'A phoneCallId of more than 64 letters and digits makes the server fail.',
      refusingWhere(({ phoneCallId = '' }) => phoneCallId.length > 64, 500, 'internal_server_error'),
    ],
  ],
  'success/status': [
    [
      'narrow/charset-refused',
      'A body that is declared as application/json with a charset is refused.',
      rejecting('mediaType', (value) => /charset/i.test(String(value))),
    ],
  ],
};

function aliasFaults(alias: string): FaultRow[] {
  return [
    [
      `path/${alias}-not-understood`,
      `The userId @${alias} is refused.`,
      rejecting('userId', (value) => value === `@${alias}`),
    ],
    [
      `narrow/${alias}-before-an-extension-number-refused`,
      `The userId @${alias} is refused with the number of an extension, unless it is percent-encoded.`,
      rejecting('userId', (_value, { request }) => request.url?.includes(`/@${alias}/0`) ?? false),
    ],
  ];
}

function findUnderAnyExtension(address: Address, board: Switchboard) {
  return documented.find({ ...address, ...(address.phoneCallId && { extension: '@self' }) }, board);
}

/** Finds something else where an address names nothing. */
function findingElse(find: Behaviour['find']): Partial<Behaviour> {
  return { find: (address, switchboard) => documented.find(address, switchboard) ?? find(address, switchboard) };
}

function refusingWhere(where: (address: Address) => boolean, status: number, code: string): Partial<Behaviour> {
  return refusing('phoneCallId', (answer, { address }) =>
    address && where(address) ? errorAnswer(status, code) : answer,
  );
}
