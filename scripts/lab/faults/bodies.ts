import { parseIfJson } from '../../../conformance/contract/json.ts';
import type { Behaviour, Exchange, Parameter } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { accepting, answering, errorAnswer, matching, refusing, rejecting } from '../servers/plain/variations.ts';
import type { FaultRow, Faults } from '../servers/server.ts';

const isForm = matching(/^application\/x-www-form-urlencoded/i);
const fails = errorAnswer(500, 'internal_server_error');
const numbers = ['sendCallTo', 'transferFromNumber', 'transferNumber'] as const;
const path = ['userId', 'extension', 'phoneCallId'] as const;

/** Other ways to write the path of a call, for which a server may have other code. */
const branches: Readonly<Record<string, (exchange: Exchange) => boolean>> = {
  'for-the-viewer': ({ address }) => address?.userId === '@viewer',
  'for-the-owner': ({ address }) => address?.userId === '@owner',
  'with-a-slash': ({ request }) => request.url?.endsWith('/') === true,
  'if-encoded': ({ request }) => request.url?.includes('%2A') === true,
};

/** Accepts a member whose name differs in its case only, as some frameworks do. */
function namedInAnyCase(member: Parameter): FaultRow {
  const isMisspelt = (name: string) => name !== member && name.toLowerCase() === member.toLowerCase();
  return [
    `${member}/named-in-any-case`,
    `A request is accepted whose ${member} has its name in another case.`,
    accepting(member, (value, { action = {} }) => value === undefined && Object.keys(action).some(isMisspelt)),
  ];
}

const combinations: readonly (readonly [name: string, says: string, parts: readonly Parameter[]])[] = [
  ['both-numbers', 'sendCallTo and transferFromNumber', ['sendCallTo', 'transferFromNumber']],
  ['all-numbers', 'all its numbers', numbers],
  ['transfer-numbers', 'transferFromNumber and transferNumber', ['transferFromNumber', 'transferNumber']],
  ['call-and-number', 'phoneCallId and sendCallTo', ['phoneCallId', 'sendCallTo']],
  ['user-and-extension', 'userId and extension', ['userId', 'extension']],
  ['everything', 'the whole path and all its numbers', [...path, ...numbers]],
];

/** Accepts invalid bodies, refuses valid ones, fails on them, or mistakes those with several faults. */
export const bodies: Faults = {
  'body/action': [
    [
      'action/accepts-other-case',
      'A request is accepted whose action is transfer in any case.',
      accepting('action', matching(/^transfer$/i)),
    ],
    namedInAnyCase('action'),
  ],
  'body/send-call-to-missing': [
    namedInAnyCase('sendCallTo'),
    [
      'sendCallTo/named-in-snake-case',
      'A request is accepted that names sendCallTo as programs in some languages do.',
      accepting('sendCallTo', (value, { action = {} }) => value === undefined && 'send_call_to' in action),
    ],
    [
      'sendCallTo/kept-from-before',
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
  ],
  'body/transfer-from-missing': [
    namedInAnyCase('transferFromNumber'),
    [
      'transferFromNumber/unchecked-alone',
      'Without transferNumber the transferFromNumber is not looked at.',
      accepting('transferFromNumber', (_, { action }) => action?.['transferNumber'] === undefined),
    ],
  ],
  'body/transfer-number-invalid': [
    [
      'transferNumber/unchecked-for-the-extension',
      'Where the extension transfers, the transferNumber is not looked at.',
      accepting('transferNumber', (_, { action, address }) => action?.['transferFromNumber'] === address?.extension),
    ],
    [
      'transferNumber/unchecked-to-extensions',
      'Where a call is sent to an extension, the transferNumber is not looked at.',
      accepting('transferNumber', (_, { action }) => String(action?.['sendCallTo']).includes('*')),
    ],
  ],
  'body/send-call-to-invalid': Object.entries(branches).map(([name, isThere]): FaultRow => [
    `sendCallTo/unchecked-${name}`,
    `The sendCallTo of a request is not looked at: ${name.replaceAll('-', ' ')}.`,
    accepting('sendCallTo', (value, exchange) => value !== undefined && isThere(exchange)),
  ]),
  'body/unreadable': [
    [
      'body/empty-answered-500',
      'A body that is empty makes the server fail.',
      refusing('body', (answer, { body }) => (body.length === 0 ? fails : answer)),
    ],
    [
      'body/null-answered-500',
      'A body that is null makes the server fail.',
      refusing('body', (answer, { body }) => (String(body) === 'null' ? fails : answer)),
    ],
    ['body/empty-repeats-the-last', 'An empty body means the same as the last one that was read.', repeatingTheLast],
    [
      'body/array-unwrapped',
      'An array is read as its first item.',
      { read: (body) => documented.read(Buffer.from(JSON.stringify([parseIfJson(String(body))].flat()[0]) ?? '')) },
    ],
  ],
  'body/json-notation': [
    [
      'body/members-in-one-order',
      'The action has to be the first member of a body.',
      {
        read: (body) => {
          const action = documented.read(body);
          return Object.keys(action ?? {}).indexOf('action') > 0 ? undefined : action;
        },
      },
    ],
  ],
  'body/json-dialect': [
    [
      'body/comma-at-the-end-read',
      'A comma behind the last member of an object is read.',
      { read: (body) => documented.read(Buffer.from(String(body).replace(/,\s*}$/, '}'))) },
    ],
  ],
  'body/media-type': [
    [
      'body/form-encoded',
      'A form is read as if it were JSON.',
      {
        ...accepting('mediaType', isForm),
        read: (body, mediaType) =>
          isForm(mediaType) ? Object.fromEntries(new URLSearchParams(String(body))) : documented.read(body),
      },
    ],
  ],
  'body/unknown-members': [
    [
      'body/unknown-members-refused',
      'A member that the documentation does not name is refused.',
      rejecting('sendCallTo', (_, { action = {} }) =>
        Object.keys(action).some((member) => !['action', ...numbers].includes(member)),
      ),
    ],
  ],
  'body/several-faults': [
    ...combinations.map(([name, says, parts]): FaultRow => [
      `several-faults/${name}`,
      `A request in which ${says} are invalid, and nothing else, is refused with 400 and validation_failed.`,
      answering('refused', (answer, exchange) =>
        listFaults(exchange).join() === parts.join() ? errorAnswer(400, 'validation_failed') : answer,
      ),
    ]),
    [
      'several-faults/empty-object-fails',
      'A body without any member makes the server fail.',
      answering('refused', (answer, { action }) => (action && Object.keys(action).length === 0 ? fails : answer)),
    ],
    [
      'several-faults/query-merged',
      'Members of the query are members of the body.',
      accepting('sendCallTo', (value, { request }) => value === undefined && /[?&]sendCallTo=/.test(request.url ?? '')),
    ],
  ],
};

function repeatingTheLast(): Partial<Behaviour> {
  let last: Record<string, unknown> | undefined;
  return {
    read: (body) => {
      const action = documented.read(body);
      last = action ?? last;
      return body.length === 0 ? last : action;
    },
  };
}

function listFaults(exchange: Exchange): Parameter[] {
  const { address, action, switchboard } = exchange;
  return [...path, 'action' as const, ...numbers].filter((part) => {
    // An invalid extension does not make the call invalid.
    if (part === 'phoneCallId') return !switchboard.calls.some(({ id }) => id === address?.phoneCallId);
    const value = part === 'userId' || part === 'extension' ? address?.[part] : action?.[part];
    return !documented.accepts[part](value, exchange);
  });
}
